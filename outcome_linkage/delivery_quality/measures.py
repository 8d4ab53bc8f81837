"""What is measured of one validated table: a line for each month or delivery, measure, item and code.

Pure: from kept rows and the faults of rejected ones to counts; nothing is judged here. One pass over the
columns that are needed, in Polars' streaming engine, so that a table of millions of rows needs little memory.

| measure | item | n | of |
|---|---|---|---|
| rows | | rows kept | rows read |
| complete | column that may be empty | rows that fill it | rows kept |
| code | coded column (and the code) | rows with the code | rows that fill the column |
| rejected | reason | rows rejected for it first | rows read |
| flagged | rule across rows and tables (see `history`) | rows that it flags | rows that it looks at |
| repeated | | rows that repeat another | rows read |
| after_end, before_birth, first_of_month | column of days | days after the last covered day; before the
| | | month of birth; on the first of a month | rows that fill it |
| quiet | | days from the last event to the end of the month | rows kept |
| outside | | rows dated outside what the delivery covers, or not at all | rows read |
| received | | rows read of the delivery | days that it covers (0: not said) |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery_quality.scope import Scope, month_end

MEASURES = pl.Schema(
    {
        "table": pl.String,
        "by": pl.String,
        "name": pl.String,
        "at": pl.Date,
        "measure": pl.String,
        "item": pl.String,
        "code": pl.String,
        "n": pl.Int64,
        "of": pl.Int64,
    }
)
"""`by`: month or delivery; `name`: which month (2026-03) or delivery (2026-07, or the collection year)."""
FAULTS = pl.Schema({"at": pl.Date, "reason": pl.String})
"""One line for each rejected row: the month of its event (null: not known) and the first of its reasons."""
REPEATS = ("duplicate_row", "conflicting_key")
_AT, _BIRTH = "_at", "birth_month"
_Line = tuple[date, str, str, str | None, int, int | None]


def measure_table(kept: pl.LazyFrame, faults: pl.DataFrame, contract: Contract, scope: Scope) -> pl.DataFrame:
    """All measures (`MEASURES`) of one table: `kept` rows in the contract's types, and `FAULTS`."""
    rows = _placed(kept, scope)
    of_places, *of_codes = pl.collect_all(
        [rows.group_by(_AT).agg(_figures(contract, scope)), *_code_counts(rows, contract)], engine="streaming"
    )
    found = {row[_AT]: row for row in of_places.iter_rows(named=True)}
    lost = Counter(faults["at"])
    read = {at: found.get(at, {}).get("rows", 0) + lost[at] for at in _places(scope)}
    lines = [
        *(line for at in read for line in _of_place(at, read[at], found.get(at), contract, scope)),
        *_of_codes(of_codes, contract),
        *_of_faults(faults, read),
    ]
    named = [(str(scope.by), f"{line[0]:%Y-%m}" if scope.day else scope.name, *line) for line in lines]
    outside = found.get(None, {}).get("rows", 0)
    total = sum(of_places["rows"]) + faults.height
    named += [("delivery", scope.name, *line) for line in _of_delivery(total, outside, faults, scope)]
    return pl.DataFrame([(contract.name, *line) for line in named], schema=MEASURES, orient="row")


def _placed(kept: pl.LazyFrame, scope: Scope) -> pl.LazyFrame:
    """The rows with the place that they are counted in: a month, or the delivery; null outside of these."""
    if scope.day is None:
        return kept.with_columns(pl.lit(scope.delivered).alias(_AT))
    month = pl.col(scope.day).dt.truncate("1mo")
    covered = month.is_between(scope.months[0], scope.months[-1])
    return kept.with_columns(pl.when(covered).then(month).alias(_AT))


def _places(scope: Scope) -> tuple[date, ...]:
    return scope.months or (scope.delivered,)


def _figures(contract: Contract, scope: Scope) -> list[pl.Expr]:
    figures = [pl.len().alias("rows")]
    figures += [pl.col(name).count().alias(f"filled {name}") for name in _may_be_empty(contract)]
    for name in _days(contract):
        day = pl.col(name)
        figures += [
            day.count().alias(f"days {name}"),
            (day > scope.until).sum().alias(f"after_end {name}"),
            (day.dt.day() == 1).sum().alias(f"first_of_month {name}"),
        ]
        if _BIRTH in contract.columns:
            figures.append((day < pl.col(_BIRTH)).sum().alias(f"before_birth {name}"))
    if scope.day:
        figures.append(pl.col(scope.day).max().alias("last"))
    return figures


def _code_counts(rows: pl.LazyFrame, contract: Contract) -> Iterator[pl.LazyFrame]:
    for name in _coded(contract):
        code = pl.col(name).alias("code")
        yield rows.filter(pl.col(_AT).is_not_null(), pl.col(name).is_not_null()).group_by(_AT, code).len("n")


def _of_place(
    at: date, read: int, found: dict[str, Any] | None, contract: Contract, scope: Scope
) -> Iterator[_Line]:
    kept = found["rows"] if found else 0
    yield at, "rows", "", None, kept, read
    if found is None:
        return
    for name in _may_be_empty(contract):
        yield at, "complete", name, None, found[f"filled {name}"], kept
    for name in _days(contract):
        for measure in ("after_end", "first_of_month", "before_birth"):
            if found[f"days {name}"] and f"{measure} {name}" in found:
                yield at, measure, name, None, found[f"{measure} {name}"], found[f"days {name}"]
    if scope.day:
        yield at, "quiet", "", None, (month_end(at) - found["last"]).days, kept


def _of_codes(counts: list[pl.DataFrame], contract: Contract) -> Iterator[_Line]:
    for name, counted in zip(_coded(contract), counts, strict=True):
        lines = sorted(counted.iter_rows())
        filled = Counter[date]()
        for at, _, n in lines:
            filled[at] += n
        for at, code, n in lines:
            yield at, "code", name, code, n, filled[at]


def _of_faults(faults: pl.DataFrame, read: dict[date, int]) -> Iterator[_Line]:
    counted = Counter((at, "" if reason in REPEATS else reason) for at, reason in faults.iter_rows())
    for (at, reason), n in counted.items():
        if at in read:
            yield at, "rejected" if reason else "repeated", reason, None, n, read[at]


def _of_delivery(read: int, outside: int, faults: pl.DataFrame, scope: Scope) -> Iterator[_Line]:
    """What is said of the delivery as a whole, beside what is said of its months."""
    yield scope.delivered, "received", "", None, read, scope.days
    if scope.day:
        unplaced = sum(at not in scope.months for at in faults["at"])
        yield scope.delivered, "outside", "", None, outside + unplaced, read


def _may_be_empty(contract: Contract) -> list[str]:
    return [column.name for column in contract.columns.values() if column.nullable]


def _coded(contract: Contract) -> list[str]:
    return [column.name for column in contract.columns.values() if column.kind == "code"]


def _days(contract: Contract) -> list[str]:
    return [column.name for column in contract.columns.values() if column.kind == "date"]
