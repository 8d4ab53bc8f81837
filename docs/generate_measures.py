"""Writes docs/measures.md: the library of measures, from its declaration and its codes.

.venv/bin/python -m docs.generate_measures
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "measures.md"
REFERENCE = ROOT / "reference"
COMMAND = ".venv/bin/python -m docs.generate_measures"
Row = dict[str, str]

_STATUS = {
    "verified": "verified: seen with its publisher, or in a schema that the publisher's return must meet",
    "secondary": "secondary: a source that quotes the publisher",
    "own_rule": "our own rule",
    "unverified": "**unverified**: a study that rests on it waits for the data owner before it is released",
}
_SHAPE = {
    "event": "event, on one day",
    "spell": "spell, from its first to its last day",
    "term": "total of a term: a part of what was possible",
    "score": "value on a day",
}
_MART = {
    "outcome_event": "`outcome_event`, and the standing table `adversity_outcome`",
    "adversity_event": "`adversity_event`",
    "measure_event": "`measure_event`",
}
_MOST_CODES = 12


def rows(name: str) -> list[Row]:
    """The rows of a reference table, in its order."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page() -> str:
    """The whole page as Markdown."""
    measures, codes = rows("measures"), rows("measure_codes")
    themes = [(theme, list(found)) for theme, found in groupby(measures, key=lambda row: row["theme"])]
    parts = [*_introduction(measures), *(part for theme in themes for part in _theme(*theme, codes))]
    return "\n\n".join(parts).rstrip() + "\n"


def _introduction(measures: list[Row]) -> Iterator[str]:
    yield "# The library of measures"
    yield (
        "This page is written by a program, from `reference/measures.csv` and `reference/measure_codes.csv` "
        f"(`{COMMAND}`). Every study names its events by these names, so that two studies that say "
        "`suspension` mean the same. A measure that changes what it counts gets a new version."
    )
    yield (
        "A measure says what a service recorded. No record is not no event: a study gives a zero only to "
        "whom the table could have seen (`docs/decisions/001-what-a-zero-is-worth.md`)."
    )
    counted = {name: sum(row["status"] == name for row in measures) for name in _STATUS}
    yield _table(("status", "measures"), ((_STATUS[name], str(n)) for name, n in counted.items()))


def _theme(theme: str, measures: list[Row], codes: list[Row]) -> Iterator[str]:
    yield f"## {theme.capitalize()}"
    brief = ((f"`{row['measure']}`", row["definition"], row["status"]) for row in measures)
    yield _table(("measure", "what it is", "status"), brief)
    for row in measures:
        yield f"### `{row['measure']}`"
        yield _list(_facts(row, [code for code in codes if code["measure"] == row["measure"]]))


def _facts(row: Row, codes: list[Row]) -> Iterator[tuple[str, str]]:
    """What there is to know of one measure, as name and words."""
    yield "What it is", row["definition"]
    unit = f", in {row['unit']}" if row["unit"] else ""
    yield "How it is counted", _SHAPE[row["shape"]] + unit
    yield "Where it is read", f"`{row['source_table']}`" if row["source_table"] else "several tables"
    yield "Where it stands", _MART[row["mart"]]
    if row["at_risk_from_age"] or row["at_risk_to_age"]:
        yield "At risk", f"age {row['at_risk_from_age'] or '0'} to {row['at_risk_to_age'] or 'any'}"
    if codes:
        yield "Codes", "; ".join(_codes(codes))
    yield "Evidence", row["evidence_level"].replace("_", " ")
    yield "Weaknesses", row["weaknesses"]
    yield "Source of the definition", row["basis"]
    yield "Status", _STATUS[row["status"]]
    yield "Version", row["version"]


def _codes(codes: list[Row]) -> Iterator[str]:
    """The codes of a measure, by column and what they mean for it."""
    by = sorted(codes, key=lambda row: (row["source_column"], row["counts"] != "yes", row["condition"]))
    for (column, counts, condition), found in groupby(
        by, key=lambda row: (row["source_column"], row["counts"], row["condition"])
    ):
        named = [f"`{row['code']}`" for row in found]
        words = ", ".join(named[:_MOST_CODES])
        more = f" and {len(named) - _MOST_CODES} more" if len(named) > _MOST_CODES else ""
        under = "" if condition == "none" else f" as {condition.replace('_', ' ')}"
        verdict = "" if counts == "yes" else " cannot be judged"
        yield f"`{column}`{under}: {words}{more}{verdict}"


def _table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ("---",) * len(head), *map(tuple, lines)])


def _list(facts: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- **{name}**: {words}" for name, words in facts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(rows('measures'))} measures")
