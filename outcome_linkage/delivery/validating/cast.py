"""From a delivered column to the type of its contract, telling apart why a value does not convert.

A delivered column has the contract's type or is text: dates as YYYY-MM-DD, flags as true and false, as
`encode` writes them. Nothing is guessed here: what a supplier's system may have meant is for `convert`.
"""

from __future__ import annotations

import polars as pl

from outcome_linkage.delivery.contract import Column
from outcome_linkage.delivery.encoding.convert import UNREADABLE

_DAY = r"^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$"
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_REASON = pl.Enum(["unreadable_at_source", "out_of_range", "wrong_type"])


def cast(values: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    """The values in the contract's type, and beside them why a value became null on the way.

    Reasons: `unreadable_at_source`, `wrong_type`, and `out_of_range` for a number too large for its type.
    """
    if values.dtype == column.dtype != pl.String:
        return values, pl.repeat(None, values.len(), dtype=_REASON, eager=True)
    text = _as_text(values)
    typed = _parse(text, column.dtype)
    lost = text.is_not_null() & typed.is_null()
    reasons = pl.repeat(None, values.len(), dtype=_REASON, eager=True)
    if lost.any():
        reasons = reasons.scatter(lost.arg_true(), _why(text.filter(lost), column.dtype))
    return typed.rename(values.name), reasons


def _as_text(values: pl.Series) -> pl.Series:
    try:
        return values.cast(pl.String)
    except pl.exceptions.PolarsError:  # a list or a structure: every value is of the wrong type
        return pl.select(pl.when(values.is_not_null()).then(pl.lit(""))).to_series()


def _parse(text: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Text in the type of the contract; null where it is of another."""
    if dtype == pl.String:
        return text.set(text == UNREADABLE, None)
    if dtype == pl.Date:
        return text.str.extract(_DAY).str.to_date("%Y-%m-%d", strict=False)
    if dtype == pl.Boolean:
        return text.str.to_lowercase().replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean)
    if dtype.is_integer():
        return text.str.replace(r"^(-?\d+)\.0$", "$1").cast(dtype, strict=False)
    return text.cast(dtype, strict=False)


def _why(text: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Why each of these is not of the type."""
    number = text.cast(pl.Float64, strict=False)
    fits_wider = number.is_finite() & (number == number.floor())
    reasons = (
        pl.when(text == UNREADABLE)
        .then(pl.lit("unreadable_at_source"))
        .when(fits_wider & dtype.is_integer())
        .then(pl.lit("out_of_range"))
        .otherwise(pl.lit("wrong_type"))
    )
    return pl.select(reasons.cast(_REASON)).to_series()
