"""Commands that take an evaluation through the data of this home: what it would have, and its tables."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import out, print_json, print_table
from pipelines.cli.evaluations import Named, evaluation, load_named
from pipelines.cli.installation import installation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcome_linkage.evaluation.at_home import Installation
    from outcome_linkage.evaluation.load import Loaded
    from outcome_linkage.evaluation.report.gathered import Gathered


@evaluation.command()
def preview(
    name: Named, as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False
) -> None:
    """How many people a study would have, step by step; small counts are hidden, and nothing is written."""
    from outcome_linkage.evaluation.at_home import usable
    from outcome_linkage.evaluation.engine.preview import preview as count
    from outcome_linkage.evaluation.engine.preview import why_nobody

    with _opened(name, writing=False) as (at, loaded):
        study = usable(loaded)
        counts = count(at.connection, study, at.delivered_to(study)).to_dicts()
    if as_json:
        print_json(counts)
        return
    rows = [[r["of"], r["what"], "few" if r["people_hidden"] else str(r["people"])] for r in counts]
    print_table(f"{study.id} {study.version}: people, as they may be shown", ["", "what", "people"], rows)
    for why in why_nobody(counts):
        out.print(why, markup=False, highlight=False)


@evaluation.command()
def run(name: Named) -> None:
    """Make the tables of a study: the schema `ev_<id>` of the warehouse, and Parquet files beside."""
    from outcome_linkage.evaluation.at_home import folder_of, usable
    from outcome_linkage.evaluation.engine.preview import why_nobody
    from outcome_linkage.evaluation.report.gate import judged, outcomes_are
    from outcome_linkage.evaluation.report.gathered import gather

    with _opened(name, writing=True) as (at, loaded):
        study, made = usable(loaded), at.run(loaded)
        found = gather(folder_of(at.home, study), study)
    what = "unchanged since the last run" if made.unchanged else f"made in {made.seconds:.1f} s"
    out.print(f"{study.id} {study.version}: {len(made.rows)} tables, {what}.", highlight=False)
    rows = [(one.diagnostic, one.of, one.value, one.bound, one.verdict) for one in judged(found)]
    if rows:
        head = ("diagnostic", "of", "value", "bound", "verdict")
        print_table("What must hold before outcomes are shown", head, rows)
    for why in why_nobody(_left(found)):
        out.print(why, markup=False, highlight=False)
    out.print(f"Outcomes by arm are {outcomes_are(found)}", highlight=False)
    out.print(
        f"Run {made.run_id}; Parquet files in {os.path.relpath(folder_of(at.home, study))}.", highlight=False
    )


def _left(found: Gathered) -> list[dict[str, object]]:
    """Who is left at each step and in each arm, as `why_nobody` reads it; nothing of calendar time."""
    table = found.table("ev_attrition")
    if not table.height:
        return []
    flow = table.filter(table["arm"] == "all").sort("step").select("label", "n_persons_out").iter_rows()
    people = dict(found.sizes.select("arm", "people").iter_rows())
    return [
        *({"of": "flow", "what": label, "people": n} for label, n in flow),
        *({"of": "arm", "what": arm.id, "people": people.get(arm.id, 0)} for arm in found.study.arms),
    ]


@contextmanager
def _opened(name: str, *, writing: bool) -> Iterator[tuple[Installation, Loaded]]:
    """The data of this home, and a study that is right against them. Raises InputRefused where it is not."""
    from outcome_linkage.evaluation.at_home import tried, usable

    with installation(writing=writing) as at:
        loaded = tried(at.bound(load_named(name)))
        usable(loaded)
        yield at, loaded
