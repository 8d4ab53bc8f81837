"""Commands for the analyst: receive, run, status, ledger, doctor, and the Dagster UI."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import FAILED, REFUSED, app, err, out, print_json, print_table, research_home

if TYPE_CHECKING:
    import polars as pl

    from outcome_linkage.delivery.receiving.receive import Receipt
    from pipelines.run import RunSummary


@app.command()
def receive(
    folder: Annotated[Path, typer.Argument(help="A delivery, or a folder of deliveries.", exists=True)],
    new_record_secret: Annotated[
        bool,
        typer.Option(
            "--new-record-secret", help="The supplier lost the one before: their people may look new."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the receipts as JSON.")] = False,
) -> None:
    """Put a delivery, or every delivery below a folder, into landing."""
    from outcome_linkage.delivery.receiving.receive import find_deliveries
    from outcome_linkage.delivery.receiving.receive import receive as take
    from schemas.catalogue import CONTRACTS, load_suppliers

    home = research_home().ensure()
    suppliers = load_suppliers(home.root)
    found = find_deliveries(folder)
    receipts = {
        path: take(path, home, CONTRACTS, suppliers, new_record_secret=new_record_secret) for path in found
    }
    if as_json:
        print_json([_told(receipt) for receipt in receipts.values()])
    else:
        for path, receipt in receipts.items():
            out.print(f"{receipt.delivery or path}: {receipt.status}", highlight=False)
            for finding in receipt.findings:
                out.print(f"  {finding}", markup=False)
    if any(receipt.status == "refused" for receipt in receipts.values()):
        raise typer.Exit(REFUSED)


def _told(receipt: Receipt) -> dict[str, object]:
    findings = [vars(finding) for finding in receipt.findings]
    delivery = str(receipt.delivery) if receipt.delivery else None
    return {"delivery": delivery, "status": receipt.status, "findings": findings}


@app.command()
def run(
    supplier: Annotated[str | None, typer.Option(help="Only this supplier's deliveries.")] = None,
    period: Annotated[str | None, typer.Option(help="Only deliveries of this month, YYYY-MM.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Link every record again, not only new ones.")] = False,
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Find the weights of the linkage model anew; implies --full.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Do what the nightly does: judge waiting deliveries, link, build every model, publish."""
    from outcome_linkage.beside import beside
    from outcome_linkage.delivery.validating.verdict import pending
    from outcome_linkage.release.expectations.judge import make_ready

    home = research_home()
    if pending(home):  # marts will change: their judge takes as long to import as all that comes now
        beside().begin(make_ready)
    from pipelines.run import run_all
    from schemas.catalogue import load_suppliers

    if supplier and supplier not in (known := load_suppliers(home.root)):
        expected = ", ".join(sorted(known))
        raise typer.BadParameter(f"unknown supplier; expected one of {expected}", param_hint="--supplier")
    with err.status("starting", refresh_per_second=4) as status:
        summary = run_all(home, status.update, supplier, period, full=full, retrain=retrain)
    if as_json:
        print_json(vars(summary))
    else:
        _tell(summary)
    if summary.failed or summary.studies_failed:
        raise typer.Exit(FAILED)
    if summary.refused:
        raise typer.Exit(REFUSED)


def _tell(summary: RunSummary) -> None:
    if not summary.received:
        out.print("No delivery has been received yet: every table is empty. See `outcome-linkage receive`.")
    if summary.withheld:
        out.print(f"[red]withheld[/] {summary.withheld}", highlight=False)
    if summary.nothing_to_do:
        out.print(f"Nothing new: {len(summary.unchanged)} assets unchanged, nothing was redone.")
        return
    out.print(
        f"{len(summary.judged)} deliveries judged; {len(summary.rebuilt)} assets rebuilt, "
        f"{len(summary.unchanged)} unchanged."
    )
    for table, why in summary.refused.items():
        out.print(f"[yellow]refused[/] {table}: {why}. See `outcome-linkage ledger --rejects`.")
    for step, why in summary.studies_failed.items():
        out.print(f"[red]failed[/] evaluation, step {step}: {why}", highlight=False)
    for delivery in summary.failed:
        out.print(f"[red]failed[/] {delivery}: it has no verdict. See its run in the UI.")


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Deliveries, freshness, last run, what is published, and disk."""
    from pipelines.status import status_of

    report = status_of(research_home(), date.today())
    if as_json:
        print_json(report)
        return
    for title, rows in report.items():
        print_table(title, list(rows[0]) if rows else ["nothing yet"], [list(row.values()) for row in rows])


@app.command()
def ledger(
    rejects: Annotated[bool, typer.Option(help="Name every rejected row.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Per delivery and table: read, kept, rejected by reason; then linked and analysed.

    A table that agreements keep out is marked so; `status` says why and until when.
    """
    from assets.in_force import table_states
    from outcome_linkage.ledger import delivery_ledger, rejected_rows
    from outcome_linkage.release.people_ledger import people_ledger
    from schemas.catalogue import CONTRACTS, load_suppliers

    home = research_home()
    suppliers = load_suppliers(home.root)
    if rejects:
        frames = {"rejected rows": rejected_rows(home, CONTRACTS)}
    else:
        frames = {
            "deliveries": delivery_ledger(home, CONTRACTS, suppliers, table_states(home, date.today())),
            "from rows to people": people_ledger(home),
        }
    if as_json:
        print_json({name: frame.to_dicts() for name, frame in frames.items()})
        return
    for name, frame in frames.items():
        for title, part in _by_delivery(name, frame):
            print_table(title, part.columns, part.iter_rows())


def _by_delivery(name: str, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """A table for each delivery, so that a screen of 100 columns holds its lines; others as they are."""
    same = [column for column in ("supplier", "period", "delivery") if column in frame.columns]
    if frame.is_empty() or len(same) < 3:
        yield name, frame
        return
    for of, part in frame.partition_by(same, as_dict=True, maintain_order=True).items():
        title = "/".join("" if word is None else str(word) for word in of)
        yield f"{name}: {title}", part.drop(same)


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Is this installation healthy; what is missing."""
    from pipelines.doctor import examine

    findings = examine(research_home(), date.today())
    if as_json:
        print_json([finding.__dict__ for finding in findings])
    else:
        for finding in findings:
            out.print(f"{'[green]ok[/]  ' if finding.ok else '[red]bad[/] '} {finding.what}: {finding.found}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
) -> None:
    """Start the Dagster UI, its schedule and its sensor on 127.0.0.1."""
    from pipelines.instance import fail_dead_runs, opened

    home = research_home()
    with opened(home) as instance:
        fail_dead_runs(home, instance)
    out.print(f"Dagster UI on http://127.0.0.1:{port} for {home.root}; stop it with Ctrl-C.")
    os.environ.setdefault("PYTHONWARNINGS", "ignore:Function `dev_command` is superseded")  # `dg` is not ours
    dagster = str(Path(sys.executable).with_name("dagster"))
    arguments = ["dev", "--module-name", "pipelines.definitions", "--host", "127.0.0.1", "--port", str(port)]
    os.execv(dagster, [dagster, *arguments])
