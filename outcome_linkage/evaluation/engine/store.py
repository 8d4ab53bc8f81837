"""The tables of an evaluation, put in its schema all at once and as Parquet beside: always the same bytes.

Every table says which evaluation, version, specification and run it is of. The run is named after what went
into it (specification, engine, inputs) and not after when it ran, so that a second run gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from outcome_linkage.evaluation.engine.keys import has_parameters, key_people, keyed
from outcome_linkage.evaluation.engine.meaning import description_of, meanings
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.files import replacing
from outcome_linkage.keyed import key_pads
from outcome_linkage.models.engine import Record, comment, literal, transaction, write_records


@dataclass(frozen=True)
class Stamp:
    """What every table of a run carries."""

    evaluation_id: str
    spec_version: str
    spec_sha256: str
    run_id: str

    @property
    def columns(self) -> str:
        """The four columns as SQL."""
        return ", ".join(f"{literal(text)} as {name}" for name, text in vars(self).items())


def schema_of(study: Evaluation) -> str:
    """The schema of a study's tables."""
    return f"ev_{study.id}"


def store(
    connection: duckdb.DuckDBPyConnection,
    study: Evaluation,
    tables: Sequence[str],
    stamp: Stamp,
    secret: bytes,
    record: Record,
) -> dict[str, int]:
    """Replace the study's schema by these working tables, in one transaction; returns rows by table."""
    schema = schema_of(study)
    if study.index is not None:
        key_people(connection, secret)
    connection.execute("set preserve_insertion_order = true")
    try:
        with transaction(connection):
            connection.execute(f"create schema if not exists {schema}")
            for gone in _tables(connection, schema):
                connection.execute(f"drop table {schema}.{gone}")
            rows = {name: _write(connection, schema, name, stamp, secret) for name in tables}
            write_records(connection, [record])
    finally:
        connection.execute("set preserve_insertion_order = false")
    return rows


def write_parquet_beside(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, tables: Sequence[str], folder: Path
) -> Mapping[str, Path]:
    """One Parquet file a table, each whole or not at all. Files of tables that are no more are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("ev_*.parquet"):
        if old.stem not in tables:
            old.unlink()
    connection.execute("set preserve_insertion_order = true")
    try:
        return {name: _parquet(connection, f"{schema_of(study)}.{name}", folder) for name in tables}
    finally:
        connection.execute("set preserve_insertion_order = false")


def _parquet(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> Path:
    path = folder / f"{table.partition('.')[2]}.parquet"
    with replacing(path) as beside:
        connection.execute(
            f"copy (select * from {table}) to {literal(str(beside))} (format parquet, compression zstd)"
        )
    return path


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    sql = (
        "select table_name from duckdb_tables() where database_name = current_database() and schema_name = ?"
    )
    return [name for (name,) in connection.execute(sql, [schema]).fetchall()]


def _write(connection: duckdb.DuckDBPyConnection, schema: str, name: str, stamp: Stamp, secret: bytes) -> int:
    columns = connection.sql(f"select * from temp.{name} limit 0").columns
    select = f"select s.*, {stamp.columns} from ({keyed(name, columns)}) as s order by all"
    parameters = key_pads(secret) if has_parameters(columns) else None
    target = f"{schema}.{name}"
    connection.execute(f"create table {target} as {select}", parameters)
    words = meanings([*columns, *vars(stamp)])
    comment(connection, target, description_of(name), words)
    row = connection.execute(f"select count(*) from {schema}.{name}").fetchone()
    return int(row[0]) if row else 0
