"""Commands for a researcher: query the published database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import app, err, research_home

if TYPE_CHECKING:
    import polars as pl


class Format(StrEnum):
    """How a result is written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


MOST_ROWS = 200
"""Rows that are shown on a screen; a file gets them all."""


@app.command()
def query(
    sql: Annotated[
        str, typer.Argument(help='A query, such as "from publication_info" or "describe person".')
    ],
    fmt: Annotated[
        Format | None, typer.Option("--format", help="By the ending of --out; table without one.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
) -> None:
    """Query the published database, read-only. Safe to run while a new one is being built."""
    from outcome_linkage.release.query import query as run_query

    kind = fmt or _kind_of(to)
    if kind is Format.parquet and to is None:
        raise typer.BadParameter("--format parquet needs --out FILE")
    frame = run_query(research_home(), sql)
    if kind is Format.parquet and to is not None:
        frame.write_parquet(to)
    else:
        _write(WRITERS[kind](frame), to)
    if to is not None:
        err.print(f"{frame.height:,} rows written to {to}", highlight=False)


def _kind_of(to: Path | None) -> Format:
    if to is None:
        return Format.table
    try:
        return Format(to.suffix.removeprefix("."))
    except ValueError:
        raise typer.BadParameter("expected a file ending in .csv, .json or .parquet, or --format") from None


def _as_table(frame: pl.DataFrame) -> str:
    """The frame as text with no value cut off; the first rows of a long one."""
    import polars as pl

    with pl.Config(
        tbl_rows=MOST_ROWS,
        tbl_cols=-1,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        fmt_str_lengths=1000,
        tbl_width_chars=-1,
    ):
        text = str(frame.head(MOST_ROWS))
    shown = f"the first {MOST_ROWS} of {frame.height:,} rows; --out FILE has all"
    return f"{text}\n{shown if frame.height > MOST_ROWS else f'{frame.height:,} rows'}\n"


WRITERS: dict[Format, Callable[[pl.DataFrame], str]] = {
    Format.table: _as_table,
    Format.csv: lambda frame: frame.write_csv(),
    Format.json: lambda frame: frame.write_json() + "\n",
}


def _write(text: str, to: Path | None) -> None:
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_text(text, encoding="utf-8")
