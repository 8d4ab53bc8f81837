"""Days as raw files write them. Where one spelling can mean two days, the rest of the column tells which.

A spreadsheet set to American dates turns `07/05/2020` into a number and leaves `25/05/2020` as it is: so days
counted by a spreadsheet are read only where the whole column is, and never beside written ones.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

Shape = tuple[str, str, str]
"""What text may look like, how to write it as year-month-day, and how to read that."""

_DAY_FIRST: Shape = (r"^(\d{1,2})[-/.](\d{1,2})[-/.]([12]\d{3})$", "$3-$2-$1", "%Y-%m-%d")
_MONTH_FIRST: Shape = (_DAY_FIRST[0], "$3-$1-$2", "%Y-%m-%d")
# Two-digit years are not certain.
_SHAPES: tuple[Shape, ...] = (
    (r"^([12]\d{3})[-/.](\d{1,2})[-/.](\d{1,2})$", "$1-$2-$3", "%Y-%m-%d"),
    (r"^([12]\d{3})[-/ ]([A-Za-z]{3})[a-z]*[-/ ](\d{1,2})$", "$1-$2-$3", "%Y-%b-%d"),
    (r"^(\d{1,2})(?:st|nd|rd|th)?[-/ ]([A-Za-z]{3})[a-z]*[-/ ]([12]\d{3})$", "$3-$2-$1", "%Y-%b-%d"),
    (r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:\.0)?$", "$1-$2-$3", "%Y-%m-%d"),
)
_TIME_OF_DAY = r"[ T]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?$"
_MOMENT = r"^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)? ?(Z|[+-]\d{2}:?\d{2})$"
_SERIAL = r"^(\d{5})(?:\.\d+)?$"
_SERIALS = (10_000, 54_789)  # May 1927 and the year 2050, counted by a spreadsheet from 30 December 1899
_SERIALS_AT_1970 = 25_569
_FEWEST = 2
"""Days that can only be month first, before a column is taken to be so: one may be a slip."""


def to_dates(values: pl.Series) -> pl.Series:
    """Text as dates; null where it is no date. A moment with a time zone becomes the day it is in the UK.

    07/05/2020 is 7 May, unless days such as 05/25/2020 say that the column has the month first, and none such
    as 25/05/2020 says otherwise. 44000 is a day where every value of the column is such a number.
    """
    plain = values.str.replace(_TIME_OF_DAY, "")
    found = first_fit(plain, (_order(plain), *_SHAPES))
    left = values.filter(found.is_null()).drop_nulls().unique()
    if not left.len():
        return found.rename(values.name)
    read = _counted(left) if left.len() == values.drop_nulls().n_unique() else _uk_day(left)
    return found.zip_with(found.is_not_null(), look_up(values, left, read)).rename(values.name)


def look_up(values: pl.Series, keys: pl.Series, results: pl.Series) -> pl.Series:
    """For each value the result that stands beside it among `keys`."""
    table = pl.DataFrame({"key": keys, "result": results})
    joined = values.to_frame("key").join(table, on="key", how="left", maintain_order="left")
    return joined["result"].rename(values.name)


def first_fit(values: pl.Series, shapes: Iterable[Shape]) -> pl.Series:
    """Dates by the first shape that a value has; null without one, or on a day that never was."""
    found = pl.Series(values.name, [None], dtype=pl.Date).new_from_index(0, values.len())
    for shape, order, date_format in shapes:
        fits = values.str.contains(shape).fill_null(False)
        if fits.any():
            written = values.filter(fits).unique()
            dates = written.str.replace(shape, order).str.to_date(date_format, strict=False)
            found = found.zip_with(found.is_not_null(), look_up(values, written, dates))
    return found


def _order(values: pl.Series) -> Shape:
    """Day first, as in Britain, unless the column says otherwise."""
    parts = values.unique().str.extract_groups(_DAY_FIRST[0]).struct.unnest().select(pl.all().cast(pl.Int32))
    first, second = parts.to_series(0) > 12, parts.to_series(1) > 12
    return _MONTH_FIRST if (second & ~first).sum() >= _FEWEST and not first.any() else _DAY_FIRST


def _counted(values: pl.Series) -> pl.Series:
    """Days counted by a spreadsheet, if every value is one; else those that are moments."""
    serials = values.str.extract(_SERIAL).cast(pl.Int32)
    if not serials.is_between(*_SERIALS).fill_null(False).all():
        return _uk_day(values)
    return (serials - _SERIALS_AT_1970).cast(pl.Date)


def _uk_day(moments: pl.Series) -> pl.Series:
    """The day in the United Kingdom at a moment with a time zone; null for any other text."""
    zone = moments.str.replace(_MOMENT, "$3").str.replace("^Z$", "+00:00")
    minute = moments.str.replace(_MOMENT, "${1}T${2}").str.head(16)
    zoned = pl.select(pl.when(moments.str.contains(_MOMENT)).then(minute + zone)).to_series()
    read = zoned.str.to_datetime("%Y-%m-%dT%H:%M%z", strict=False, time_unit="ms")
    return read.dt.convert_time_zone("Europe/London").dt.date()
