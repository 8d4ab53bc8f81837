"""Commands for whoever answers for the data: what agreements allow, what must go, the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import FAILED, app, out, print_json, print_table, research_home

if TYPE_CHECKING:
    from outcome_linkage.agreements.in_force import State

Day = Annotated[
    datetime | None,
    typer.Option(
        "--on", formats=["%Y-%m-%d"], help="As on this day; today without it.", metavar="YYYY-MM-DD"
    ),
]
MOST_NAMED = 6
"""Tables that are named one by one; `--json` names them all."""
INVENTED = "[yellow]Invented agreements, for the demo.[/] Real ones belong into agreements.yaml of the home."


def _day(on: datetime | None) -> date:
    return on.date() if on else date.today()


@app.command()
def agreements(
    on: Day = None,
    every: Annotated[bool, typer.Option("--all", help="Tables in force too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Which tables an agreement lets us use on a day, which not, why, and until when.

    Ends with 1 while a table is kept out.
    """
    from dataclasses import asdict

    from assets.in_force import table_states
    from schemas.agreements import load_agreements

    home = research_home()
    found, invented = table_states(home, _day(on)), load_agreements(home.root).invented
    kept_out = [state for state in found if state.state != "in force"]
    if as_json:
        print_json({"invented": invented, "tables": [asdict(state) for state in found]})
    else:
        if invented:
            out.print(INVENTED)
        shown = found if every else kept_out
        print_table(
            f"{len(found) - len(kept_out)} of {len(found)} tables are in force on {_day(on)}",
            ["supplier", "table", "state", "agreed until", "why"],
            _alike(shown),
        )
    if kept_out:
        raise typer.Exit(FAILED)


def _alike(states: Iterable[State]) -> Iterator[tuple[str, str, str, date | None, str]]:
    """States with the same words in one row: a fault that touches every table is told once."""
    groups: dict[tuple[str, date | None, str], list[State]] = {}
    for state in states:
        groups.setdefault((state.state, state.until, "; ".join(state.why)), []).append(state)
    for (what, until, why), same in groups.items():
        suppliers = ", ".join(dict.fromkeys(state.supplier for state in same))
        tables = ", ".join(dict.fromkeys(state.table for state in same))
        yield suppliers, tables if len(same) <= MOST_NAMED else f"{len(same)} tables", what, until, why


@app.command()
def purge(
    on: Day = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as JSON.")] = False,
) -> None:
    """Destroy what agreements let lie no longer, and what is left of people who withdrew; backups too.

    Ends with 1 when something could not be judged or reached.
    """
    from assets.in_force import purge_home
    from outcome_linkage.agreements.destruction import RECORD
    from outcome_linkage.warehouse import writer_lock

    home = research_home()
    with writer_lock(home):
        purged = purge_home(home, _day(on))
    if as_json:
        told = [record.model_dump(mode="json") for record in purged.destroyed]
        print_json({"destroyed": told, "left": list(purged.left)})
    else:
        print_table(f"Purged as on {_day(on)}", ["rule", "files"], list(purged.rules.items()))
        out.print(f"{purged.rows:,} rows in {len(purged.destroyed)} files; the record: {home.root / RECORD}")
        if purged.destroyed:
            out.print("The next `outcome-linkage run` builds the tables without them.")
        for what in purged.left:
            out.print(f"[red]left[/] {what}", highlight=False)
    if purged.left:
        raise typer.Exit(FAILED)


@app.command()
def evidence(
    on: Day = None,
    to: Annotated[Path | None, typer.Option("--out", help="HTML file; evidence.html in the home.")] = None,
) -> None:
    """Write the annex to a data-protection impact assessment: one page that needs no network."""
    from assets.in_force import subject_of
    from outcome_linkage.agreements.evidence import html
    from outcome_linkage.files import write_text

    home = research_home()
    path = to or home.ensure().root / "evidence.html"
    write_text(path, html(subject_of(home, _day(on))))
    out.print(f"The annex: {path}", highlight=False)
