"""The command that writes the report of a study that has been run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.app import out, research_home
from pipelines.cli.evaluations import Named, evaluation, load_named


@evaluation.command()
def report(
    name: Named,
    to: Annotated[
        Path | None, typer.Option("--out", help="Write to this file, not beside the tables of the study.")
    ] = None,
) -> None:
    """The report of the last run of a study: one page that needs no network, of released figures alone."""
    from outcome_linkage.evaluation.at_home import folder_of, usable
    from outcome_linkage.evaluation.report.page import write_report

    study = usable(load_named(name))
    page = write_report(folder_of(research_home(), study), study, to)
    out.print(f"{study.id} {study.version}: {os.path.relpath(page)}", highlight=False)
