"""The privacy gate on one column: which of its values may be looked at for what.

A value that is in the column's code list, is a hex id or fits the column's narrow pattern cannot be an
identifier in clear; every other value is looked at. What an identifier looks like stands in `personal`.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from outcome_linkage.delivery.contract import Column
from outcome_linkage.delivery.encoding.convert import UNREADABLE
from outcome_linkage.delivery.receiving.finding import Finding
from outcome_linkage.delivery.receiving.personal import FULL_DATE, POINT_RULES, SHARE_RULES, beyond_chance

HIGH_ENTROPY = ("tok_surname", "tok_dob", "tok_postcode", "tok_uprn", "sid_nhs", "sid_upn", "sid_pnc")
"""Tokens of which one value in over 2 of 100 rows is usually a placeholder (linkage.md, section 2)."""
COMMON_SHARE, COMMON_ROWS = 0.02, 500

_SMALL = 2**48
_SMALL_BY_CHANCE = 2 * _SMALL / 2**64
_SMALL_ALARM = 1e-6

_HEX_ID = r"^[0-9a-f]{32}$"
_MONTH = r"^\s*\d{4}(-\d{2}(-01([T ]00:00(:00(\.0+)?)?)?)?)?\s*$"
_LONG_NUMBER = r"\d{5,}"


def inspect_column(values: pl.Series, column: Column, table: str) -> list[Finding]:
    """What the gate finds in the values of one contract column; `count` is a number of rows."""
    found = _tokens(values, column) if column.kind == "token" else _values(values, column)
    totals: dict[str, int] = {}
    for rule, count in found:
        totals[rule] = totals.get(rule, 0) + count
    return [Finding(table, column.name, rule, count) for rule, count in totals.items() if count]


def _tokens(values: pl.Series, column: Column) -> Iterator[tuple[str, int]]:
    if values.dtype == pl.Null:
        return
    if values.dtype != pl.Int64:
        yield "token_type", values.len()
        return
    present = values.drop_nulls()
    if present.is_between(-_SMALL, _SMALL).any():
        small = pl.col("value").is_between(-_SMALL, _SMALL)
        yield "unkeyed_token", beyond_chance(_count(present), small, _SMALL_BY_CHANCE, _SMALL_ALARM)
    if column.name in HIGH_ENTROPY and present.len() >= COMMON_ROWS:
        most: int = _count(present).select(pl.col("n").max()).item()
        yield "common_token", most if most > COMMON_SHARE * present.len() else 0


def _values(values: pl.Series, column: Column) -> Iterator[tuple[str, int]]:
    dtype = values.dtype
    if dtype in (pl.Null, pl.Boolean, pl.Time):
        return
    if dtype in (pl.Date, pl.Datetime):
        yield "full_date_of_birth", _days(values, column)
        return
    text = _as_text(values)
    if text is None:
        yield "uninspectable_column", values.len()
        return
    if column.kind == "month":
        yield "full_date_of_birth", values.count() if dtype.is_numeric() else _dated(text)
    yield from _texts(text, column)


def _days(values: pl.Series, column: Column) -> int:
    if column.kind == "date":
        return 0
    if column.kind == "month":
        return int((values.drop_nulls().dt.day() != 1).sum())
    return values.drop_nulls().len()


def _as_text(values: pl.Series) -> pl.Series | None:
    """The values as text, whole numbers without a point; None for a type that hides its values."""
    dtype = values.dtype
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return values.cast(pl.String)
    if dtype.is_integer():
        return values.cast(pl.String)
    if dtype.is_float() or dtype == pl.Decimal:
        number = values.cast(pl.Float64).drop_nulls()
        whole = number.filter((number == number.floor()) & (number.abs() < 2**53))
        return whole.cast(pl.Int64).cast(pl.String)
    return None


def _dated(text: pl.Series) -> int:
    """Rows of a month column that say more than year and month."""
    odd = text.drop_nulls().filter(~text.drop_nulls().str.contains(_MONTH))
    return int((odd.str.contains(FULL_DATE) | odd.str.contains(_LONG_NUMBER)).sum())


def _texts(text: pl.Series, column: Column) -> Iterator[tuple[str, int]]:
    value = pl.col("value")
    looked_at = _count(text.rename("value").to_frame().filter(~_harmless(column)).to_series())
    if looked_at.is_empty():
        return
    narrow = (
        value.str.contains(column.pattern) if column.kind == "pattern" and column.pattern else pl.lit(False)
    )
    for rules, texts in ((POINT_RULES, looked_at.filter(~narrow)), (SHARE_RULES, looked_at)):
        for rule, count in rules.items():
            if rule != "full_date_of_birth" or column.kind not in ("date", "month"):
                yield rule, count(texts)


def _harmless(column: Column) -> pl.Expr:
    value = pl.col("value")
    codes = column.codes() or []
    return value.str.contains(_HEX_ID) | value.is_in([UNREADABLE, *codes]) | value.is_null()


def _count(values: pl.Series) -> pl.DataFrame:
    return values.to_frame("value").group_by("value").agg(pl.len().cast(pl.Int64).alias("n"))
