"""Which columns each column of a model is made of, read from the SQL.

sqlglot needs to know what columns the tables have; DuckDB's own catalogue tells it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import duckdb
from sqlglot import exp
from sqlglot.lineage import Node, lineage

from outcome_linkage.models.reads import SOURCES
from outcome_linkage.models.sql_file import DIALECT, Model

Columns = Mapping[str, Mapping[str, str]]  # table -> column -> type
Lineage = dict[str, set[tuple[str, str]]]  # column -> (table, column) it is made of

_TRACED: dict[tuple[str, str], Lineage] = {}
"""What this process traced already, by SQL and columns: models and the dictionary of a night ask the same."""


def column_catalogue(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Columns and types of every table that models can read: plain name, or `source.table`."""
    rows = connection.execute(
        "select database_name, schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where not internal and schema_name = 'main' "
        "and (database_name = current_database() or list_contains(?, database_name)) "
        "order by all",
        [list(SOURCES)],
    ).fetchall()
    catalogue: dict[str, dict[str, str]] = {}
    for database, _, table, column, kind in rows:
        name = f"{database}.{table}" if database in SOURCES else table
        catalogue.setdefault(name, {})[column] = kind
    return catalogue


def columns_of(connection: duckdb.DuckDBPyConnection, model: str) -> dict[str, str]:
    """Columns and types of the table of a model."""
    return {name: kind for name, kind, *_ in connection.execute(f"describe main.{model}").fetchall()}


def column_lineage(model: Model, columns: Columns) -> Lineage:
    """For each column of `model`, the columns of tables that its value is taken or computed from.

    Tables are named as the SQL names them. A constant has no origin. Columns that only decide which rows
    are kept or joined are not origins.
    """
    schema = _schema(model, columns)
    asked = (model.sql, repr(schema))
    if asked not in _TRACED:
        _TRACED[asked] = _traced(model, schema)
    return _TRACED[asked]


def _traced(model: Model, schema: dict[str, dict[str, dict[str, str]]]) -> Lineage:
    nodes = lineage(None, model.query, schema, dialect=DIALECT, db="main", trim_selects=False)
    assert isinstance(nodes, dict)
    return {name: _origins(nodes[name]) for name in model.columns if name in nodes}


def _schema(model: Model, columns: Columns) -> dict[str, dict[str, dict[str, str]]]:
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for name in (*model.reads.models, *model.reads.sources):
        source, _, table = name.rpartition(".")
        if name in columns:
            schema.setdefault(source or "main", {})[table] = dict(sorted(columns[name].items()))
    return schema


def _origins(node: Node) -> set[tuple[str, str]]:
    return {
        (_name(leaf.source), _column(leaf.name))
        for leaf in node.walk()
        if not leaf.downstream and isinstance(leaf.source, exp.Table) and leaf.source.name
    }


def _name(table: exp.Table) -> str:
    return table.name if table.db == "main" else f"{table.db}.{table.name}"


@cache
def _column(name: str) -> str:
    """The column of `table.column`, either of them perhaps quoted."""
    return exp.to_column(name).name
