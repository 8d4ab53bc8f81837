"""Frames as working tables, and working tables as frames."""

from __future__ import annotations

import duckdb
import polars as pl


def put(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Make or replace the working table `name` from a frame, with its columns, types and order of rows."""
    connection.register("_frame", frame.to_arrow())
    connection.execute(f"create or replace temp table {name} as select * from _frame")
    connection.unregister("_frame")


def get(connection: duckdb.DuckDBPyConnection, name: str, order: str = "all") -> pl.DataFrame:
    """The working table `name` as a frame, its rows ordered by `order`, so that no figure depends on luck."""
    return connection.sql(f"select * from temp.{name} order by {order}").pl()
