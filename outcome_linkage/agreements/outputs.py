"""Which published tables agreements permit: one is left out when a table behind it may not be given out so.

What a published table is made of is read from the SQL. Whoever is in the registry came there by tokens.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from outcome_linkage.agreements.in_force import OPT_OUTS, TOKENS
from outcome_linkage.agreements.terms import COUNTS, ROWS, Agreements
from outcome_linkage.models.graph import Graph

EVALUATIONS = "ev_"
"""How the schema of an evaluation's tables starts: they hold released counts, all others rows of people."""


def kind_of(table: str) -> str:
    """What a published table gives out: rows or counts."""
    return COUNTS if table.startswith(EVALUATIONS) else ROWS


def delivered_behind(graph: Graph, model: str) -> set[str]:
    """The delivered tables that a model is made of, through however many models between.

    Objections are not among them: they hide rows, and are not given out.
    """
    sources = graph.sources_behind(model)
    by_tokens = {TOKENS} if any(source.startswith("registry.") for source in sources) else set()
    return {name for source in sources if (name := _delivered(source))} | by_tokens


def not_permitted(
    behind: Mapping[str, Collection[str]], agreements: Agreements, in_use: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """Published tables that may not be, with what stands in the way of each.

    `behind`: delivered tables by published table; `in_use`: suppliers whose rows of a delivered table are.
    """
    found = {
        table: list(_objections(kind_of(table), made_of, agreements, in_use))
        for table, made_of in behind.items()
    }
    return {table: reasons for table, reasons in found.items() if reasons}


def _objections(
    kind: str, made_of: Collection[str], agreements: Agreements, in_use: Mapping[str, Collection[str]]
) -> Iterator[str]:
    for table in sorted(made_of):
        for supplier in sorted(in_use.get(table, ())):
            terms = agreements.terms(supplier, table)
            if terms is None or kind not in (terms.outputs or ()):
                yield f"{supplier} does not permit {kind} of {table}"


def _delivered(source: str) -> str | None:
    kind, _, name = source.partition(".")
    return name if kind == "validated" and name != OPT_OUTS else None
