"""Which delivered columns a column of a model is made of, through however many models lie between."""

from __future__ import annotations

from collections.abc import Mapping

from outcome_linkage.dictionary.facts import Origin
from outcome_linkage.models.graph import Graph
from outcome_linkage.models.lineage import Columns, column_lineage

_SOURCES = {
    "validated": "delivered",
    "registry": "linkage",
    "reference": "reference",
    "catalogue": "catalogue",
}
Origins = Mapping[str, Mapping[str, frozenset[Origin]]]


def origins_of(graph: Graph, columns: Columns) -> Origins:
    """For every model and column of `graph`, where its values come from; `columns` as in `column_catalogue`.

    Columns that only decide which rows are kept or joined are not origins, and neither is what says where a
    row was delivered (`_file`, `_row` and their like).
    """
    found: dict[str, dict[str, frozenset[Origin]]] = {}
    for name in graph.order:
        lineage = column_lineage(graph.models[name], columns)
        found[name] = {
            column: frozenset().union(*(_followed(*behind, found) for behind in made_of))
            for column, made_of in lineage.items()
        }
    return found


def _followed(table: str, column: str, found: Origins) -> frozenset[Origin]:
    """One column of a model or a source, followed to the sources."""
    source, _, name = table.rpartition(".")
    if not source:
        return found[table].get(column, frozenset())
    if source == "validated" and column.startswith("_"):
        return frozenset()
    return frozenset([Origin(_SOURCES[source], name, column)])
