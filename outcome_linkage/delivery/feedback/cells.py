"""Cells as a spreadsheet names them, neighbours drawn together: F2:F9, F12."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

MOST = 8
"""Ranges that the page names; the spreadsheet names every cell."""


@dataclass(frozen=True)
class Cells:
    """Cells of one file. `letter` is null where the column is not in the file, or several are meant."""

    source: str
    letter: str | None
    ranges: tuple[str, ...]
    more: int
    """Cells beyond those of `ranges`."""


def cells(faults: pl.DataFrame) -> list[Cells]:
    """The cells of `faults` (`PLACE`), file by file; empty where their places are not known."""
    known = faults.drop_nulls(["source", "sheet_row"]).select("source", "letter", "sheet_row").unique()
    files = known.sort("source", "letter", "sheet_row").partition_by("source", "letter", maintain_order=True)
    return [_of_file(file) for file in files]


def _of_file(file: pl.DataFrame) -> Cells:
    begins = pl.col("sheet_row").diff().ne(1).fill_null(True)
    runs = file.with_columns(run=begins.cum_sum()).group_by("run", maintain_order=True)
    bounds = runs.agg(first=pl.col("sheet_row").min(), last=pl.col("sheet_row").max(), n=pl.len())
    letter = file["letter"][0]
    told = bounds.head(MOST)
    ranges = tuple(_range(letter, first, last) for first, last in told.select("first", "last").rows())
    return Cells(file["source"][0], letter, ranges, file.height - int(told["n"].sum()))


def _range(letter: str | None, first: int, last: int) -> str:
    """One letter gives cells; none or several give rows."""
    if letter is None or "," in letter:
        return f"row {first}" if first == last else f"rows {first} to {last}"
    return f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}"
