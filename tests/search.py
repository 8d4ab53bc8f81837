"""Search everything below a folder, in whatever format it is kept, for values that must not be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import polars as pl


def found_below(root: Path, values: Iterable[str], leave_out: Iterable[Path] = ()) -> dict[str, list[str]]:
    """The values that occur, each with the files that hold it. Upper and lower case are the same."""
    wanted = {value: value.lower() for value in values}
    hits: dict[str, list[str]] = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        if any(path.is_relative_to(folder) for folder in leave_out):
            continue
        text = _text(path)
        for value, lower in wanted.items():
            if lower in text:
                hits.setdefault(value, []).append(path.relative_to(root).as_posix())
    return hits


def _text(path: Path) -> str:
    if path.suffix == ".parquet":
        return "\n".join(_cells(pl.read_parquet(path))).lower()
    if path.suffix == ".duckdb":
        return "\n".join(_database(path)).lower()
    return path.read_bytes().decode("utf-8", errors="replace").lower()


def _database(path: Path) -> Iterator[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            yield table
            yield from _cells(connection.sql(f'from "{schema}"."{table}"').pl())


def _cells(frame: pl.DataFrame) -> Iterator[str]:
    yield "\n".join(frame.columns)
    for name in frame.columns:
        values = frame[name].drop_nulls().unique()
        nested = values.dtype.is_nested()
        yield "\n".join(map(str, values.to_list()) if nested else values.cast(pl.String))
