"""Which rows of a frame a contract accepts, and why not the others. Pure: nothing is read or written.

Each row is judged by itself; whether it repeats another is for `repeats`. A value is never repeated: a fault
is a row number, a column and a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.validating.asked import Broken, broken_checks
from outcome_linkage.delivery.validating.cast import cast

FAULT = pl.Schema({"_row": pl.Int64, "record_key": pl.String, "column": pl.String, "reason": pl.String})
"""One row per fault; `record_key` is null where it is itself in doubt."""


class Judged(NamedTuple):
    """All rows in the contract's types, which of them are bad, and why (`FAULT`)."""

    rows: pl.DataFrame
    bad: pl.Series
    faults: pl.DataFrame

    @property
    def kept(self) -> pl.DataFrame:
        """The good rows, in their order."""
        return self.rows.filter(~self.bad)

    def kept_in_parts(self, size: int) -> Iterator[pl.DataFrame]:
        """The good rows among each `size` rows, so that the whole is never held twice; at least one part."""
        for start in range(0, max(self.rows.height, 1), size):
            yield self.rows.slice(start, size).filter(~self.bad.slice(start, size))


def judge_rows(frame: pl.DataFrame, contract: Contract, year: int | None) -> Judged:
    """Judge each row by itself.

    `frame` holds `_row` and the delivered columns; `rows` of the answer has `_row` and the contract's columns
    in its order, and at most one fault for a row and column.
    """
    typed, lost = _cast(frame, contract)
    broken = [check for check in (*lost, *broken_checks(typed, contract, year)) if check.rows.any()]
    if not broken:
        none = pl.repeat(False, typed.height, dtype=pl.Boolean, eager=True)
        return Judged(typed, none, pl.DataFrame(schema=FAULT))
    bad = reduce(or_, (check.rows for check in broken))
    return Judged(typed, bad, _faults(typed.filter(bad), [_among(bad, check) for check in broken], contract))


def _cast(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[Broken]]:
    """The contract's columns in its types, and which rows lost a value on the way."""
    typed, lost = [frame["_row"]], []
    for name, column in contract.columns.items():
        if name not in frame.columns:
            typed.append(pl.repeat(None, frame.height, dtype=column.dtype, eager=True).alias(name))
            continue
        values, reasons = cast(frame[name], column)
        typed.append(values)
        for reason in reasons.drop_nulls().unique(maintain_order=True):
            lost.append(Broken(name, reason, (reasons == reason).fill_null(False)))
    return pl.DataFrame(typed), lost


def _among(bad: pl.Series, check: Broken) -> Broken:
    return check._replace(rows=check.rows.filter(bad))


def _faults(bad: pl.DataFrame, broken: Sequence[Broken], contract: Contract) -> pl.DataFrame:
    """A line for each row and column at fault, with the first of its reasons, in the contract's order."""
    keys = bad.select("_row", _sure_key(broken, contract).alias("record_key"))
    lines = [
        keys.filter(check.rows).with_columns(column=pl.lit(check.column), reason=pl.lit(check.reason))
        for check in broken
    ]
    order = pl.col("column").cast(pl.Enum(list(contract.columns)))
    found = pl.concat(lines).unique(("_row", "column"), keep="first", maintain_order=True)
    return found.sort("_row", order, maintain_order=True).cast(FAULT)


def _sure_key(broken: Sequence[Broken], contract: Contract) -> pl.Expr:
    """The record_key where no check objects to it: another text may be the id of the supplier's system."""
    if not contract.has_person:
        return pl.lit(None, pl.String)
    doubtful = [pl.lit(check.rows) for check in broken if check.column == "record_key"]
    return pl.when(~pl.any_horizontal(*doubtful)).then("record_key") if doubtful else pl.col("record_key")
