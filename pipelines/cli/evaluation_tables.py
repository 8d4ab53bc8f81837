"""Commands about the tables that a study left in this home: where they are, and how they go."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.app import out, print_json, print_table, research_home
from pipelines.cli.evaluations import Named, evaluation, study_of
from pipelines.cli.installation import WAIT


@evaluation.command()
def tables(
    name: Named, as_json: Annotated[bool, typer.Option("--json", help="Print the tables as JSON.")] = False
) -> None:
    """The tables of the last run: what a row is, how many as may be shown, and the Parquet file to query."""
    from outcome_linkage.evaluation.at_home import folder_of
    from outcome_linkage.evaluation.shown import tables_in

    study = study_of(name)
    found = tables_in(folder_of(research_home(), study), study)
    if as_json:
        print_json([{**one._asdict(), "file": str(one.file)} for one in found])
        return
    folder = Path(os.path.relpath(found[0].file.parent))
    rows = [(one.table, one.holds, one.rows) for one in found]
    print_table(f"{study.id}: tables in {folder}", ["table", "holds", "rows"], rows)
    out.print("Each is a file named after it. In DuckDB, from Python, R or its own prompt:", highlight=False)
    out.print(f"  from '{folder / 'ev_estimates.parquet'}'", markup=False, highlight=False)
    out.print("Rows of people, and counts of your own, must not leave: only the report is released figures.")


@evaluation.command()
def remove(
    evaluation_id: Annotated[str, typer.Argument(help="Id of a study whose file is gone.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Also of a study that comes with the software, not run here.")
    ] = False,
) -> None:
    """Destroy the tables of a study whose file is gone, here and in the warehouse; the record names them.

    Refused while its file is there, and for a study of which a version is locked. One that comes with the
    software, in an installation that runs another folder, goes with --shipped alone.
    """
    from outcome_linkage.agreements.destruction import RECORD
    from outcome_linkage.evaluation.kept import kept_in, may_go, place_of, take_out
    from outcome_linkage.evaluation.load import load_folder, shipped_ids, studies_folder
    from outcome_linkage.evaluation.locked import read_locked
    from outcome_linkage.warehouse import writer_lock

    home, folder = research_home(), studies_folder()
    with_file = [one.study.id if one.study else one.path.stem for one in load_folder(folder)]
    unsaid = set() if shipped else shipped_ids()
    may_go(evaluation_id, kept_in(home), with_file, read_locked(folder), unsaid)
    where = os.path.relpath(place_of(home, evaluation_id))
    if not yes:
        typer.confirm(f"Destroy {where} and the schema ev_{evaluation_id}? It cannot be undone", abort=True)
    with writer_lock(home, WAIT):
        gone = take_out(home, evaluation_id, date.today())
    record = os.path.relpath(home.root / RECORD)
    out.print(f"{evaluation_id}: {len(gone)} files destroyed; the record: {record}", highlight=False)
