"""Small tables of facts made in Python: their types, their rows, and the way into DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True)
class SmallTable:
    """Some thousand rows at most: DuckDB types by column, and rows in a total order."""

    columns: Mapping[str, str]
    rows: Sequence[tuple[Any, ...]]

    @property
    def text(self) -> str:
        """Everything in it, as one text to hash."""
        return repr((dict(self.columns), list(self.rows)))


def create_table(connection: duckdb.DuckDBPyConnection, name: str, table: SmallTable) -> None:
    """Create or replace the table `name` in DuckDB."""
    lists = ", ".join(f"unnest(${column}::{kind}[]) as {column}" for column, kind in table.columns.items())
    values = {column: [row[i] for row in table.rows] for i, column in enumerate(table.columns)}
    connection.execute(f"create or replace table {name} as select {lists}", values)
