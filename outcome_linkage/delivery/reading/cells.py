"""Cells as text: what stands in one, and what a reader takes of those below a header.

Of a file only what was asked for is held in memory: it goes by batch after batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from outcome_linkage.delivery.reading.header import Header
from outcome_linkage.delivery.reading.not_rows import MOST_NOTES

# Spelled as programs write them: "Null" and "Nan" are people's names.
NO_VALUE = (
    *("", "-", "--", ".", "<NA>", "N/A", "n/a", "#N/A", "nat", "NaT", "NAT", "nan", "NaN", "NAN"),
    *("None", "null", "NULL", "<null>", "<NULL>", "(null)", "[NULL]", "\\N"),
    *("1800-01-01", "1801-01-01", "01/01/1800", "01/01/1801"),  # no date, in HES
)
_PADDING = " \t\n\v\f\r\u0085\u00a0\u2000\u2001\u2002\u2003\u2009\u200a\u200b\u202f\u3000\ufeff"
_GUARDED = r"^(?:=\"([^\"]*)\"|'(\d.*))$"


@dataclass(frozen=True)
class Taken:
    """Of the rows below a header: the columns that were `asked` for, clean; all columns of the `last` rows,
    clean; and which rows hold something `beyond` the last header."""

    asked: pl.DataFrame
    last: pl.DataFrame
    beyond: pl.Series


def take(cells: pl.LazyFrame, header: Header, places: Iterable[int]) -> Taken:
    """Take what is needed of `cells` (columns c0, c1, …), in one pass."""
    spare = cells.collect_schema().names()[header.width :]
    beyond = pl.any_horizontal(False, *map(_says_something, spare)).alias("beyond")
    rows, last = pl.collect_all(
        [cells.select(*(f"c{place}" for place in places), beyond), cells.tail(MOST_NOTES)], engine="streaming"
    )
    return Taken(clean(rows.drop("beyond")), clean(last), rows["beyond"])


def clean(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells without padding, and without what keeps a spreadsheet from reading a number (`="0012"`, `'0012`);
    null where a program meant "no value"."""
    stripped = cells.select(pl.all().str.strip_chars(_PADDING))
    guarded = stripped.select(pl.all().str.contains(_GUARDED).any())
    bare = stripped.with_columns(_unguarded(pl.col(name)) for name in guarded.columns if guarded[name].any())
    return bare.select(pl.when(~pl.all().is_in(NO_VALUE)).then(pl.all()))


def _says_something(column: str) -> pl.Expr:
    """Whether a cell would still be there once it was clean."""
    bare = _unguarded(pl.col(column).str.strip_chars(_PADDING))
    return (~bare.is_in(NO_VALUE)).fill_null(False)


def _unguarded(cell: pl.Expr) -> pl.Expr:
    return cell.str.replace(_GUARDED, "$1$2")
