"""What an analyst asks first: who delivered, what ran last, what is published, what was repaired, disk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from assets.in_force import table_states
from assets.releases import KEY, WITHHELD
from outcome_linkage.agreements.in_force import State
from outcome_linkage.delivery.manifest import DeliveryId, deliveries_below
from outcome_linkage.delivery.receiving.refused import Refusal, refusals
from outcome_linkage.delivery.receiving.told import warnings_of
from outcome_linkage.delivery.validating.verdict import read_verdict, table_verdicts
from outcome_linkage.evaluation.repairs import REPAIR_COUNTS, met
from outcome_linkage.home import Home
from outcome_linkage.release import query as published
from pipelines.instance import opened
from pipelines.studies import Standing, studies_of
from schemas.catalogue import Supplier, load_suppliers

Row = dict[str, Any]
REPAIRED = "Rows repaired on their way into spells, as published: small counts hidden"
"""Rows kept and rejected are true counts of what was delivered; these are of the published copy."""


def status_of(home: Home, today: date) -> dict[str, list[Row]]:
    """The status as tables by title; agreements are judged on the day `today`."""
    suppliers = load_suppliers(home.root).values()
    return {
        "Deliveries": [_delivery(home, d) for d in deliveries_below(home.stage("landing"))],
        "Turned away by the privacy gate": [_refusal(refusal) for refusal in refusals(home)],
        "Suppliers": [_supplier(home, supplier) for supplier in suppliers],
        "Kept out by agreements": [_kept_out(s) for s in table_states(home, today) if s.state != "in force"],
        "Last runs": _runs(home),
        "Studies": [_study(one) for one in studies_of(home)],
        "Held back by the last night": _withheld(home),
        "Published": _published(home),
        REPAIRED: _repaired(home),
        "Disk": [_disk(home, name) for name in ("landing", "validated", "restricted", "published")],
    }


def _delivery(home: Home, delivery: DeliveryId) -> Row:
    verdict = read_verdict(home, delivery)
    refused = [v.table for v in table_verdicts(home, delivery).values() if v.status == "refused"]
    state = verdict.status if verdict else ("refused" if refused else "waiting")
    tables = verdict.tables.values() if verdict else ()
    return {
        "delivery": str(delivery),
        "state": state,
        "kept": sum(table.kept for table in tables),
        "rejected": sum(table.rejected for table in tables),
        "refused tables": ", ".join(refused),
        "warnings": ", ".join(dict.fromkeys(finding.rule for finding in warnings_of(home, delivery))),
    }


def _refusal(refusal: Refusal) -> Row:
    rules = sorted({finding.rule for finding in refusal.findings})
    place = f"{refusal.supplier}/{refusal.period}/{refusal.number}"
    return {"in restricted/refused": place, "rules": ", ".join(rules)}


def _supplier(home: Home, supplier: Supplier) -> Row:
    manifests = sorted(home.stage("landing").glob(f"{supplier.name}/*/*/manifest.json"))
    latest = max((path.stat().st_mtime for path in manifests), default=None)
    if latest is None:
        return {"supplier": supplier.name, "last received": "never", "fresh": "no"}
    received = datetime.fromtimestamp(latest, UTC)
    late = datetime.now(UTC) - received > timedelta(days=supplier.fresh_for_days)
    return {
        "supplier": supplier.name,
        "last received": received.isoformat(timespec="minutes"),
        "fresh": "no" if late else "yes",
    }


def _kept_out(state: State) -> Row:
    return {
        "supplier": state.supplier,
        "table": state.table,
        "state": state.state,
        "why": "; ".join(state.why),
        "agreed until": str(state.until or "no date"),
    }


def _runs(home: Home) -> list[Row]:
    with opened(home) as instance:
        records = instance.get_run_records(limit=5)
    return [_run(record) for record in records]


def _run(record: dg.RunRecord) -> Row:
    ended = datetime.fromtimestamp(record.end_time, UTC) if record.end_time else None
    return {
        "run": record.dagster_run.run_id[:8],
        "job": record.dagster_run.job_name,
        "state": record.dagster_run.status.value.lower(),
        "ended": ended.isoformat(timespec="seconds") if ended else "",
    }


def _study(one: Standing) -> Row:
    return {
        "study": one.study,
        "file": one.file or ("not run here" if one.shipped else "none"),
        "state": one.state,
    }


def _withheld(home: Home) -> list[Row]:
    """Why the copy for researchers is an older one, if it is."""
    with opened(home) as instance:
        last = instance.get_latest_materialization_event(KEY)
    made = last.asset_materialization if last else None
    why = made.metadata.get(WITHHELD) if made else None
    return [{"because": why.value}] if why else []


def _published(home: Home) -> list[Row]:
    if not home.published.exists():
        return []
    with published.opened(home.published) as connection:
        found = connection.execute("select table_name, rows from publication_info order by table_name")
        return [{"table": table, "rows": rows} for table, rows in found.fetchall()]


def _repaired(home: Home) -> list[Row]:
    """Released counts of the published copy: rules that met a row, and how many."""
    if not home.published.exists():
        return []
    with published.opened(home.published) as connection:
        if not _has(connection, REPAIR_COUNTS.name):
            return []
        return [
            dict(zip(("rule", "table", "supplier", "rows", "of"), row, strict=True))
            for row in met(connection)
        ]


def _has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table is published: agreements may have left it out, or the copy be of before it was made."""
    listed = connection.execute("select 1 from publication_info where table_name = ?", [table])
    return bool(listed.fetchall())


def _disk(home: Home, name: str) -> Row:
    root: Path = home.root / name
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    return {"folder": name, "MB": round(size / 1e6, 1)}
