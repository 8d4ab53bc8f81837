"""Where a row of a delivered table stands in the supplier's own file, as their spreadsheet shows it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from outcome_linkage.delivery.manifest import DeliveredTable, SourceFile

PLACE = pl.Schema({"source": pl.String, "sheet_row": pl.Int64, "letter": pl.String})
_STARTS = pl.Schema({"row": pl.Int64, "nth": pl.Int64, "sheet_begins": pl.Int64})


def placed(faults: pl.DataFrame, table: DeliveredTable | None) -> pl.DataFrame:
    """`faults` of one table (`row`, `column`) with `PLACE`: null where the manifest does not say."""
    sources = _trusted(table)
    if not sources:
        return faults.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in PLACE.items())
    starts = pl.DataFrame(_starts(sources), schema=_STARTS, orient="row").sort("row")
    starts = starts.with_columns(begins="row")
    found = faults.sort("row", maintain_order=True).join_asof(starts, on="row", strategy="backward")
    columns = found.select("nth", "column").unique().drop_nulls()
    letters = columns.with_columns(
        pl.Series("letter", [_letters(sources[n], c) for n, c in columns.rows()], dtype=pl.String)
    )
    names = pl.DataFrame(
        {"nth": range(len(sources)), "source": [source.name for source in sources]},
        schema={"nth": pl.Int64, "source": pl.String},
    )
    found = found.join(letters, on=["nth", "column"], how="left", maintain_order="left")
    found = found.join(names, on="nth", how="left", maintain_order="left")
    sheet_row = pl.col("sheet_begins") + pl.col("row") - pl.col("begins")
    return found.with_columns(sheet_row=sheet_row).select(*faults.columns, *PLACE)


def _trusted(table: DeliveredTable | None) -> Sequence[SourceFile]:
    """The source files, if the rows of the table are theirs, one under the other."""
    if table is None or sum(source.rows for source in table.source_files) != table.rows:
        return ()
    return table.source_files


def _starts(sources: Sequence[SourceFile]) -> list[tuple[int, int, int | None]]:
    """From which delivered row on which file, and which row of it; none of a file that is no table."""
    starts: list[tuple[int, int, int | None]] = []
    above = 0
    for nth, source in enumerate(sources):
        pairs: list[tuple[int, int | None]] = [*source.row_starts] or [(1, None)]
        starts += [(above + row, nth, sheet) for row, sheet in pairs if source.rows]
        above += source.rows
    return starts


def _letters(source: SourceFile, columns: str) -> str | None:
    """The letters of one column, or of several that are at fault together."""
    letters = [source.columns[name] for name in columns.split(", ") if name in source.columns]
    return ", ".join(dict.fromkeys(letters)) or None
