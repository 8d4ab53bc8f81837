"""Commands that need no data of anybody's: an invented region, and the whole road on it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.app import app, err, out, print_table


@app.command()
def generate(
    out_dir: Annotated[Path, typer.Option("--out", help="Where the region is written; must be empty.")],
    people: Annotated[int, typer.Option(help="Inhabitants.", min=100)] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same region.")] = 1,
    identities_only: Annotated[
        bool, typer.Option("--identities-only", help="Only link_tokens and the truth.")
    ] = False,
    equal_errors: Annotated[
        bool, typer.Option("--equal-errors", help="Identifier errors do not differ by group.")
    ] = False,
) -> None:
    """Invent a region: raw returns, deliveries, and the truth beside them."""
    from outcome_linkage.synthetic.generate import generate as invent
    from schemas.catalogue import CONTRACTS

    with err.status("inventing people", refresh_per_second=4) as status:
        invent(
            people,
            seed,
            out_dir,
            contracts=CONTRACTS,
            identities_only=identities_only,
            equal_errors=equal_errors,
            progress=status.update,
        )
    out.print(f"An invented region of {people:,} people: {out_dir}")


SUMMARY = """
with shown as (
    select *, case when people_hidden then '1 to 7' else people::varchar end as count
    from ev_standing.status_counts
    where outcome = 'emergency_attendance' and days = 365
)
select
    adversity_domain as "first recorded adversity",
    any_value(count) filter (where status = 'all') as "people",
    any_value(count) filter (where status = 'observed' and value = 'yes')
        as "seen in an emergency department within a year",
    any_value(count) filter (where status = 'observed' and value = 'no') as "not seen, and covered all year",
    any_value(count) filter (where status = 'not_linked') as "should be known to health and is not"
from shown
group by adversity_domain
order by max(people) filter (where status = 'all') desc nulls last, adversity_domain
"""


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--out", help="Where the demo lives.")] = Path("demo"),
    people: Annotated[int, typer.Option(help="Inhabitants.", min=100)] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same region.")] = 1,
) -> None:
    """Invent a region, receive its deliveries, run everything, and say where to look next."""
    from outcome_linkage.delivery.receiving.receive import find_deliveries, receive
    from outcome_linkage.home import Home
    from outcome_linkage.release.query import query
    from outcome_linkage.synthetic.generate import generate as invent
    from pipelines.run import run_all
    from schemas.catalogue import CONTRACTS, load_suppliers

    started = time.monotonic()
    region, home = folder / "region", Home((folder / "home").resolve()).ensure()
    with err.status("inventing people", refresh_per_second=4) as status:
        if not region.exists():
            invent(people, seed, region, contracts=CONTRACTS, progress=status.update)
        suppliers = load_suppliers(home.root)
        for path in find_deliveries(region / "deliveries"):
            receive(path, home, CONTRACTS, suppliers)
        summary = run_all(home, status.update)
    out.print(f"{len(summary.judged)} deliveries, {len(summary.rebuilt)} assets built.")
    frame = query(home, SUMMARY)
    print_table(
        "Invented people, counts under 8 hidden and others rounded to 5", frame.columns, frame.iter_rows()
    )
    out.print(f"Done in {time.monotonic() - started:.0f} s. On one laptop one user holds all roles.")
    out.print(
        f"Where to look next:\n  export OUTCOME_LINKAGE_HOME={os.path.relpath(home.root)}\n"
        "  .venv/bin/outcome-linkage query 'select table_name, rows from publication_info'\n"
        "  .venv/bin/outcome-linkage ledger\n"
        "  .venv/bin/outcome-linkage ui\n"
        "Pages to open in a browser:\n"
        + "\n".join(f"  {os.path.relpath(page)}" for page in _pages(home.root))
    )


def _pages(root: Path) -> list[Path]:
    """The newest page of each folder that others than the linker may read."""
    newest: dict[str, Path] = {}
    for page in sorted(root.glob("*/**/*.html"), key=lambda page: page.stat().st_mtime):
        newest[page.relative_to(root).parts[0]] = page
    newest.pop("restricted", None)
    return sorted(newest.values())
