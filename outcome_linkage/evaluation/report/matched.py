"""Who else knew of day 0, where records are matched one to one: as seen, and bounded by recall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from outcome_linkage.evaluation.answers.recall import INDEX, bounds_of
from outcome_linkage.evaluation.report.blocks import Grid
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import percent, shares
from outcome_linkage.linkage_quality.recall import Found

BASIS = {"held_out_ids": "by held-out ids", "planted_records": "by planted records"}
_NOTE = (
    "At least: the share that was seen, to which missed links can only add; a wrong link is taken for right. "
    "If missed links were found: that share / recall. At most: that share / the lower end of recall, never "
    "above 100%. This is our own rule. It takes links to be missed as often among these people as among "
    "those by whom recall was estimated; planted records have damage that is chosen and not drawn."
)


def matched(run: Gathered) -> Iterator[Grid]:
    """The table, where a study matches records to day 0; every figure from what may be shown."""
    table = run.table("ev_ascertainment")
    rows = table.filter(pl.col("role") == INDEX).to_dicts() if table.height else []
    if not rows:
        return
    whole: dict[str, int] = {}
    for row in rows:
        whole[row["outcome"]] = whole.get(row["outcome"], 0) + row["n"]
    known = {row["outcome"]: row for row in rows if "+" in row["sources"]}
    nobody = {row["outcome"]: {**row, "n": 0} for row in rows}
    lines = [_line(run, row, whole[name]) for name, row in sorted({**nobody, **known}.items())]
    head = (
        "matched",
        "with",
        "known",
        "at least",
        "if missed links were found",
        "at most",
        "recall of links",
    )
    yield Grid(head, lines, title="Known to another agency", note=_NOTE, words=2, remark=True)


def _line(run: Gathered, row: Mapping[str, Any], whole: int) -> tuple[str, ...]:
    (seen,) = shares([(row["n"], whole)], run.profile)
    found = found_of(row)
    bounds = ("", "")
    if found is not None and seen.share is not None and not seen.about:
        made = bounds_of(seen.share, found)
        bounds = (f"{made.if_linked:.1%}", f"{made.high:.1%}")
    return (
        _definition(run, row["outcome"]),
        row["linked_source"],
        seen.counts,
        percent(seen, run.profile),
        *bounds,
        recall_words(row),
    )


def _definition(run: Gathered, measure: str) -> str:
    """What the measure counts, as the library has it; else its name in words."""
    table = run.table("ev_measures")
    known = dict(table.select("measure", "definition").iter_rows()) if "definition" in table.columns else {}
    return known.get(measure) or run.label(measure)


def found_of(row: Mapping[str, Any]) -> Found | None:
    """The recall that a row carries."""
    if row["recall"] is None:
        return None
    return Found(row["recall"], row["recall_lo"], row["recall_hi"], row["recall_basis"])


def recall_words(row: Mapping[str, Any]) -> str:
    """Such as `97.8% (94.1% to 99.8%), by held-out ids`; why not, where there is none."""
    found = found_of(row)
    if found is None:
        return f"not known: {row['reason']}" if row["reason"] else ""
    return f"{found.share:.1%} ({found.low:.1%} to {found.high:.1%}), {BASIS[found.basis]}"
