"""One step of an evaluation: a working table and the SQL that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import duckdb

from outcome_linkage.models.engine import literal

BEGINNING, NEVER = "date '1900-01-01'", "date '2999-12-31'"


class Step(NamedTuple):
    """A working table; `sql` is a select."""

    table: str
    sql: str


def take(connection: duckdb.DuckDBPyConnection, steps: Iterable[Step]) -> None:
    """Make each working table, in order. They live in the connection and vanish with it."""
    for step in steps:
        connection.execute(f"create or replace temp table {step.table} as {step.sql}")


def value(fact: Any) -> str:
    """A fact of the study as SQL."""
    if fact is None:
        return "null"
    if isinstance(fact, bool):
        return str(fact).lower()
    if isinstance(fact, date):
        return f"date '{fact}'"
    return str(fact) if isinstance(fact, int | float) else literal(str(fact))


def listed(columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> str:
    """A select of facts with these columns and types; of nothing where there are no rows."""
    casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in columns.items())
    filled = rows or [[None] * len(columns)]
    values = ",\n    ".join(f"({', '.join(map(value, row))})" for row in filled)
    where = "" if rows else "\nwhere false"
    return f"select {casts}\nfrom (values\n    {values}\n) as facts ({', '.join(columns)}){where}"


def in_list(names: Iterable[str]) -> str:
    """Names as the list of an SQL `in`; one that nothing is in without names."""
    return ", ".join(literal(name) for name in sorted(set(names))) or "null"
