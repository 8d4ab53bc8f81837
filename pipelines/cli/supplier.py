"""Commands for a supplier, on their own premises: encode a raw return, check a delivery before sending."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import REFUSED, app, err, out, print_json, print_table

if TYPE_CHECKING:
    from outcome_linkage.delivery.checking.check import CheckReport


def _covers(value: str | None) -> tuple[date, date] | None:
    if value is None:
        return None
    try:
        start, end = (date.fromisoformat(part) for part in value.split(":"))
    except ValueError:
        raise typer.BadParameter("expected FROM:TO as YYYY-MM-DD:YYYY-MM-DD") from None
    if end < start:
        raise typer.BadParameter("expected FROM:TO with TO on or after FROM")
    return start, end


@app.command("make-key")
def make_key(
    file: Annotated[Path, typer.Argument(help="Where the key is written; there must be nothing yet.")],
) -> None:
    """Make a linkage key: for the key holder, once, who hands it to suppliers and never to researchers."""
    from outcome_linkage.delivery.encoding.keys import make_linkage_key
    from outcome_linkage.linkage.tokens import key_version

    home = os.environ.get("OUTCOME_LINKAGE_HOME")
    key = make_linkage_key(file, outside=[Path(home)] if home else [])
    out.print(f"{file}: a new linkage key, fingerprint {key_version(key)}.", highlight=False)
    out.print(
        "Hand the same file to every supplier by a safe way, and keep a copy where researchers cannot go."
    )


@app.command()
def encode(
    raw: Annotated[list[Path], typer.Argument(help="Raw files of one return or table.", exists=True)],
    table: Annotated[str, typer.Option(help="ssda903, cin, school_census, or the name of a table.")],
    supplier: Annotated[str, typer.Option(help="Your name in the catalogue, such as bristol.")],
    period: Annotated[str, typer.Option(help="Month of the delivery, YYYY-MM.")],
    key_file: Annotated[Path, typer.Option(help="The linkage key that the key holder sent you.")],
    out_dir: Annotated[Path, typer.Option("--out", help="Where the delivery is written.")],
    record_secret: Annotated[
        Path, typer.Option(help="Your own secret for record keys; made on first use.")
    ] = Path("record.secret"),
    year: Annotated[int | None, typer.Option(help="Collection year, by the year in which it ends.")] = None,
    covers: Annotated[str | None, typer.Option(help="Time the files are complete for, FROM:TO.")] = None,
    postcodes: Annotated[Path | None, typer.Option(help="CSV with columns postcode, lsoa21.")] = None,
    keep_map: Annotated[
        Path | None, typer.Option(help="Write record_key and original id here, for you alone.")
    ] = None,
    keep_notes: Annotated[
        Path | None, typer.Option(help="Write what `check --notes` may tell you here, for you alone.")
    ] = None,
    id_system: Annotated[
        str | None,
        typer.Option(help="The system these ids are of, if another of yours gives the same ids to others."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Turn raw files into a pseudonymised delivery. Run it on your own premises."""
    from outcome_linkage.delivery.encoding import encode as encoder
    from schemas.catalogue import CONTRACTS, load_suppliers

    catalogue = load_suppliers()
    entry = catalogue.get(supplier)
    if entry is None:
        known = ", ".join(sorted(catalogue))
        raise typer.BadParameter(f"unknown supplier; expected one of {known}", param_hint="--supplier")
    report = encoder.encode(
        raw,
        table,
        supplier,
        period,
        out_dir,
        contracts=CONTRACTS,
        key_file=key_file,
        record_secret=record_secret,
        collection_year=year,
        covers=_covers(covers),
        postcodes=postcodes,
        keep_map=keep_map,
        keep_notes=keep_notes,
        modes={name: table.mode for name, table in entry.tables.items() if table.mode},
        id_system=id_system,
    )
    if as_json:
        print_json(asdict(report))
        return
    print_table(
        "Encoded",
        [
            "table",
            "rows",
            "values that no contract accepts",
            "postcodes not in the lookup",
            "headers left out",
            "repaired",
        ],
        [
            (
                name,
                table.rows,
                _counts(table.unreadable),
                _counts(table.without_area),
                table.unlisted_headers,
                _counts(table.repairs),
            )
            for name, table in report.tables.items()
        ],
    )
    if report.skipped:
        out.print(f"Left out, because there is no contract for it yet: {', '.join(report.skipped)}")
    out.print(f"Next: outcome-linkage check {report.folder}")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{column}: {count:,}" for column, count in counts.items())


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="A delivery, or a folder of deliveries.", exists=True)],
    rows: Annotated[
        Path | None, typer.Option(help="Write every row that would be rejected to this CSV.")
    ] = None,
    pack: Annotated[
        Path | None, typer.Option(help="Write what to fix here, as a page and a spreadsheet.")
    ] = None,
    notes: Annotated[Path | None, typer.Option(help="What `encode --keep-notes` wrote.", exists=True)] = None,
    keep_map: Annotated[
        Path | None,
        typer.Option(help="What `encode --keep-map` wrote: the pack then names your ids.", exists=True),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Run the research side's checks on a delivery before sending it."""
    from outcome_linkage.delivery.checking.check import check_delivery
    from outcome_linkage.delivery.receiving.receive import find_deliveries
    from schemas.catalogue import CONTRACTS, load_suppliers
    from schemas.rules import RULES

    found = find_deliveries(folder)
    if pack is not None:
        reports = _with_packs(found, pack, notes, keep_map)
    else:
        reports = {str(path): check_delivery(path, CONTRACTS, load_suppliers(), RULES) for path in found}
    if rows is not None:
        _write_rows(reports, rows)
    if as_json:
        print_json({path: report.as_dict() for path, report in reports.items()})
    else:
        for path, report in reports.items():
            out.print(f"[bold]{path}[/]: {report.summary}", highlight=False)
            for line in report.lines():
                out.print(f"  {line}", markup=False)
    if any(report.refused for report in reports.values()):
        raise typer.Exit(REFUSED)


def _with_packs(
    folders: Sequence[Path], pack: Path, notes: Path | None, keep_map: Path | None
) -> dict[str, CheckReport]:
    """Check each delivery and write its pack below `pack`: never where it would be sent along."""
    from outcome_linkage.delivery.encoding.keys import refuse_inside
    from outcome_linkage.delivery.feedback.before_sending import Judges, feedback_before_sending, own_of
    from outcome_linkage.delivery.feedback.write import write_pack
    from schemas.catalogue import CONTRACTS, load_suppliers
    from schemas.rules import RULES

    refuse_inside(pack, folders, what="pack")
    judges, reports = Judges(CONTRACTS, load_suppliers(), RULES), {}
    for folder in folders:
        report, made = feedback_before_sending(folder, judges, own_of(folder, notes, keep_map))
        page = write_pack(made, pack / made.supplier / made.period)
        err.print(f"What to fix: {page}", highlight=False)
        reports[str(folder)] = report
    return reports


def _write_rows(reports: Mapping[str, CheckReport], to: Path) -> None:
    import polars as pl

    frames = [
        report.rejected().with_columns(delivery=pl.lit(path))
        for path, report in reports.items()
        if report.tables
    ]
    if frames:
        pl.concat(frames).write_csv(to)
        err.print(f"Rows that would be rejected: {to}", highlight=False)
