"""Writes docs/rules.md: which rules a delivery is held against, and which statutory ones are not among them.

.venv/bin/python -m docs.generate_rules
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from outcome_linkage.delivery.rules.thresholds import Thresholds
from schemas.rules import RULES
from schemas.rules.rule import Rule, Standard

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
NUMBERS = ROOT / "reference" / "statutory_rules.csv"
COMMAND = ".venv/bin/python -m docs.generate_rules"

_TITLES: dict[Standard, str] = {
    "ssda903": "SSDA903, children looked after",
    "cin": "Children-in-need census",
    "ours": "Our own rules",
}
_FATES = {
    "contract": "Judged by the contract",
    "withheld": "Not judged: what they need is not delivered",
    "left": "Not judged: left out",
}


class Number(NamedTuple):
    """One rule of a standard: how it is dealt with (rule, contract, withheld, left) and why."""

    standard: str
    number: str
    dealt_with: str
    because: str


def numbers() -> list[Number]:
    """Every rule of the two standards."""
    with NUMBERS.open(encoding="utf-8", newline="") as file:
        return [Number(**row) for row in csv.DictReader(file)]


def page() -> str:
    """The whole page as Markdown."""
    parts = [*_introduction(), *_covered(), *_not_covered()]
    return "\n\n".join(parts).rstrip() + "\n"


def _introduction() -> Iterable[str]:
    standard = Thresholds()
    yield "# Rules across rows and tables"
    yield (
        "This page is written by a program, from the rules themselves (`schemas/rules/`) and the list of "
        "statutory ones (`reference/statutory_rules.csv`). Do not edit it: change those, then "
        f"`{COMMAND}`."
    )
    yield (
        "After a delivery's rows were judged one by one, rules look at what rows and tables say together. A "
        "rule flags rows; it rejects none. They were chosen for what an analysis of linked data would get "
        "wrong without them. Each has an example in `tests/spec/rules/`: a few rows, and which of them it "
        "flags."
    )
    yield _table(
        ("standard", "rules in it", "judged by a rule", "by the contract", "not delivered", "left out"),
        (_counts(standard) for standard in ("ssda903", "cin")),
    )
    ours = sum(rule.standard == "ours" for rule in RULES.rules)
    yield f"Besides, {ours} rules are our own, about police, health, councils and services of any sector."
    yield (
        "**States.** *pass*: no row is at fault. *pass with failures*: some are, and no more than may be. "
        "*fail*: more are. *skipped*: a table that the rule needs is not there, and the result says which. "
        "*crashed*: the rule could not be run; the others were."
    )
    yield (
        f"**Thresholds.** Of the rows that a rule looks at, {standard.error:.0%} may be at fault by an error "
        f"(it cannot be true), {standard.warning:.0%} by a warning (it may be). `rules.yaml` in the home "
        "sets other shares, by severity and by rule; the result says which were used. "
        "`outcome-linkage rules --rejudge` judges by new ones without running a rule."
    )
    yield "```yaml\nerror: 0.01\nwarning: 0.05\nrules:\n  ssda903.501: 0\n```"
    yield (
        "**Ages** are known to the month: a rule on age flags a row only if it would on every possible day "
        "of birth. Rules that compare with the return of the year before are skipped where there is none. "
        "The words are ours; the numbers and their meaning are those of csc-validator-be-903 and "
        "csc-validator-be-cin (data-to-insight). The guides of the Department for Education were not opened."
    )


def _counts(standard: str) -> Sequence[str]:
    of_one = [number.dealt_with for number in numbers() if number.standard == standard]
    found = [of_one.count(fate) for fate in ("rule", "contract", "withheld", "left")]
    return (standard, *map(str, (len(of_one), *found)))


def _covered() -> Iterable[str]:
    for standard, title in _TITLES.items():
        yield f"## {title}"
        of_one = [rule for rule in RULES.rules if rule.standard == standard]
        for table, rules in groupby(sorted(of_one, key=_by_table), key=lambda rule: rule.table):
            yield f"### `{table}`"
            yield _table(("number", "column", "severity", "flags", "because"), map(_row, rules))


def _by_table(rule: Rule) -> tuple[str, int]:
    return rule.table, RULES.rules.index(rule)


def _row(rule: Rule) -> Sequence[str]:
    return rule.number, f"`{rule.column}`", rule.severity, rule.says, rule.matters


def _not_covered() -> Iterable[str]:
    yield "## Statutory rules that are not among them"
    for fate, title in _FATES.items():
        yield f"### {title}"
        of_fate = sorted((n for n in numbers() if n.dealt_with == fate), key=lambda n: (n[0], n.because))
        groups = groupby(of_fate, key=lambda n: (n.standard, n.because))
        rows = ((standard, ", ".join(n.number for n in found), why) for (standard, why), found in groups)
        yield _table(("standard", "numbers", "because"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(RULES.rules)} rules")
