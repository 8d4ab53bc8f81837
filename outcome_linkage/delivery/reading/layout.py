"""Where the rows and columns of a raw table stand in the supplier's file, as a spreadsheet numbers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Layout:
    """`header_row` is the header's row number, `columns` the letter of each column that was asked for.

    `row_starts` are pairs: from the first row of each pair on, counted from 1 among the rows of the table,
    rows stand in the spreadsheet from the second on. `unknown` are headers that nobody asked for, by letter,
    as written: they are for the supplier's own eyes, and never sent. An XML file has none of this.
    """

    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    row_starts: tuple[tuple[int, int], ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)


def row_starts(kept: pl.Series, first: int) -> tuple[tuple[int, int], ...]:
    """The pairs of `Layout` for the rows of a spreadsheet from row `first` on, of which some were kept."""
    rows = pl.DataFrame({"row": kept.arg_true().cast(pl.Int64) + first}).with_row_index("nth", offset=1)
    begins = pl.col("row").diff().ne(1).fill_null(True)
    return tuple(rows.filter(begins).rows())
