"""Commands for the linker: the only role that sees which record belongs to which person."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.app import app, err, out, print_json, research_home

RESTRICTED = "[yellow]Restricted: record keys. On one laptop one user holds all roles.[/]"


@app.command()
def links(
    to: Annotated[Path, typer.Option("--out", help="CSV or Parquet file to write.")],
    refused: Annotated[
        Path | None, typer.Option(help="CSV or Parquet file for candidates that were refused, and why.")
    ] = None,
) -> None:
    """Write supplier, record_key, person_id, pass, weight, runner-up and level of every record."""
    from outcome_linkage.linkage.export import export_links, export_refused

    home = research_home()
    out.print(RESTRICTED)
    rows = export_links(home, to)
    out.print(f"{rows:,} records written to {to}")
    if refused:
        rows = export_refused(home, refused)
        out.print(f"{rows:,} refused candidates written to {refused}")


@app.command()
def explain(
    record_key: Annotated[str, typer.Argument(help="As `links` lists it.")],
    supplier: Annotated[str | None, typer.Option(help="Where several suppliers hold the key.")] = None,
    to: Annotated[
        Path | None, typer.Option("--out", help="HTML file; restricted/explain/ in the home without it.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the story as JSON; a page only with --out.")
    ] = False,
) -> None:
    """Why this record is linked, and why others are not: level by level, without an identifier."""
    from assets.in_force import suppliers_in_force
    from outcome_linkage.delivery.validating.current import current_files, current_sql
    from outcome_linkage.linkage_story.explain import explain as find_story
    from outcome_linkage.linkage_story.page import write_page
    from outcome_linkage.linkage_story.story import as_json as plain
    from pipelines.cli.story import tell
    from schemas.catalogue import CONTRACTS

    home = research_home()
    files = current_files(home, CONTRACTS, suppliers_in_force(home, date.today()))
    tokens = current_sql(CONTRACTS["link_tokens"], files.get("link_tokens", ()))
    story = find_story(home, record_key, tokens, supplier)
    if as_json:
        print_json(plain(story))
    else:
        out.print(RESTRICTED)
        tell(story)
    if to or not as_json:
        err.print(f"The page: {write_page(home, story, to)}", highlight=False)
