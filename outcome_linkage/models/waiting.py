"""Models that wait: nobody ever delivered anything that they could hold.

Such a table is empty whatever else is known, so a night need not make it a step of its own.
"""

from __future__ import annotations

from collections.abc import Collection

from outcome_linkage.models.graph import Graph

DELIVERED = "validated."
RECORDS = "registry.record_person"
"""Joined to delivered rows only; any other table of the registry holds people without them."""


def waiting(graph: Graph, delivered: Collection[str]) -> tuple[str, ...]:
    """The models that wait for their first delivery, in the order of the graph.

    One waits where it is made of delivered tables, none of them in `delivered`, and of reference files.
    """
    return tuple(name for name in graph.order if _waits(graph.sources_behind(name), delivered))


def _waits(sources: set[str], delivered: Collection[str]) -> bool:
    tables = {source for source in sources if source.startswith(DELIVERED)}
    others = {source.partition(".")[0] for source in sources - tables - {RECORDS}}
    return bool(tables) and others <= {"reference"} and tables.isdisjoint(map(DELIVERED.__add__, delivered))
