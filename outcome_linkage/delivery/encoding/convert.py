"""From text to the values of a contract, at the supplier.

A value is repaired when it can mean only one thing, and replaced by `UNREADABLE` when the contract would
accept it in no collection year, so that no stray text ever leaves the supplier. A column in which everything
can be read has the contract's type; else it is text: dates as YYYY-MM-DD, flags as true and false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from outcome_linkage.delivery.contract import Column
from outcome_linkage.delivery.encoding.dates import first_fit, look_up, to_dates

UNREADABLE = "#UNREADABLE"

# What a month may look like: 042015, 42015 (the nought lost), 2015-04, 04/2015, 201504
_MONTHS = (
    (r"^(\d{1,2})[-/ ]?((?:19|20)\d{2})$", "$2-$1-1", "%Y-%m-%d"),
    (r"^((?:19|20)\d{2})[-/ ]?(\d{2})$", "$1-$2-1", "%Y-%m-%d"),
)
_THOUSANDS = r"^-?\d{1,3}(,\d{3})+(\.\d+)?$"
_MOST_DIGITS = 9  # no column counts in thousands of millions, and an NHS number has ten digits
_FLAGS = {
    **dict.fromkeys(("1", "1.0", "-1", "true", "t", "yes", "y"), True),
    **dict.fromkeys(("0", "0.0", "false", "f", "no", "n"), False),
}


@dataclass(frozen=True)
class Converted:
    """A column as it will be delivered, and how many of its values could not be read."""

    values: pl.Series
    unreadable: int


def convert(values: pl.Series, column: Column) -> Converted:
    """Text as `column` wants it; null stays null.

    Only kinds code, pattern, date, month, number and flag: ids and tokens are hashed elsewhere.
    """
    if values.null_count() == values.len():
        return Converted(values.cast(column.dtype), 0)
    distinct = values.drop_nulls().unique().rename("text")
    read = _READERS[column.kind](distinct, column).rename("read")
    lost = distinct.filter(read.is_null())
    if not lost.len():
        return Converted(look_up(values, distinct, read), 0)
    shown = read.cast(pl.String).fill_null(UNREADABLE)
    return Converted(look_up(values, distinct, shown), int(values.is_in(lost.implode()).sum()))


def to_months(values: pl.Series) -> pl.Series:
    """Text as the first day of a month, from a date or from month and year; null where it is neither.

    42015 is April 2015, unless the column holds days counted by a spreadsheet.
    """
    days = to_dates(values).dt.month_start()
    months = first_fit(values.str.replace(r"\.0$", ""), _MONTHS)
    if days.null_count() == values.null_count() and months.null_count() > values.null_count():
        return days.rename(values.name)
    return months.zip_with(months.is_not_null(), days).rename(values.name)


def text_of(frame: pl.DataFrame, name: str) -> pl.Series:
    """A column of raw text; all null where the frame has none."""
    return frame[name] if name in frame.columns else pl.Series(name, [None] * frame.height, dtype=pl.String)


def _read_code(values: pl.Series, column: Column) -> pl.Series:
    """A code of any year. Case, a trailing `.0` and lost leading noughts are repaired where one code fits."""
    codes = pl.Series(column.codes() or [], dtype=pl.String)
    table = pl.DataFrame({"code": codes, "folded": _folded(codes)})
    table = table.filter(~pl.col("folded").is_duplicated())
    repaired = look_up(_folded(values), table["folded"], table["code"])
    exact = pl.when(pl.lit(values).is_in(codes.implode())).then(pl.lit(values))
    return pl.select(pl.coalesce(exact, repaired)).to_series()


def _folded(values: pl.Series) -> pl.Series:
    return values.str.to_uppercase().str.replace(r"^(\d+)\.0$", "$1").str.replace(r"^0+(.)", "$1")


def _read_pattern(values: pl.Series, column: Column) -> pl.Series:
    """Text of the pattern: as it is, in capitals, without blanks, without the point of an ICD-10 code, or a
    time of day with its nought and without a date or parts of a second."""
    tight = values.str.to_uppercase().str.replace_all(r"\s+", "")
    candidates = (
        values,
        tight,
        tight.str.replace(r"^(\d+)\.0$", "$1"),
        tight.str.replace(r"^([A-Z]\d{2})\.", "$1"),
        values.str.replace(r"^(?:\d{4}-\d{2}-\d{2}[ T])?(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?$", "$1"),
        values.str.replace(r"^(\d:\d{2}(?::\d{2})?)$", "0$1"),
    )
    fits = [pl.when(pl.lit(c).str.contains(column.pattern or "")).then(pl.lit(c)) for c in candidates]
    return pl.select(pl.coalesce(fits)).to_series()


def _read_date(values: pl.Series, column: Column) -> pl.Series:
    return to_dates(values)


def _read_month(values: pl.Series, column: Column) -> pl.Series:
    return to_months(values)


def _read_number(values: pl.Series, column: Column) -> pl.Series:
    """A number that fits the column's type; thousands commas and a trailing `.0` do not matter."""
    without = pl.lit(values).str.replace_all(",", "")
    plain = pl.when(pl.lit(values).str.contains(_THOUSANDS)).then(without).otherwise(pl.lit(values))
    shaped = pl.when(plain.str.contains(rf"^-?\d{{1,{_MOST_DIGITS}}}(\.\d+)?$")).then(plain)
    number = shaped.cast(pl.Float64)
    whole = pl.when(number == number.floor()).then(number)
    exact = whole if column.dtype.is_integer() else number
    return pl.select(exact.cast(column.dtype, strict=False)).to_series()


def _read_flag(values: pl.Series, column: Column) -> pl.Series:
    return values.str.to_lowercase().replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean)


_READERS: dict[str, Callable[[pl.Series, Column], pl.Series]] = {
    "code": _read_code,
    "pattern": _read_pattern,
    "date": _read_date,
    "month": _read_month,
    "number": _read_number,
    "flag": _read_flag,
}
