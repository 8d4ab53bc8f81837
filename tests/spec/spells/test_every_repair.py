"""Every rule that makes spells of rows does to a few rows what it says, and to no others.

Each rule has an example: what is delivered, which rules each row meets, and the spells that come of it.
"""

from __future__ import annotations

import csv
import re

import pytest

from outcome_linkage.models.sql_file import load_models, load_tests
from schemas.catalogue import CONTRACTS
from tests.spec.models.region import REPOSITORY, Region
from tests.spec.spells import of_care, of_homes, of_hospital, of_need
from tests.spec.spells.examples import (
    deliver,
    expected_rules,
    expected_spells,
    found_rules,
    found_spells,
)

pytestmark = pytest.mark.slow

SQL = REPOSITORY / "dbt_like_sql"
EXAMPLES = of_care.EXAMPLES | of_need.EXAMPLES | of_hospital.EXAMPLES | of_homes.EXAMPLES
EFFECTS = {"left_out", "moved", "joined", "parted", "kept"}
with (REPOSITORY / "reference" / "repairs.csv").open(encoding="utf-8", newline="") as file:
    DECLARED = {row["rule"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def region() -> Region:
    """What all examples deliver; each has people of its own."""
    region = Region()
    for rule, example in EXAMPLES.items():
        deliver(region, rule, example)
    return region


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule_meets_the_rows_that_it_should(region: Region, rule: str) -> None:
    """By the ids beside each delivered row."""
    expected = expected_rules(EXAMPLES[rule])
    assert found_rules(region, rule, EXAMPLES[rule]) == expected
    assert any(rule in met for met in expected)


@pytest.mark.parametrize("rule", EXAMPLES)
def test_the_spells_are_what_the_example_says(region: Region, rule: str) -> None:
    """Their days, and whatever else the rule decides."""
    assert found_spells(region, rule, EXAMPLES[rule]) == expected_spells(EXAMPLES[rule])


def test_every_rule_is_declared_has_an_example_and_is_used() -> None:
    """The list, the examples and the SQL name the same rules."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (SQL / "intermediate").glob("*.sql"))
    assert set(re.findall(r"'(SP-[A-Z]+-\d\d)'", text)) == set(DECLARED) == set(EXAMPLES)


def test_a_declaration_says_what_is_wrong_what_is_done_and_why() -> None:
    """And whose rule it is: what no source says is ours."""
    for rule in DECLARED.values():
        assert set(rule["source_table"].split()) <= set(CONTRACTS), rule["rule"]
        assert rule["effect"] in EFFECTS and rule["basis"], rule["rule"]
        assert all(rule[name].endswith(".") for name in ("says", "does", "because")), rule["rule"]


def test_the_rows_are_delivered_still(region: Region) -> None:
    """A repair changes nothing in staging: it holds what was sent, in number and in days."""
    sent = region.sources["validated.ssda903_episodes"]
    kept = region.ask(
        "select _row, event_date::varchar, end_date::varchar from stg_local_authority__ssda903_episodes"
    )
    assert sorted(kept) == sorted((row["_row"], row["decom"], row["dec"]) for row in sent)


def test_every_promise_about_spells_holds_on_the_examples(region: Region) -> None:
    """No spells overlap that may not, and no row is lost: the tests of the models find nothing."""
    tests = load_tests(SQL, load_models(SQL))
    about = [t for t in tests if re.match(r"int_(care|cin|apc|ecds|residence|repair)", t.model)]
    assert len(about) > 15
    for test in about:
        region.build(test.model)
        assert region.ask(test.sql) == [], test.file


def test_rules_are_counted_for_each_supplier(region: Region) -> None:
    """Rows and people, beside the rows looked at; a rule that met nothing is counted too, as none."""
    counts = region.ask(
        "select rule, supplier, source_table, n_rows, n_people from int_repair_count "
        "where rule in ('SP-APC-05', 'SP-RES-01') order by all"
    )
    assert counts == [
        ("SP-APC-05", "bnssg_icb", "apc_episodes", 3, 1),
        ("SP-RES-01", "bnssg_icb", "residence", 1, 1),
        ("SP-RES-01", "bristol", "link_tokens", 0, 0),
    ]
    looked = region.ask(
        "select distinct n_looked_at from int_repair_count where source_table = 'cin_referrals'"
    )
    assert looked == [(len(region.sources["validated.cin_referrals"]),)]
