"""What each table covered by month, and the gaps whose reason is known."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Block, Grid, Picture, Section
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import percent, shares
from outcome_linkage.evaluation.words import name as plain
from outcome_linkage.linkage_quality.released import Shown


def sources(run: Gathered) -> Section | None:
    """What each table covers by month; None where the run did not tell."""
    table = run.table("ev_coverage")
    if not table.height:
        return None
    return Section("sources", "Sources, and what they cover", [_calendar(table, run), *_gaps(table, run)])


def _calendar(table: pl.DataFrame, run: Gathered) -> Picture:
    """Every month as picture and as table, both of the same released shares."""
    ordered = table.sort("source", "supplier", "month")
    names = [f"{s}, {plain(by)}" for s, by in ordered.select("source", "supplier").iter_rows()]
    released = shares(ordered.select("n_covered", "n").iter_rows(), run.profile)
    found = dict(zip(zip(names, ordered["month"], strict=True), released, strict=True))
    months = sorted(set(table["month"].to_list()))
    drawn = [
        {"name": name, "month": month, "share": _colour(shown)}
        for (name, month), shown in found.items()
        if shown.of
    ]
    lines = dict.fromkeys(names)
    rows = [
        (month, *(_words(found[name, month], run) if (name, month) in found else "" for name in lines))
        for month in months
    ]
    return Picture(
        "Coverage calendar",
        f"Heat map: share of the people of the study whom each table covered, {months[0]} to {months[-1]}.",
        pictures.calendar(drawn, months),
        Grid(("month", *lines), rows),
        "Covered: on the 15th of the month the supplier had delivered that time, and the person lived in its "
        "area or was on its register. Whether a record would have been linked is told below. Where the "
        "covered, or all but them, are few and hidden, the colour is that of the middle of the range which "
        "the table gives.",
    )


def _colour(shown: Shown) -> float:
    """The released share; nearly all or nearly none where few of a small group are hidden."""
    return shown.share if shown.share is not None else float(shown.is_rest)


def _words(shown: Shown, run: Gathered) -> str:
    return percent(shown, run.profile) or (shown.part if shown.of else "")


def _gaps(table: pl.DataFrame, run: Gathered) -> Iterator[Block]:
    gaps = table.filter(pl.col("n_gap") > run.profile.hide_to)
    if not gaps.height:
        return
    spans = gaps.group_by("source", "supplier", "reason").agg(
        pl.col("month").min().alias("first"), pl.col("month").max().alias("last")
    )
    rows = [tuple(map(str, row)) for row in spans.sort("source", "supplier", "reason").iter_rows()]
    yield Grid(
        ("table", "supplier", "reason", "first month", "last month"),
        rows,
        title="Gaps with a reason",
        words=5,
    )
