"""The ledger: what became of every row that was delivered, per delivery and table, and why.

Counts only, except `rejected_rows`, which names rows by file and number. What happens to kept rows later
(linked, eligible, analysed) is counted where it happens.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from outcome_linkage.agreements.destruction import Lost, lost_of, read_record
from outcome_linkage.agreements.in_force import State
from outcome_linkage.agreements.withdraw import count_rows
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.manifest import DeliveryId, Manifest, deliveries_below
from outcome_linkage.delivery.receiving.refused import refusals
from outcome_linkage.delivery.validating import rejected
from outcome_linkage.delivery.validating.current import current_files, current_rows
from outcome_linkage.delivery.validating.rejected import REJECTED_ROWS
from outcome_linkage.delivery.validating.verdict import LedgerError, TableVerdict, pending, read_verdict
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
        "purged": pl.Int64,
        "reason": pl.String,
        "n": pl.Int64,
    }
)


def delivery_ledger(
    home: Home,
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier],
    states: Iterable[State] = (),
) -> pl.DataFrame:
    """One line per delivery, table and reason (`LEDGER`), in order of supplier, delivery and table.

    `read` to `purged` are those of the table and repeat on each of its lines; a table without rejected rows
    has one line with a null reason. read = kept + rejected, rejected = sum of n; of kept rows `purged` are
    destroyed, and `superseded` not current though on disk. `status`: accepted; refused; pending (not judged
    yet, counts are null); not in catalogue (judged, but its supplier or table was taken out); purged (nothing
    is left of it); what agreements make of it (`states`: blocked, not linked); turned away (by the privacy
    gate: reasons are its rules, n their counts). Raises LedgerError when the files on disk do not add up.
    """
    current = _current_rows(home, contracts, suppliers)
    kept_out = {(s.supplier, s.table): s.state for s in states if not s.is_read}
    lines = [*_judged(home, contracts, suppliers, current, kept_out), *_turned_away(home)]
    order = ("supplier", "period", "delivery", "table", "status", "reason")
    return pl.DataFrame(lines, schema=LEDGER, orient="row").sort(order)


def rejected_rows(home: Home, contracts: Mapping[str, Contract]) -> pl.DataFrame:
    """Every rejected row by file, row and column, with its reason and never a value (`REJECTED_ROWS`).

    A row at fault in several columns has a line for each. Reads the restricted zone.
    """
    of_each = (rejected.rejected_rows(d, home, contracts) for d in deliveries_below(home.stage("landing")))
    return pl.concat([pl.DataFrame(schema=REJECTED_ROWS), *of_each])


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
    kept_out: Mapping[tuple[str, str], str],
) -> Iterator[tuple[object, ...]]:
    for delivery in pending(home):
        for table in Manifest.read(home.folder("landing", delivery)).tables:
            yield (*_names(delivery), table, "pending", None, None, None, None, None, None, 0)
    destroyed = lost_of(read_record(home))
    for delivery, table, judged in _verdicts(home):
        lost = destroyed.get((str(delivery), table), Lost())
        supplier = suppliers.get(delivery.supplier)
        listed = table in contracts and supplier is not None and table in supplier.tables
        if table in contracts:
            _check_files(delivery, judged, lost, home, contracts[table])
        superseded = judged.kept - lost.kept - current.get((delivery, table), 0)
        status = _status(judged, lost, kept_out.get((delivery.supplier, table)), listed)
        counts = (judged.read, judged.kept, judged.rejected, superseded, lost.kept)
        for reason, n in judged.reasons.items() or ((None, 0),):
            yield (*_names(delivery), table, status, *counts, reason, n)


def _turned_away(home: Home) -> Iterator[tuple[object, ...]]:
    for refusal in refusals(home):
        origin = (refusal.supplier, refusal.period, refusal.number)
        counts = Counter[tuple[str | None, str]]()
        for finding in refusal.findings:
            counts[finding.table, finding.rule] += finding.count
        for (table, rule), n in counts.items():
            yield (*origin, table, "turned away", None, None, None, None, None, rule, n)


def _status(judged: TableVerdict, lost: Lost, kept_out: str | None, listed: bool) -> str:
    if "validated" in lost.zones:
        return "purged"
    if not listed:
        return "not in catalogue"
    return kept_out or judged.status


def _check_files(
    delivery: DeliveryId, judged: TableVerdict, lost: Lost, home: Home, contract: Contract
) -> None:
    """Hold the verdict, less what was destroyed, against the files that this user may read."""
    if lost.is_begun or (contract.restricted and not os.access(home.restricted, os.X_OK)):
        return
    stages: dict[Stage, int] = {
        "validated": judged.kept - lost.kept,
        "rejected": judged.rejected - lost.rejected,
    }
    expected = [0 if stage in lost.zones else rows for stage, rows in stages.items()]
    found = [
        0 if stage in lost.zones else count_rows(_file(stage, delivery, home, contract), stage)
        for stage in stages
    ]
    if found != expected:
        raise LedgerError(
            f"{delivery}, {contract.name}: expected the verdict's {expected[0]} kept and {expected[1]} "
            f"rejected rows; found {found[0]} and {found[1]} in the files. Delete verdict.json in the "
            "delivery's folder under validated/ and run it again."
        )


def _file(stage: Stage, delivery: DeliveryId, home: Home, contract: Contract) -> Path:
    return home.folder(stage, delivery, restricted=contract.restricted) / f"{contract.name}.parquet"


def _names(delivery: DeliveryId) -> tuple[str, str, str]:
    return delivery.supplier, delivery.period, delivery.number
