"""Every rule flags the rows that it should.

Each rule has an example of a few rows, some of which are at fault and some not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.delivery.rules.bench import LAST_YEAR, SO_FAR
from outcome_linkage.delivery.rules.run import run_rules
from schemas.catalogue import CONTRACTS
from schemas.rules import RULES
from schemas.rules.rule import Rule, RuleBook
from tests.spec.rules import of_cin, of_cin_plans, of_ours, of_ssda903, of_ssda903_modules
from tests.spec.rules.examples import Table, inputs, tables

EXAMPLES = {
    f"{standard}.{number}": text
    for standard, examples in (
        ("ssda903", of_ssda903.EXAMPLES | of_ssda903_modules.EXAMPLES),
        ("cin", of_cin.EXAMPLES | of_cin_plans.EXAMPLES),
        ("ours", of_ours.EXAMPLES),
    )
    for number, text in examples.items()
}


def _only(*rules: Rule) -> RuleBook:
    return RULES._replace(rules=rules)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: f"{rule.id}, {rule.table}")
def test_a_rule_flags_the_rows_at_fault_and_no_others(rule: Rule, tmp_path: Path) -> None:
    """The rows marked in the example, by number, with the person and the column that is at fault."""
    given = tables(EXAMPLES[rule.id])
    (finding,), failures = run_rules(inputs(given, tmp_path), _only(rule))
    (table,) = [t for t in given if t.table == rule.table and not t.schema]
    assert finding.ended == "ran", finding.why
    assert tuple(failures["_row"]) == table.flagged
    assert 0 < finding.failing == len(table.flagged) < table.frame.height
    assert finding.failing <= finding.checked <= table.frame.height
    assert set(failures["column"]) == {rule.column} and set(failures["table"]) == {rule.table}
    if CONTRACTS[rule.table].has_person:
        keys = table.frame["record_key"].gather([row - 1 for row in table.flagged])
        assert failures["record_key"].to_list() == keys.to_list()


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    """A rule without an example is a rule that nobody has seen at work."""
    assert set(EXAMPLES) == {rule.id for rule in RULES.rules}


def test_a_rule_speaks_of_columns_that_there_are() -> None:
    """The table and the column at fault are those of a contract, and no two rules say the same."""
    for rule in RULES.rules:
        assert rule.column in {*CONTRACTS[rule.table].columns, "record_key"}, rule.id
        assert rule.says.endswith(".") and rule.matters.endswith("."), rule.id
    named = [(rule.id, rule.table, rule.column) for rule in RULES.rules]
    assert len(named) == len(set(named))


@pytest.mark.slow
def test_tables_without_rows_break_no_rule(tmp_path: Path) -> None:
    """Every rule can be run on an empty delivery with an empty past, and looks at nothing."""
    empty = [
        Table(schema, name, contract.empty(), ())
        for name, contract in CONTRACTS.items()
        for schema in ("", LAST_YEAR, SO_FAR)
    ]
    findings, failures = run_rules(inputs(empty, tmp_path), RULES)
    assert {(finding.ended, finding.checked) for finding in findings} == {("ran", 0)}
    assert len(findings) == len(RULES.rules) and failures.is_empty()
