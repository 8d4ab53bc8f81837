"""Rates over calendar time, before and after the start of what is evaluated."""

from __future__ import annotations

import polars as pl

from outcome_linkage.evaluation.report import pictures
from outcome_linkage.evaluation.report.blocks import Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import counts, significant
from outcome_linkage.evaluation.words import name as plain

_GROUPS = ("area_code", "group1", "group2", "group3")
_MOST_LINES = 6
_PHASES = {"pre": "before the start", "post": "after the start"}


def series(run: Gathered) -> Section | None:
    """The section; None for a study without measures."""
    table = run.table("ev_area_period")
    if not table.height:
        return None
    pictures_of = [
        _picture(table.filter(pl.col("measure_id") == one.id), one.id, run) for one in run.study.measures
    ]
    words = Words(
        "Rates are made of released counts; a period in which few events were counted has none. Until "
        "outcomes may be shown, nothing is told of the time after the start."
    )
    return Section("series", "Rates over calendar time", [words, *pictures_of])


def _picture(table: pl.DataFrame, measure: str, run: Gathered) -> Picture:
    asked = next(one for one in run.study.measures if one.id == measure)
    phased = table.with_columns(pl.col("phase").replace(_PHASES).fill_null("never starts"))
    by = [name for name in _GROUPS if phased[name].n_unique() > 1]
    few_lines = not by or phased.select(by).n_unique() <= _MOST_LINES
    group = by if by and few_lines else ["phase"]
    summed = (
        phased.filter(pl.col("numerator").is_not_null())
        .group_by("period_start", *group)
        .agg(pl.col("numerator", "denominator").sum())
        .sort("period_start", *group)
    )
    released = counts(summed["numerator"].to_list(), run.profile)
    rows: list[tuple[str, str, str, float | None]] = []
    for row, shown in zip(summed.iter_rows(named=True), released, strict=True):
        name = ", ".join(plain(str(row[part])) for part in group)
        rate = None if shown.n is None or not row["denominator"] else shown.n / row["denominator"] * asked.per
        rows.append((str(row["period_start"]), name, shown.counts, rate))
    label = run.label(asked.id)
    drawn = [
        {"at": at, "group": name, "rate": None if rate is None else float(f"{rate:.3g}")}
        for at, name, _, rate in rows
    ]
    table_rows = [(at, name, n, significant(rate)) for at, name, n, rate in rows]
    return Picture(
        label,
        f"Lines of the rate per {asked.per:g} of {plain(asked.denominator.kind)}, every {asked.every}.",
        pictures.course(drawn, _start(phased)),
        Grid(("period from", "group", "events", f"per {asked.per:g}"), table_rows, words=2),
    )


def _start(table: pl.DataFrame) -> str | None:
    """The first period after the start, where there is one start for all; else there is nothing to mark."""
    starts = (
        table.filter(pl.col("phase") == _PHASES["post"])
        .group_by("area_code")
        .agg(pl.col("period_start").min())
    )
    days = starts["period_start"].unique().to_list()
    return str(days[0]) if len(days) == 1 else None
