"""Commands for the linker: the only role that sees which record belongs to which person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.app import app, out, research_home


@app.command()
def links(to: Annotated[Path, typer.Option("--out", help="CSV or Parquet file to write.")]) -> None:
    """Write supplier, record_key, person_id, pass, weight, runner-up and level of every record."""
    from outcome_linkage.linkage.export import export_links

    home = research_home()
    out.print("[yellow]Restricted: record keys. On one laptop one user holds all roles.[/]")
    rows = export_links(home, to)
    out.print(f"{rows:,} records written to {to}")
