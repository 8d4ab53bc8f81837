"""What a missed link may hide: recall beside the share linked, and bounds of what an agency knew.

A table without a register cannot tell who is missing from it. It carries the recall that was estimated for
its suppliers and those who tell day 0 (evaluation.md, B3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import duckdb
import polars as pl

from outcome_linkage.evaluation.answers.frames import get, put
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.linkage_quality.figures import ALL
from outcome_linkage.linkage_quality.recall import Found, Recall, pairs_of, pooled

INDEX = "index"
"""Role of what is known of day 0 itself."""
REGISTER = "a register: whoever is not found on it is not_linked"
SAME = "delivered by those who tell day 0: nothing has to be linked"
OTHER_LEVEL = "recall is estimated of links of the main level"
NOT_MEASURED = "too few true links between these suppliers could be judged by the last run of linkage quality"
OF_ALL = "of everybody: not estimated for this group"
NOT_MATCHED = "bounded only where records are matched one to one"
Types = dict[str, type[pl.DataType]]
SAID: Types = {
    **dict.fromkeys(("recall", "recall_lo", "recall_hi"), pl.Float64),
    **dict.fromkeys(("recall_basis", "reason"), pl.String),
}
"""Columns that say how many of the true links are found."""
BOUNDS: Types = dict.fromkeys(("pct_if_linked", "pct_lo", "pct_hi"), pl.Float64)
"""Columns of the bounds of a share."""
Row = dict[str, Any]


class Bounds(NamedTuple):
    """A share that an agency knew: as it would be if the missed links were found, and from where to where."""

    if_linked: float
    low: float
    high: float


def bounds_of(known: float, found: Found) -> Bounds:
    """Bounds of the share `known` (0 to 1) that was seen through links.

    Our own rule: at least as many are known as were seen; if links are missed as often among the known as
    among all true links, it is known / recall; at most known / the lower end of recall. Never above 1.
    """
    share, most = (min(1.0, known / part) if part else 1.0 for part in (found.share, found.low))
    return Bounds(share, known, most)


class Links(NamedTuple):
    """Who delivers each table, which keep a register, and who tells day 0."""

    suppliers: Mapping[str, frozenset[str]]
    registers: frozenset[str]
    origin: frozenset[str]
    level: str


def put_recall(connection: duckdb.DuckDBPyConnection, study: Evaluation, recalls: Sequence[Recall]) -> None:
    """Recall in `ev_linkage` and `ev_ascertainment`, and bounds in the latter."""
    links, linked = _links(connection, study), get(connection, "ev_linkage")
    said = [_said(links, recalls, row["source"], row["subgroup"], row["level"]) for row in linked.to_dicts()]
    put(connection, "ev_linkage", _beside(linked, said, SAID))
    knew = get(connection, "ev_ascertainment")
    total = pl.col("n").sum().over("outcome", "role")
    knew = knew.with_columns(pct=(100 * pl.col("n") / total).round(6))
    bounded = [_bounded(links, recalls, row) for row in knew.to_dicts()]
    put(connection, "ev_ascertainment", _beside(knew, bounded, {**SAID, **BOUNDS}))


def _beside(frame: pl.DataFrame, rows: list[Row], columns: Types) -> pl.DataFrame:
    return frame.hstack(pl.DataFrame(rows, schema=columns))


def _links(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> Links:
    """Day 0 is told by the table of its event, else by the registers of those who live there."""
    known = connection.execute("select source, supplier, register from in_source order by all").fetchall()
    names = {source for source, *_ in known}
    suppliers = {name: frozenset(s for source, s, _ in known if source == name) for name in names}
    registers = frozenset(source for source, _, register in known if register)
    event = study.index.event if study.index else None
    tells = [event.source] if event else sorted(registers)
    origin = frozenset(one for source in tells for one in suppliers.get(source, ()))
    return Links(suppliers, registers, origin, study.linkage_level)


def _said(links: Links, recalls: Sequence[Recall], source: str, by: str = ALL, group: str = ALL) -> Row:
    """Recall of the links to a table, or why there is none."""
    if source in links.registers:
        return {"reason": REGISTER}
    found, reason = _found(links, recalls, source, by, group)
    if found is None:
        return {"reason": reason}
    figures = {"recall": found.share, "recall_lo": found.low, "recall_hi": found.high}
    return {
        **{name: round(figure, 6) for name, figure in figures.items()},
        "recall_basis": found.basis,
        "reason": reason,
    }


def _found(
    links: Links, recalls: Sequence[Recall], source: str, by: str, group: str
) -> tuple[Found | None, str | None]:
    suppliers = links.suppliers.get(source, frozenset())
    if suppliers & links.origin:
        return None, SAME
    if links.level != "main":
        return None, OTHER_LEVEL
    pairs = pairs_of(suppliers, links.origin)
    own = pooled(recalls, pairs, by, group)
    everybody = own or pooled(recalls, pairs)
    return everybody, None if own else OF_ALL if everybody else NOT_MEASURED


def _bounded(links: Links, recalls: Sequence[Recall], row: Row) -> Row:
    """Recall and bounds of one set of tables that knew; of day 0 that is with the other table, or without."""
    if row["role"] != INDEX:
        return {"reason": NOT_MATCHED}
    said = _said(links, recalls, row["linked_source"])
    if said.get("recall") is None:
        return said
    found = Found(said["recall"], said["recall_lo"], said["recall_hi"], said["recall_basis"])
    share, without = row["pct"] / 100, "+" not in row["sources"]
    made = bounds_of(1 - share if without else share, found)
    parts = (1 - made.if_linked, 1 - made.high, 1 - made.low) if without else made
    return {**said, **{name: round(100 * part, 6) for name, part in zip(BOUNDS, parts, strict=True)}}
