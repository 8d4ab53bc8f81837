"""The identities of a run in memory: suppliers, records, and the rows of tokens that describe them.

`identity.unit` is what the passes tell apart: a record at first, then a group of duplicates. `is_new` says
whether a row has come or changed since the last run; the others need no second look.
"""

from __future__ import annotations

import os
from pathlib import Path

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.digest import digest
from outcome_linkage.linkage.tokens import FIELD_TOKENS, TOKEN_COLUMNS
from outcome_linkage.warehouse import connect

IN_CLEAR = ("valid_from", "valid_to", "sex", "birth_month", "la_code", "imd_quintile", "ethnicity5")
# Half the machine: the other half is for Dagster, Polars and the file system.
_SHARE_OF_MEMORY = 0.5


def open_linkage(spill: Path) -> DuckDBPyConnection:
    """A database in memory that spills into `spill`, a folder of the restricted zone."""
    connection = connect()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _SHARE_OF_MEMORY
    connection.execute(f"set memory_limit = '{memory / 1e6:.0f}MB'")
    connection.execute(f"set temp_directory = '{spill}'")
    # else DuckDB tidies up the tables in memory after every large write, which takes longer than the write
    connection.execute("set wal_autocheckpoint = '1TB'")
    return connection


def load(connection: DuckDBPyConnection, tokens_sql: str, records_sql: str) -> None:
    """Make tables `supplier`, `record` and `identity`.

    `tokens_sql` gives the columns of the contract `link_tokens` and `_supplier`; `records_sql` gives
    (supplier, record_key) of every other table, so that who has no tokens gets an id too. Numbers follow
    the order of (supplier, record_key).
    """
    connection.execute(f"""
        create table known_key as
        select _supplier as supplier, record_key from ({tokens_sql})
        where _supplier is not null and record_key is not null
        union
        select supplier, record_key from ({records_sql}) as r(supplier, record_key)
        where supplier is not null and record_key is not null
    """)
    connection.execute("""
        create table supplier as
        select (row_number() over (order by supplier))::tinyint as supplier_no, supplier
        from (select distinct supplier from known_key)
    """)
    connection.execute("""
        create table record as
        select (row_number() over ())::integer as record, supplier_no, supplier, record_key
        from (select * from known_key join supplier using (supplier) order by supplier, record_key)
    """)
    connection.execute("drop table known_key")
    columns = ", ".join(f"t.{column}" for column in (*IN_CLEAR, *TOKEN_COLUMNS) if column != "sex")
    # numbered afterwards: a window over all rows would let one core read them
    connection.execute(f"""
        create table identity as
        select 0::integer as row, r.record as unit, r.record, r.supplier_no,
            true as is_new, coalesce(t.sex, 'unknown') as sex, {columns}
        from ({tokens_sql}) as t
        join record as r on r.supplier = t._supplier and r.record_key = t.record_key
    """)
    connection.execute("update identity set row = rowid + 1")


def input_hash(connection: DuckDBPyConnection, *settings: str) -> str:
    """Tells one input from another: what was loaded, who objects, and the settings of the run.

    Taken before withdrawn records are left out: it tells what came, not what became of it. Link keys do not
    count: all their parts have tokens of their own.
    """
    fields = ("record", *IN_CLEAR, *(token.name for token in FIELD_TOKENS))
    tables = {
        "identity": fields,
        "record": ("record", "supplier", "record_key"),
        "objection": ("supplier", "record_key", "scope", "from_date"),
    }
    return digest(connection, tables, *settings)
