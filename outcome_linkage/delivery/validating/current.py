"""Which delivered rows hold today: what supersedes what, and the SQL that reads only current rows.

A `snapshot` replaces all that its supplier sent before of the table (its system, where each has its own), a
`period` what it sent for the same collection year; `append` adds, and a row whose primary key comes again
takes the place of the older one. Order is period, then number. Superseded rows stay on disk. Opt-outs are not
applied here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Literal

from outcome_linkage.agreements.destruction import destroyed_files
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.manifest import DeliveryId, Manifest, deliveries_below
from outcome_linkage.delivery.validating.verdict import PROVENANCE, read_verdict
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect

_SQL_TYPES = {
    "String": "varchar",
    "Date": "date",
    "Boolean": "boolean",
    "Int8": "tinyint",
    "Int16": "smallint",
    "Int32": "integer",
    "Int64": "bigint",
    "Float64": "double",
}


@dataclass(frozen=True)
class CurrentFile:
    """A validated file of which at least some rows may be current. `rows` counts all its rows."""

    table: str
    supplier: str
    delivery: DeliveryId
    path: Path
    rows: int
    collection_year: int | None
    covers_from: date | None
    covers_to: date | None
    mode: Literal["snapshot", "period", "append"]
    id_system: str | None = None


def current_files(
    home: Home,
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier],
    until: DeliveryId | None = None,
) -> dict[str, list[CurrentFile]]:
    """The files that hold current rows, by table, in order of supplier and delivery.

    Only accepted tables of deliveries with a verdict, from suppliers whose catalogue entry lists the table.
    `until`: as it was when that delivery was the last one.
    """
    current: dict[str, list[CurrentFile]] = {table: [] for table in contracts}
    for file in _accepted_files(home, contracts):
        if until is not None and file.delivery > until:
            break
        if file.supplier in suppliers and file.table in suppliers[file.supplier].tables:
            each_system = contracts[file.table].each_system
            kept = [older for older in current[file.table] if not _replaces(file, older, each_system)]
            current[file.table] = [*kept, file]
    return {
        table: sorted(files, key=lambda file: (file.supplier, file.delivery))
        for table, files in current.items()
    }


def current_sql(contract: Contract, files: Iterable[CurrentFile]) -> str:
    """A SELECT of the current rows in `files` of one table: the contract's columns, then provenance.

    Without files it is an empty table of the same columns and types.
    """
    plain, appended = _by_need(contract, files)
    parts = [_empty(contract)]
    if plain:
        parts.append(f"select * from {_read(plain)}")
    if appended:
        parts.append(f"select * from {_read(appended)} qualify {_is_latest(contract, appended)}")
    columns = ", ".join(f"{name}::{kind} as {name}" for name, kind in _types(contract).items())
    return f"select {columns} from ({' union all by name '.join(parts)})"


def current_rows(contract: Contract, files: Iterable[CurrentFile]) -> dict[DeliveryId, int]:
    """How many rows of each file are current; reads keys only where rows may be superseded one by one."""
    plain, appended = _by_need(contract, files)
    counts = {file.delivery: file.rows for file in plain}
    if appended:
        rows = current_sql(contract, appended)
        sql = f"select _period, _delivery, _supplier, count(*) from ({rows}) group by all"
        with connect() as connection:
            found = {DeliveryId(*row[:3]): row[3] for row in connection.execute(sql).fetchall()}
        counts |= {file.delivery: found.get(file.delivery, 0) for file in appended}
    return counts


def _accepted_files(home: Home, contracts: Mapping[str, Contract]) -> Iterable[CurrentFile]:
    """Every accepted table that was not destroyed since, oldest delivery first."""
    destroyed = destroyed_files(home)
    for delivery in deliveries_below(home.stage("landing")):
        verdict = read_verdict(home, delivery)
        if verdict is None:
            continue
        manifest = Manifest.read(home.folder("landing", delivery))
        for table, judged in verdict.tables.items():
            if table in contracts and judged.status == "accepted":
                delivered = manifest.tables[table]
                folder = home.folder("validated", delivery, restricted=contracts[table].restricted)
                if folder / delivered.file in destroyed:
                    continue
                yield CurrentFile(
                    table=table,
                    supplier=delivery.supplier,
                    delivery=delivery,
                    path=folder / delivered.file,
                    rows=judged.kept,
                    collection_year=delivered.collection_year,
                    covers_from=delivered.covers_from,
                    covers_to=delivered.covers_to,
                    mode=delivered.mode,
                    id_system=delivered.id_system,
                )


def _replaces(file: CurrentFile, older: CurrentFile, each_system: bool) -> bool:
    """Whether a later file of the table leaves no row of `older` current."""
    if file.supplier != older.supplier or file.mode == "append":
        return False
    if each_system and file.id_system != older.id_system:
        return False
    return file.mode == "snapshot" or file.collection_year == older.collection_year


def _by_need(contract: Contract, files: Iterable[CurrentFile]) -> tuple[list[CurrentFile], list[CurrentFile]]:
    """Files whose rows are all current, and those of suppliers where a later row may take another's place."""
    plain: list[CurrentFile] = []
    appended: list[CurrentFile] = []
    for _, group in groupby(sorted(files, key=lambda f: (f.supplier, f.delivery)), lambda f: f.supplier):
        of_one = list(group)
        later_appends = any(file.mode == "append" for file in of_one[1:])
        (appended if later_appends and contract.primary_key else plain).extend(of_one)
    return plain, appended


def _is_latest(contract: Contract, files: list[CurrentFile]) -> str:
    """The condition that no later append holds the same primary key of the same supplier."""
    order = "(_period || '/' || _delivery)"
    appends = [file.delivery for file in files if file.mode == "append"]
    listed = ", ".join(f"('{d.supplier}', '{d.period}', '{d.number}')" for d in appends)
    append_order = f"case when (_supplier, _period, _delivery) in ({listed}) then {order} end"
    key = ", ".join(("_supplier", *contract.primary_key))
    return f"{order} >= coalesce(max({append_order}) over (partition by {key}), {order})"


def _types(contract: Contract) -> dict[str, str]:
    types = {name: _SQL_TYPES[str(column.dtype)] for name, column in contract.columns.items()}
    return types | {name: "bigint" if name == "_row" else "varchar" for name in PROVENANCE}


def _empty(contract: Contract) -> str:
    columns = ", ".join(f"null::{kind} as {name}" for name, kind in _types(contract).items())
    return f"select {columns} where false"


def _read(files: Iterable[CurrentFile]) -> str:
    """The files by name, none of them taken for a pattern."""
    paths = (str(file.path).replace("'", "''") for file in files)
    literal = (re.sub(r"([\[*?])", r"[\1]", path) for path in paths)
    listed = ", ".join(f"'{path}'" for path in literal)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
