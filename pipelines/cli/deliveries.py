"""How good the deliveries are over time, for the analyst: what is out of bounds, and where the page lies."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import FAILED, app, out, print_json, print_table, research_home

if TYPE_CHECKING:
    from outcome_linkage.delivery_quality.report import Report


@app.command(name="delivery-quality")
def delivery_quality(
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
    path_only: Annotated[bool, typer.Option("--path", help="Print only where the page lies.")] = False,
) -> None:
    """What is not as expected of the newest deliveries, judged by each supplier's own past.

    Ends with 1 while a table has no rows or was refused.
    """
    from outcome_linkage.delivery_quality.report import page_of, read_report

    home = research_home()
    report = read_report(home)
    if path_only:
        typer.echo(page_of(home))
        return
    if as_json:
        print_json({"findings": [asdict(f) for f in report.findings], "page": str(page_of(home))})
    else:
        _tell(report)
        out.print(f"The page: {page_of(home)}", highlight=False)
    if report.errors:
        raise typer.Exit(FAILED)


def _tell(report: Report) -> None:
    if not report.findings:
        out.print(f"All {report.tables} tables are as expected.", style="green")
        return
    lines = [(f.severity, f.supplier, f.table, f.when, f.says) for f in report.findings]
    print_table("Not as expected", ["severity", "supplier", "table", "when", "what"], lines)
