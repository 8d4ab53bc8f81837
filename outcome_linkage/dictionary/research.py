"""The researchers' side of the dictionary, from the headers of SQL models and from the SQL itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

from outcome_linkage.agreements.outputs import delivered_behind
from outcome_linkage.delivery.contract import Contract
from outcome_linkage.dictionary.facts import Column, Origin, Table
from outcome_linkage.dictionary.origins import origins_of
from outcome_linkage.evaluation.counts_table import CountsTable
from outcome_linkage.evaluation.nightly import NIGHTLY
from outcome_linkage.models.graph import Graph
from outcome_linkage.models.header import Column as HeaderColumn
from outcome_linkage.models.lineage import column_catalogue
from outcome_linkage.release.publication import Publication

LAYERS = ("marts", "staging")
"""The folders of models that somebody queries; those between are steps."""
_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    **dict.fromkeys(("DOUBLE", "FLOAT", "DECIMAL"), "number"),
    **dict.fromkeys(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER"), "integer"
    ),
}


def research_tables(
    connection: duckdb.DuckDBPyConnection,
    graph: Graph,
    publication: Publication,
    contracts: Mapping[str, Contract],
) -> tuple[Table, ...]:
    """Every mart, the standing counts and every staging table; the models must stand in `connection`."""
    types = column_catalogue(connection)
    origins = origins_of(graph, types)

    def table(name: str) -> Table:
        model = graph.models[name]
        listed = publication.get(name, ())
        columns = (
            _column(column, types[name][column.name], listed, origins[name].get(column.name, ()), contracts)
            for column in model.columns.values()
        )
        return Table(
            name=name,
            group=model.folder,
            description=model.description,
            key=model.grain,
            columns=tuple(columns),
            caveat=_caveat(name, contracts),
            linked=tuple(sorted(delivered_behind(graph, name))),
        )

    ordered = sorted(
        (model for model in graph.models.values() if model.folder in LAYERS),
        key=lambda model: (LAYERS.index(model.folder), model.name),
    )
    found = [table(model.name) for model in ordered]
    marts = sum(model.folder == "marts" for model in ordered)
    counts = (_counts(table, graph, publication) for table in NIGHTLY)
    return (*found[:marts], *counts, *found[marts:])


def build_empty(connection: duckdb.DuckDBPyConnection, graph: Graph) -> None:
    """Make every model's table without a row, for its types; the sources must be attached."""
    for name in graph.order:
        connection.execute(f"create table {name} as select * from ({graph.models[name].sql}\n) limit 0")


def type_of(duckdb_type: str) -> str:
    """The Table Schema type of a type of DuckDB."""
    return "array" if duckdb_type.endswith("[]") else _TYPES.get(duckdb_type.partition("(")[0], "any")


def _column(
    column: HeaderColumn,
    duckdb_type: str,
    listed: Collection[str],
    origins: Collection[Origin],
    contracts: Mapping[str, Contract],
) -> Column:
    made_of = tuple(sorted(origins))
    return Column(
        name=column.name,
        type=type_of(duckdb_type),
        description=column.description,
        nullable=not column.not_null,
        unit=column.unit,
        code_list=_code_list(made_of, contracts) if duckdb_type == "VARCHAR" else None,
        published=column.name in listed,
        origins=made_of,
    )


def _caveat(model: str, contracts: Mapping[str, Contract]) -> str:
    """That of the delivered table whose rows a staging table holds (`stg_<sector>__<table>`)."""
    contract = contracts.get(model.partition("__")[2])
    return contract.caveat if contract else ""


def _code_list(origins: tuple[Origin, ...], contracts: Mapping[str, Contract]) -> str | None:
    """The code list of a column that is a delivered one and nothing else."""
    if len(origins) != 1 or origins[0].source != "delivered":
        return None
    return contracts[origins[0].table].columns[origins[0].column].code_list


def _counts(table: CountsTable, graph: Graph, publication: Publication) -> Table:
    """Counts that every night makes; they are no model, so that their words stand in Python."""
    listed = publication.get(table.name, ())
    columns = tuple(
        Column(name, type_of(kind.upper()), words, name not in table.key, published=name in listed)
        for name, (kind, words) in table.columns.items()
    )
    linked = tuple(sorted(delivered_behind(graph, table.source)))
    return Table(table.name, "marts", table.description, table.key, columns, linked=linked)
