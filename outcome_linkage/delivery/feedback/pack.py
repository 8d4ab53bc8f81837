"""The feedback on one delivery: whether it can be used, what to fix first, and what helps to fix it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.feedback.facts import Facts
from outcome_linkage.delivery.feedback.fixes import Cause, Fix, fixes
from outcome_linkage.delivery.feedback.headers import LeftOut, Unknown, left_out
from outcome_linkage.delivery.feedback.information import information
from outcome_linkage.delivery.feedback.notes import Notes, TableNotes
from outcome_linkage.delivery.feedback.people import Person, people
from outcome_linkage.delivery.feedback.trend import Before
from outcome_linkage.delivery.validating.verdict import TableVerdict

Usable = Literal["yes", "in part", "no"]
_UNREADABLE, _WRONG = "unreadable_at_source", "not_in_code_list"
_MOST_CODES = 30
CELL = ("table", "column", "problem")
"""What a fault is about: the fix that mends it is known by these."""


@dataclass(frozen=True)
class Own:
    """What only the supplier has: notes of `encode`, and the map of record_key to original id."""

    notes: Notes | None = None
    ids: pl.DataFrame | None = None


@dataclass(frozen=True)
class Pack:
    """Everything that the page and the spreadsheet show.

    `cells` is a line for each fault that a fix mends: `FAULTS`, with the fix's `number`, `what` and `todo`.
    """

    supplier: str
    title: str
    period: str
    number: str | None
    usable: Usable
    sentence: str
    fixes: Sequence[Fix]
    tables: Sequence[TableVerdict]
    before: Mapping[str, Before]
    headers: Sequence[Unknown]
    left_out: Sequence[LeftOut]
    information: Sequence[str]
    people: Sequence[Person]
    cells: pl.DataFrame
    own_ids: bool = False

    @property
    def rows_lost(self) -> int:
        """Rows that an analysis goes without, of all tables."""
        return sum(table.rejected for table in self.tables)

    def was(self, fix: Fix, cause: Cause) -> int | None:
        """Rows with the same problem in the delivery before; None where that cannot be said."""
        before = self.before.get(fix.table or "")
        if before is None or fix.harm == "delivery refused":
            return None
        if fix.harm.startswith("rule") and not before.rules_ran:
            return None
        return before.problems.get((cause.column, cause.problem), 0)


def make_pack(
    facts: Facts,
    contracts: Mapping[str, Contract],
    supplier: Supplier | None,
    *,
    before: Mapping[str, Before] | None = None,
    own: Own | None = None,
) -> Pack:
    """The feedback on a delivery, compared with what was sent before; `own` at the supplier's side only."""
    own = own or Own()
    found = [_told(fix, facts, contracts, own.notes) for fix in fixes(facts)]
    cells = _cells(facts.faults, found)
    notes = own.notes.tables.values() if own.notes else ()
    usable, sentence = _judgement(facts, found, contracts)
    return Pack(
        supplier=facts.supplier,
        title=supplier.title if supplier else facts.supplier,
        period=facts.period,
        number=facts.number,
        usable=usable,
        sentence=sentence,
        fixes=found,
        tables=list(facts.verdicts.values()),
        before=before or {},
        headers=[header for of_table in notes for header in of_table.headers],
        left_out=left_out(facts.tables, contracts),
        information=information(facts, supplier.tables if supplier else ()),
        people=people(cells, own.ids),
        cells=cells,
        own_ids=own.ids is not None,
    )


def _cells(faults: pl.DataFrame, found: Sequence[Fix]) -> pl.DataFrame:
    """The faults that a fix mends, in the order of the fixes."""
    words = pl.DataFrame(
        [
            (fix.table, cause.column, cause.problem, number, cause.what, cause.todo)
            for number, fix in enumerate(found, start=1)
            for cause in fix.causes
        ],
        schema={**dict.fromkeys(CELL, pl.String), "number": pl.Int64, "what": pl.String, "todo": pl.String},
        orient="row",
    )
    cells = faults.join(words, on=CELL, how="inner", nulls_equal=True)
    return cells.sort("number", "source", "sheet_row", "row", "column")


def _told(fix: Fix, facts: Facts, contracts: Mapping[str, Contract], notes: Notes | None) -> Fix:
    """The fix with what may be said of wrong codes: those of the year, and what the supplier's notes hold."""
    contract, delivered = contracts.get(fix.table or ""), facts.tables.get(fix.table or "")
    table = notes.tables.get(fix.table or "") if notes else None
    year = delivered.collection_year if delivered else None
    return replace(fix, causes=tuple(_with_codes(cause, contract, year, table) for cause in fix.causes))


def _with_codes(cause: Cause, contract: Contract | None, year: int | None, notes: TableNotes | None) -> Cause:
    column = contract.columns.get(cause.column or "") if contract else None
    if column is None or column.kind != "code" or cause.problem not in (_UNREADABLE, _WRONG):
        return cause
    codes, allowed = cause.codes, column.codes(year) or []
    if notes and cause.problem == _UNREADABLE:
        codes = notes.codes.get(column.name, {})
    listed = ", ".join(allowed) if len(allowed) <= _MOST_CODES else "see reference/code_lists.csv"
    return replace(cause, codes=codes, todo=f"Use a code{f' of {year}' if year else ''}: {listed}.")


def _judgement(facts: Facts, found: Sequence[Fix], contracts: Mapping[str, Contract]) -> tuple[Usable, str]:
    """Whether the delivery can be used, in one sentence. Tokens are no rows that anybody sent."""
    restricted = {name for name, contract in contracts.items() if contract.restricted}
    sent = [v for v in facts.verdicts.values() if v.table not in restricted]
    read, kept = (sum(getattr(v, of) for v in sent or facts.verdicts.values()) for of in ("read", "kept"))
    refused = [verdict.table for verdict in facts.verdicts.values() if verdict.status == "refused"]
    if not facts.verdicts:
        return "no", "This delivery cannot be used: the privacy gate turns it away before a row is judged."
    if len(refused) == len(facts.verdicts):
        which = (
            f"its only table, {refused[0]}," if len(refused) == 1 else f"each of its {len(refused)} tables"
        )
        return "no", f"This delivery cannot be used: {which} is refused as a whole."
    rows = f"{kept:,} of {read:,} rows ({_percent(kept, read)})"
    if refused:
        return "in part", f"This delivery can be used in part: {rows}, but nothing of {_and(refused)}."
    if kept < read:
        return "yes", f"This delivery can be used: {rows} are kept{_flagged(found)}."
    return "yes", f"This delivery can be used: all of its {read:,} rows are kept{_flagged(found)}."


def _flagged(found: Sequence[Fix]) -> str:
    rules = sum(fix.harm.startswith("rule") for fix in found)
    return f", and {rules} {'rule asks' if rules == 1 else 'rules ask'} for a second look" if rules else ""


def _percent(part: int, whole: int) -> str:
    """Rounded down, so that 100% means all."""
    return f"{math.floor(1000 * part / whole) / 10:.1f}%" if whole else "none"


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
