"""Rows of a table that repeat others: copies, and rows that contradict each other.

Only a whole table can tell, which may be longer than memory: DuckDB looks, and spills to disk what it must.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.validating.judge import FAULT
from outcome_linkage.warehouse import connect

MEMORY = "256MB"
"""What DuckDB may hold at once."""

# Rows whose hash is alike are few, and only they are compared in full.
_REPEATS = """
with suspect as (
    from kept where hash({identifying}) in (
        select hash({identifying}) as key from kept group by key having count(*) > 1
    )
),
copy as (select *, min(_row) over (partition by {columns}) as _first from suspect),
original as (select *, count(*) over (partition by {identifying}) as _alike from copy where _row = _first)
select _row, {record_key} as record_key, null as "column", 'duplicate_row' as reason
from copy where _row <> _first
union all
select _row, {record_key}, {key_name}, 'conflicting_key' from original where _alike > 1 and {has_key}
order by _row
"""


def repeats_in(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The faults (`FAULT`) of rows that repeat others; `frame` holds `_row` and the contract's columns.

    Of exact copies the first is kept. Rows that share a primary key but differ are all at fault, as nothing
    says which is right.
    """
    with connect() as connection:
        connection.register("kept", frame.to_arrow())
        return _repeats(connection, contract)


def repeats_on_disk(folder: Path, contract: Contract) -> pl.DataFrame:
    """As `repeats_in`, of all Parquet files of a folder together, in little memory.

    DuckDB is not started for a single file in which no two rows share what identifies them, as in most.
    """
    files = sorted(folder.glob("*.parquet"))
    if len(files) == 1 and not _alike(files[0], contract):
        return pl.DataFrame(schema=FAULT)
    with connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute("set temp_directory = $spill", {"spill": str(folder / "spill")})
        connection.read_parquet(str(folder / "*.parquet")).create_view("kept")
        return _repeats(connection, contract)


def _alike(file: Path, contract: Contract) -> bool:
    """Whether any two rows share what identifies them."""
    return bool(pl.read_parquet(file, columns=identifying(contract), glob=False).is_duplicated().any())


def _repeats(connection: duckdb.DuckDBPyConnection, contract: Contract) -> pl.DataFrame:
    key = ", ".join(contract.primary_key)
    query = _REPEATS.format(
        identifying=_quoted(identifying(contract)),
        columns=_quoted(list(contract.columns)),
        record_key="record_key" if contract.has_person else "null",
        key_name=f"'{key}'",
        has_key="true" if key else "false",
    )
    return connection.sql(query).pl().cast(FAULT)


def identifying(contract: Contract) -> list[str]:
    """The columns that rows must share to be copies or in conflict: primary key, else person, else all."""
    person = ["record_key"] if contract.has_person else []
    return list(contract.primary_key) or person or list(contract.columns)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
