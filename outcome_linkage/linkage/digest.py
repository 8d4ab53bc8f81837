"""Digests of tables in memory: equal rows, equal digest, in whatever order they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import duckdb


def digest(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[str]], *settings: str) -> str:
    """64 hex digits over the given columns of the given tables, and over any settings in their order.

    Row hashes are DuckDB's own, a tenth of the time of md5. They may differ between versions of DuckDB, so
    the version is part of the digest: a new version never takes a change for none, it only looks again.
    """
    parts = [duckdb.__version__, *settings]
    for table, columns in tables.items():
        sums = connection.execute(
            f"select count(*), sum(hash({', '.join(columns)})::hugeint) from {table}"
        ).fetchall()
        parts.append(f"{table}({','.join(columns)}): {sums}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
