"""From a delivered column to the type of its contract, telling apart why a value does not convert.

A delivered column has the contract's type or is text: dates as YYYY-MM-DD, flags as true and false, as
`encode` writes them. Nothing is guessed here: what a supplier's system may have meant is for `convert`.
"""

from __future__ import annotations

import polars as pl

from outcome_linkage.delivery.contract import Column
from outcome_linkage.delivery.convert import UNREADABLE

_DAY = r"^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$"
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def cast(values: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    """The values in the contract's type, and beside them (text) why a value became null on the way.

    Reasons: `unreadable_at_source`, `wrong_type`, and `out_of_range` for a number too large for its type.
    """
    if values.dtype == column.dtype and values.dtype != pl.String:
        return values, pl.repeat(None, values.len(), dtype=pl.String, eager=True)
    text = _as_text(values)
    number = text.cast(pl.Float64, strict=False)
    frame = pl.select(text=text, typed=_parse(text, column.dtype), number=number)
    lost = pl.col("text").is_not_null() & pl.col("typed").is_null()
    fits_wider = pl.col("number").is_finite() & (pl.col("number") == pl.col("number").floor())
    reason = (
        pl.when(pl.col("text") == UNREADABLE)
        .then(pl.lit("unreadable_at_source"))
        .when(lost & fits_wider & column.dtype.is_integer())
        .then(pl.lit("out_of_range"))
        .when(lost)
        .then(pl.lit("wrong_type"))
    )
    typed = pl.when(pl.col("text") != UNREADABLE).then("typed")
    judged = frame.select(typed=typed, reason=reason)
    return judged["typed"].rename(values.name), judged["reason"]


def _as_text(values: pl.Series) -> pl.Series:
    try:
        return values.cast(pl.String)
    except pl.exceptions.PolarsError:  # a list or a structure: every value is of the wrong type
        return pl.select(pl.when(values.is_not_null()).then(pl.lit(""))).to_series()


def _parse(text: pl.Series, dtype: pl.DataType) -> pl.Series:
    if dtype == pl.Date:
        return text.str.extract(_DAY).str.to_date("%Y-%m-%d", strict=False)
    if dtype == pl.Boolean:
        return text.str.to_lowercase().replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean)
    if dtype.is_integer():
        return text.str.replace(r"^(-?\d+)\.0$", "$1").cast(dtype, strict=False)
    return text.cast(dtype, strict=False)
