"""Costs and effects together, from `ev_cea`: differences, what one unit costs, and at what worth it pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from outcome_linkage.evaluation.report.blocks import Block, Grid
from outcome_linkage.evaluation.report.estimated import told
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import significant
from outcome_linkage.evaluation.words import name as plain

BASE = "base"
_ABOUT = ("contrast", "outcome", "perspective")
_SCENARIO = ("price", "discount_costs", "discount_effects")
_QUADRANTS = {
    "share_se": "cheaper and better",
    "share_ne": "dearer and better",
    "share_sw": "cheaper and worse",
    "share_nw": "dearer and worse",
}
Row = Mapping[str, Any]


def worth(run: Gathered) -> Iterator[Block]:
    """The tables; none where costs and effects were not compared, or may not be shown."""
    table, costs = run.table("ev_cea"), run.study.costs
    if not table.height or costs is None:
        return
    shown = table.filter(pl.col("d_cost").is_not_null() & ~pl.col("outcome").is_in(_hidden(run)))
    rates = costs.discount
    main = (
        (pl.col("price") == BASE)
        & (pl.col("discount_costs") == rates.costs)
        & (pl.col("discount_effects") == rates.effects)
    )
    once = shown.unique([*_ABOUT, *_SCENARIO], keep="first", maintain_order=True)
    if once.height:
        yield _differences(once.filter(main), run)
        yield _by_threshold(shown.filter(main), run)
        yield _scenarios(once.filter(~main), run)
    yield from _unsaid(table.filter(pl.col("d_cost").is_null()), run)


def _hidden(run: Gathered) -> list[str]:
    """Outcomes of which some estimate may not be shown: its effect would tell."""
    return sorted(
        {one.row.outcome for one in told(run) if one.is_main and one.why_not.startswith("not shown")}
    )


def _about(row: Row, run: Gathered) -> str:
    contrast = f", {run.contrast(row['contrast'])}" if len(run.arms) > 2 else ""
    return f"{run.label(row['outcome'])}, {plain(row['perspective'])}{contrast}"


def _differences(table: pl.DataFrame, run: Gathered) -> Grid:
    rows = [
        (
            _about(row, run),
            _range(row, "d_cost"),
            _range(row, "d_effect"),
            significant(row["icer"], 2),
            *(f"{row[name]:.0%}" for name in _QUADRANTS),
            row["reason"] or "",
        )
        for row in table.iter_rows(named=True)
    ]
    head = ("outcome and perspective", "cost, GBP", "avoided or gained", "GBP for one", *_QUADRANTS.values())
    return Grid(
        (*head, "remark"),
        rows,
        title="Cost and effect together, per person",
        note="The first arm less the one it is set against, with intervals; share of the draws in which it "
        "is cheaper or dearer, better or worse. Nothing here is a QALY: none was measured.",
        remark=True,
    )


def _by_threshold(table: pl.DataFrame, run: Gathered) -> Grid:
    thresholds = sorted(set(table["threshold"].drop_nulls().to_list()))
    chance = {
        (_about(row, run), row["threshold"]): f"{row['probability']:.0%}"
        for row in table.filter(pl.col("probability").is_not_null()).iter_rows(named=True)
    }
    rows = [
        (about, *(chance.get((about, threshold), "") for threshold in thresholds))
        for about in dict.fromkeys(about for about, _ in chance)
    ]
    return Grid(
        (
            "chance of being worth its cost, if one is worth",
            *(f"£{threshold:,.0f}" for threshold in thresholds),
        ),
        rows,
        title="What one would have to be worth",
        note="One event avoided, or one unit gained. The figure at which it pays is for those who decide.",
    )


def _scenarios(table: pl.DataFrame, run: Gathered) -> Grid:
    rows = [
        (
            _about(row, run),
            f"{row['price']} prices; costs at {row['discount_costs']:.1%}, "
            f"effects at {row['discount_effects']:.1%}",
            _range(row, "d_cost"),
            _range(row, "d_effect"),
        )
        for row in table.iter_rows(named=True)
    ]
    return Grid(
        ("outcome and perspective", "with", "cost, GBP", "avoided or gained"),
        rows,
        title="Other prices and rates of discount",
        words=2,
        folded=True,
    )


def _unsaid(table: pl.DataFrame, run: Gathered) -> Iterator[Grid]:
    """What could not be compared, and why; once for each reason."""
    once = table.filter(pl.col("reason").is_not_null()).unique(
        ["outcome", "perspective", "reason"], keep="first", maintain_order=True
    )
    rows = [(_about(row, run), str(row["reason"])) for row in once.iter_rows(named=True)]
    if rows:
        yield Grid(
            ("outcome and perspective", "why not"), rows, title="Not compared", words=2, folded=len(rows) > 5
        )


def _range(row: Row, name: str) -> str:
    ends = [significant(row[f"{name}_{end}"], 2, plus=True) for end in ("lo", "hi")]
    return f"{significant(row[name], 2, plus=True)} ({ends[0]} to {ends[1]})"
