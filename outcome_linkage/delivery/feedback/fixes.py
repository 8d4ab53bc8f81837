"""What to mend, the most harmful first: a delivery or table that cannot be used, lost rows, broken rules.

Harm is counted in rows that an analysis goes without; a rule flags rows and loses none, so rules come last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from outcome_linkage.delivery.checking.advice import advice
from outcome_linkage.delivery.feedback.cells import Cells, cells
from outcome_linkage.delivery.feedback.facts import Facts
from outcome_linkage.delivery.receiving.finding import RULES as GATE
from outcome_linkage.delivery.receiving.finding import Finding
from outcome_linkage.delivery.rules.result import Judged
from outcome_linkage.delivery.validating.verdict import TableVerdict

Harm = Literal["delivery refused", "table refused", "rows lost", "rule broken", "rule to look at"]
HARMS: tuple[Harm, ...] = ("delivery refused", "table refused", "rows lost", "rule broken", "rule to look at")
_MOST_KEYS = 5
_MOVED = 4
"""Columns at fault from which a row is taken for one whose cells moved."""


@dataclass(frozen=True)
class Cause:
    """One thing that is wrong in one column: how many rows, where they stand, what to do.

    `codes` counts offending codes that may be shown; `keys` are people, where no spreadsheet shows the rows.
    """

    column: str | None
    problem: str
    rows: int
    what: str
    todo: str
    cells: tuple[Cells, ...] = ()
    codes: Mapping[str, int] = field(default_factory=dict)
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fix:
    """One thing to mend. `rows` are lost or, by a rule, flagged; of a refused delivery nothing is counted."""

    harm: Harm
    table: str | None
    rows: int
    causes: tuple[Cause, ...]
    of: int | None = None

    @property
    def order(self) -> tuple[int, int, str, str]:
        """The most harmful first; ties in a fixed order."""
        first = self.causes[0]
        return HARMS.index(self.harm), -self.rows, self.table or "", f"{first.column} {first.problem}"


def fixes(facts: Facts) -> list[Fix]:
    """Everything that somebody has to mend, in the order in which it should be."""
    found = [*_of_gate(facts), *_of_tables(facts), *_of_rules(facts)]
    return sorted(found, key=lambda fix: fix.order)


def causes(faults: pl.DataFrame) -> Iterator[Cause]:
    """What is wrong with the rows of one table, by column and problem, the most frequent first."""
    parts = faults.partition_by("column", "problem", maintain_order=True)
    parts.sort(key=lambda part: (-part["row"].n_unique(), part["column"][0] or "", part["problem"][0]))
    for part in parts:
        what, todo = advice(part["problem"][0])
        yield _cause(part, what, todo)


def _of_gate(facts: Facts) -> Iterator[Fix]:
    """What the privacy gate refused: nothing else was looked at."""
    for finding in facts.findings:
        if not Finding(**finding.model_dump()).refuses:
            continue
        rule = GATE[finding.rule]
        what = f"{rule.found} (expected: {rule.expected})"
        cause = Cause(finding.column, finding.rule, finding.count, what, rule.todo)
        yield Fix("delivery refused", finding.table, finding.count, (cause,))


def _of_tables(facts: Facts) -> Iterator[Fix]:
    """One fix for a table that is refused as a whole, else one for each cause of lost rows."""
    for table, verdict in facts.verdicts.items():
        faults = facts.rejected.filter(pl.col("table") == table)
        if verdict.status == "refused":
            found = tuple(cause for cause in causes(faults) if cause.todo)
            yield Fix("table refused", table, verdict.read, found or (_whole(verdict),), verdict.read)
            continue
        moved = pl.col("column").n_unique().over("row") >= _MOVED
        found = (*_of_moved(faults.filter(moved)), *(c for c in causes(faults.filter(~moved)) if c.todo))
        yield from (Fix("rows lost", table, cause.rows, (cause,), verdict.read) for cause in found)


def _of_moved(faults: pl.DataFrame) -> Iterator[Cause]:
    """Rows with faults in so many columns that they are one fault: something parted a cell."""
    if faults.height:
        first = faults.unique("row", keep="first", maintain_order=True)
        what = f"{_MOVED} or more columns of the row are wrong: its cells seem to have moved"
        todo = "Look for a separator too many or too few in the row, and export it again."
        yield _cause(first, what, todo, problem="moved_cells")


def _whole(verdict: TableVerdict) -> Cause:
    """A table that is refused for nothing but copies."""
    return Cause(None, "table_refused", verdict.read, verdict.why or "", "Export the table again.")


def _of_rules(facts: Facts) -> Iterator[Fix]:
    """Rules that rows break: an error cannot be true, a warning may be."""
    for rule in facts.rules or ():
        if rule.failing:
            rows = facts.failures.filter((pl.col("problem") == rule.rule) & (pl.col("table") == rule.table))
            harm: Harm = "rule broken" if rule.severity == "error" else "rule to look at"
            yield Fix(harm, rule.table, rule.failing, (_of_rule(rule, rows),), rule.checked)


def _of_rule(rule: Judged, rows: pl.DataFrame) -> Cause:
    todo = "Correct it." if rule.severity == "error" else "Correct it, unless it is true."
    return _cause(rows, rule.says, todo, column=rule.column, problem=rule.rule, count=rule.failing)


def _cause(
    part: pl.DataFrame,
    what: str,
    todo: str,
    *,
    column: str | None = None,
    problem: str | None = None,
    count: int | None = None,
) -> Cause:
    places = tuple(cells(part))
    codes = (
        part.drop_nulls("code")["code"]
        .value_counts(sort=True)
        .sort("count", "code", descending=[True, False])
    )
    people = part["record_key"].drop_nulls().unique().sort() if not places else part["record_key"].clear()
    return Cause(
        column=column or part["column"][0],
        problem=problem or part["problem"][0],
        rows=part["row"].n_unique() if count is None else count,
        what=what,
        todo=todo,
        cells=places,
        codes=dict(codes.head(8).rows()),
        keys=tuple(people.head(_MOST_KEYS)),
    )
