"""A table of released counts that every night makes of one model, in a schema of its own in the warehouse.

It holds released counts only (`release.disclosure`) and carries the deliveries of its model, so that it can
be published with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from outcome_linkage.models.engine import (
    Built,
    ModelFailed,
    Record,
    comment,
    digest,
    records,
    transaction,
    write_records,
)
from outcome_linkage.models.small_table import SmallTable, create_table
from outcome_linkage.release.profiles import NHS_HES

SCHEMA = "ev_standing"


@dataclass(frozen=True)
class CountsTable:
    """Counts that `count` makes of the model `source`, ready for release.

    `columns`: type and words by name; those of `key` together are unique. `facts`: whatever else decides what
    `count` makes of its model, apart from the profile of disclosure.
    """

    name: str
    source: str
    description: str
    key: tuple[str, ...]
    columns: Mapping[str, tuple[str, str]]
    count: Callable[[duckdb.DuckDBPyConnection], pl.DataFrame]
    facts: tuple[object, ...] = ()


def build_counts(connection: duckdb.DuckDBPyConnection, table: CountsTable, run_id: str) -> Built:
    """Write the counts to the warehouse, unless nothing changed.

    Raises ModelFailed when the model is not built yet.
    """
    started = time.perf_counter()
    known = records(connection)
    if table.source not in known:
        raise ModelFailed(
            f"{table.name}: reads ['{table.source}'], not built yet. Build what it reads first."
        )
    facts = repr((dict(table.columns), table.facts, NHS_HES))
    fingerprint = digest(facts, known[table.source].fingerprint)
    deliveries = known[table.source].deliveries_fingerprint
    before = known.get(table.name)
    unchanged = before is not None and before.fingerprint == fingerprint
    with transaction(connection):
        rows = before.rows if before and unchanged else _write(connection, table)
        run_id = before.run_id if before and unchanged else run_id
        write_records(connection, [Record(table.name, fingerprint, deliveries, rows, run_id)])
    return Built(table.name, rows, fingerprint, unchanged, time.perf_counter() - started)


def _write(connection: duckdb.DuckDBPyConnection, table: CountsTable) -> int:
    counts = table.count(connection)
    connection.execute(f"create schema if not exists {SCHEMA}")
    kinds = {name: kind for name, (kind, _) in table.columns.items()}
    create_table(connection, table.name, SmallTable(kinds, counts.select(list(kinds)).rows()))
    comment(
        connection, table.name, table.description, {name: text for name, (_, text) in table.columns.items()}
    )
    return counts.height
