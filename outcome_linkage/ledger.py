"""The ledger: what became of every row that was delivered, per delivery and table, and why.

Counts only, except `rejected_rows`, which names rows by file and number. What happens to kept rows later
(linked, eligible, analysed) is counted where it happens.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.current import current_files, current_rows
from outcome_linkage.delivery.manifest import DeliveryId, Manifest, deliveries_below
from outcome_linkage.delivery.refused import refusals
from outcome_linkage.delivery.verdict import LedgerError, TableVerdict, pending, read_verdict
from outcome_linkage.home import Home, Stage

LEDGER = pl.Schema(
    {
        "supplier": pl.String,
        "period": pl.String,
        "delivery": pl.String,
        "table": pl.String,
        "status": pl.String,
        "read": pl.Int64,
        "kept": pl.Int64,
        "rejected": pl.Int64,
        "superseded": pl.Int64,
        "reason": pl.String,
        "n": pl.Int64,
    }
)
REJECTED_ROWS = pl.Schema(
    {
        "supplier": pl.String,
        "period": pl.String,
        "delivery": pl.String,
        "table": pl.String,
        "file": pl.String,
        "row": pl.Int64,
        "record_key": pl.String,
        "column": pl.String,
        "reason": pl.String,
    }
)


def delivery_ledger(
    home: Home, contracts: Mapping[str, Contract], suppliers: Mapping[str, Supplier]
) -> pl.DataFrame:
    """One line per delivery, table and reason (`LEDGER`), in order of supplier, delivery and table.

    `read` to `superseded` are those of the table and repeat on each of its lines; a table without rejected
    rows has one line with a null reason. read = kept + rejected, rejected = sum of n, and `superseded` are
    kept rows that are not current. `status`: accepted; refused; pending (not judged yet, counts are null);
    not in catalogue (judged, but its supplier or table was taken out); turned away (by the privacy gate:
    reasons are its rules, n their counts). Raises LedgerError when the files on disk do not add up.
    """
    current = _current_rows(home, contracts, suppliers)
    lines = [*_judged(home, contracts, suppliers, current), *_turned_away(home)]
    order = ("supplier", "period", "delivery", "table", "status", "reason")
    return pl.DataFrame(lines, schema=LEDGER, orient="row").sort(order)


def rejected_rows(home: Home, contracts: Mapping[str, Contract]) -> pl.DataFrame:
    """Every rejected row by file, row and column, with its reason and never a value (`REJECTED_ROWS`).

    A row at fault in several columns has a line for each. Reads the restricted zone.
    """
    found = [pl.DataFrame(schema=REJECTED_ROWS)]
    for delivery, table, judged in _verdicts(home):
        if table in contracts and judged.rejected:
            rows = pl.read_parquet(_file("rejected", delivery, home, contracts[table]), glob=False)
            origin = (delivery.supplier, delivery.period, delivery.number, table)
            named = [pl.lit(v).alias(n) for n, v in zip(REJECTED_ROWS, origin, strict=False)]
            renamed = rows.rename({"_file": "file", "_row": "row"})
            found.append(renamed.select(*named, *REJECTED_ROWS.names()[len(named) :]))
    return pl.concat(found)


def _current_rows(
    home: Home, contracts: Mapping[str, Contract], suppliers: Mapping[str, Supplier]
) -> dict[tuple[DeliveryId, str], int]:
    files = current_files(home, contracts, suppliers)
    return {
        (delivery, table): rows
        for table, of_table in files.items()
        for delivery, rows in current_rows(contracts[table], of_table).items()
    }


def _verdicts(home: Home) -> Iterator[tuple[DeliveryId, str, TableVerdict]]:
    for delivery in deliveries_below(home.stage("landing")):
        verdict = read_verdict(home, delivery)
        for table, judged in verdict.tables.items() if verdict else ():
            yield delivery, table, judged


def _judged(
    home: Home,
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier],
    current: Mapping[tuple[DeliveryId, str], int],
) -> Iterator[tuple[object, ...]]:
    for delivery in pending(home):
        for table in Manifest.read(home.folder("landing", delivery)).tables:
            yield (*_names(delivery), table, "pending", None, None, None, None, None, 0)
    for delivery, table, judged in _verdicts(home):
        supplier = suppliers.get(delivery.supplier)
        listed = table in contracts and supplier is not None and table in supplier.tables
        if table in contracts:
            _check_files(delivery, judged, home, contracts[table])
        superseded = judged.kept - current.get((delivery, table), 0)
        status = judged.status if listed else "not in catalogue"
        counts = (judged.read, judged.kept, judged.rejected, superseded)
        for reason, n in judged.reasons.items() or ((None, 0),):
            yield (*_names(delivery), table, status, *counts, reason, n)


def _turned_away(home: Home) -> Iterator[tuple[object, ...]]:
    for refusal in refusals(home):
        origin = (refusal.supplier, refusal.period, refusal.number)
        counts = Counter[tuple[str | None, str]]()
        for finding in refusal.findings:
            counts[finding.table, finding.rule] += finding.count
        for (table, rule), n in counts.items():
            yield (*origin, table, "turned away", None, None, None, None, rule, n)


def _check_files(delivery: DeliveryId, judged: TableVerdict, home: Home, contract: Contract) -> None:
    """Hold the verdict against the files that it counts, where this user may read them."""
    if contract.restricted and not os.access(home.restricted, os.X_OK):
        return
    kept = pl.scan_parquet(_file("validated", delivery, home, contract), glob=False).select(pl.len())
    lines = pl.scan_parquet(_file("rejected", delivery, home, contract), glob=False)
    found = kept.collect().item(), lines.select(pl.col("_row").n_unique()).collect().item()
    if found != (judged.kept, judged.rejected):
        raise LedgerError(
            f"{delivery}, {contract.name}: expected the verdict's {judged.kept} kept and {judged.rejected} "
            f"rejected rows; found {found[0]} and {found[1]} in the files. Delete verdict.json in the "
            "delivery's folder under validated/ and run it again."
        )


def _file(stage: Stage, delivery: DeliveryId, home: Home, contract: Contract) -> Path:
    return home.folder(stage, delivery, restricted=contract.restricted) / f"{contract.name}.parquet"


def _names(delivery: DeliveryId) -> tuple[str, str, str]:
    return delivery.supplier, delivery.period, delivery.number
