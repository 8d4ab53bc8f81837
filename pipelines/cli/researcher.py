"""Commands for a researcher: query the published database."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.app import app, research_home


class Format(StrEnum):
    """How a result is written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help='A query, such as "from person limit 5" or "show tables".')],
    fmt: Annotated[Format, typer.Option("--format", help="How the result is written.")] = Format.table,
    to: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
) -> None:
    """Query the published database, read-only. Safe to run while a new one is being built."""
    import polars as pl

    from outcome_linkage.release.query import query as run_query

    if fmt is Format.parquet and to is None:
        raise typer.BadParameter("--format parquet needs --out FILE")
    frame = run_query(research_home(), sql)
    if fmt is Format.table:
        with pl.Config(tbl_rows=100, tbl_cols=40, tbl_hide_dataframe_shape=True, tbl_width_chars=200):
            text = f"{frame}\n{frame.height} rows"
        _write(text + "\n", to)
    elif fmt is Format.csv:
        _write(frame.write_csv(), to)
    elif fmt is Format.json:
        _write(frame.write_json() + "\n", to)
    elif to is not None:
        frame.write_parquet(to)


def _write(text: str, to: Path | None) -> None:
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_text(text, encoding="utf-8")
