"""The report of a run as one page that needs no network: its sections in order."""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.locked import fingerprint
from outcome_linkage.evaluation.report.adversity import adversity
from outcome_linkage.evaluation.report.answer import answer
from outcome_linkage.evaluation.report.baseline import baseline
from outcome_linkage.evaluation.report.blocks import Section
from outcome_linkage.evaluation.report.checklists import checklists
from outcome_linkage.evaluation.report.costs import costs
from outcome_linkage.evaluation.report.covered import sources
from outcome_linkage.evaluation.report.flow import flow
from outcome_linkage.evaluation.report.following import following, missing
from outcome_linkage.evaluation.report.gate import gate
from outcome_linkage.evaluation.report.gathered import Gathered, gather
from outcome_linkage.evaluation.report.linked import ascertainment, linkage
from outcome_linkage.evaluation.report.protocol import protocol
from outcome_linkage.evaluation.report.provenance import disclosure, provenance, stamp_of
from outcome_linkage.evaluation.report.results import results
from outcome_linkage.evaluation.report.series import series
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.files import write_text
from outcome_linkage.pages import render

FILE = "report.html"
_PARTS = (
    sources,
    linkage,
    flow,
    baseline,
    adversity,
    ascertainment,
    following,
    gate,
    results,
    series,
    costs,
    missing,
)


def write_report(folder: Path, study: Evaluation, path: Path | None = None) -> Path:
    """The page of a run whose tables lie in `folder`, there unless another path is given.

    Raises InputRefused where there are no tables, or where they are of another specification.
    """
    run = gather(folder, study)
    made_by = stamp_of(run).get("spec_sha256")
    if made_by != fingerprint(study):
        raise InputRefused(
            f"The tables of {study.id} were made by another specification. Run `outcome-linkage evaluation "
            "run` on this file again."
        )
    to = path or folder / FILE
    write_text(to, html(run))
    return to


def html(run: Gathered) -> str:
    """The page: one file, no reference to anything outside it."""
    return render(
        Path(__file__).with_name("page.html.j2"),
        {},
        study=run.study,
        run_id=stamp_of(run).get("run_id", ""),
        profile=run.profile,
        sections=sections(run),
    )


def sections(run: Gathered) -> list[Section]:
    """Every section that the run has something for."""
    made = [part(run) for part in _PARTS]
    told = [section for section in made if section is not None]
    ends = [checklists(run, {section.anchor for section in told}), disclosure(run), provenance(run)]
    return [answer(run), *protocol(run), *told, *ends]
