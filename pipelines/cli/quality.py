"""How good the links are, for the analyst: the key figures, the checks, and where the page lies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import FAILED, app, out, print_json, print_table, research_home

if TYPE_CHECKING:
    from outcome_linkage.linkage_quality.gate import GateVerdict
    from outcome_linkage.linkage_quality.pack import Summary


@app.command()
def quality(
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole pack as JSON.")] = False,
    path_only: Annotated[bool, typer.Option("--path", help="Print only where the page lies.")] = False,
) -> None:
    """How good the links of the last run are, for whom, and whether they may be published.

    Ends with 1 while the release gate is closed.
    """
    from outcome_linkage.linkage_quality.gate import gate
    from outcome_linkage.linkage_quality.pack import read_pack

    home = research_home()
    summary = read_pack(home)
    if path_only:
        typer.echo(summary.page)
        return
    verdict = gate(home, date.today())
    if as_json:
        print_json({**summary.content, "gate": _told(verdict), "page": str(summary.page)})
    else:
        _tell(summary, verdict)
    if not verdict.open:
        raise typer.Exit(FAILED)


def _told(verdict: GateVerdict) -> dict[str, object]:
    waiver = verdict.waiver.model_dump(mode="json") if verdict.waiver else None
    return {"open": verdict.open, "reasons": list(verdict.reasons), "waiver": waiver}


def _tell(summary: Summary, verdict: GateVerdict) -> None:
    out.print(verdict.words, style="green" if verdict.open else "red", markup=False, highlight=False)
    for check in summary.content["checks"]:
        state = "[green]passed[/]" if check["passed"] else "[red]failed[/]"
        out.print(f"{state} {check['rule']}", highlight=False)
        for finding in check["findings"]:
            out.print(f"  {finding}", markup=False, highlight=False)
    run, measured = summary.content["run"], summary.content["measured_run"]
    when = f" (accuracy measured on run {measured})" if measured != run else ""
    title = f"Linkage run {run}{when}, {summary.content['model_version']}"
    print_table(title, ["figure", "share", "interval", "counts"], summary.headlines)
    out.print(f"The page: {summary.page}", highlight=False)
