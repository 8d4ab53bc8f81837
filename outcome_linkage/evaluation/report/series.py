"""Rates over calendar time, before and after the start of what is evaluated."""

from __future__ import annotations

from datetime import date

import polars as pl

from outcome_linkage.evaluation.report import pictures_over_time
from outcome_linkage.evaluation.report.blocks import Grid, Picture, Section, Words
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import counts, significant
from outcome_linkage.evaluation.words import name as plain

_GROUPS = ("area_code", "group1", "group2", "group3")
_MOST_LINES = 6
_STARTS, _NEVER = "starts", "never starts"


def series(run: Gathered) -> Section | None:
    """The section; None for a study without measures."""
    table = run.table("ev_area_period")
    if not table.height:
        return None
    pictures_of = [
        _picture(table.filter(pl.col("measure_id") == one.id), one.id, run) for one in run.study.measures
    ]
    words = Words(
        "Rates are made of released counts; a period in which few events were counted has none. Where units "
        "start at different times there is a broken rule at each, and those that start are one line all "
        "along, so that it stays of the same units. Until outcomes may be shown, a line ends where the first "
        "of its units starts."
    )
    return Section("series", "Rates over calendar time", [words, *pictures_of])


def _picture(table: pl.DataFrame, measure: str, run: Gathered) -> Picture:
    asked = next(one for one in run.study.measures if one.id == measure)
    begun = _with_course(table)
    by = [name for name in _GROUPS if begun[name].n_unique() > 1]
    group = by if by and begun.select(by).n_unique() <= _MOST_LINES else ["course"]
    summed = _summed(begun, group)
    released = counts(summed["numerator"].to_list(), run.profile)
    rows: list[tuple[str, str, str, float | None]] = []
    for row, shown in zip(summed.iter_rows(named=True), released, strict=True):
        name = ", ".join(plain(str(row[part])) for part in group)
        rate = None if shown.n is None or not row["denominator"] else shown.n / row["denominator"] * asked.per
        rows.append((str(row["period_start"]), name, shown.counts, rate))
    drawn = [
        {"at": at, "group": name, "rate": None if rate is None else float(f"{rate:.3g}")}
        for at, name, _, rate in rows
    ]
    table_rows = [(at, name, n, significant(rate)) for at, name, n, rate in rows]
    starts = _starts(table)
    began = f" Units start with the periods from {', '.join(map(str, starts))}." if starts else ""
    return Picture(
        run.label(asked.id),
        f"Lines of the rate per {asked.per:g} of {plain(asked.denominator.kind)}, "
        f"every {asked.every}.{began}",
        pictures_over_time.course(drawn, [str(start) for start in starts]),
        Grid(("period from", "group", "events", f"per {asked.per:g}"), table_rows, words=2),
    )


def _with_course(table: pl.DataFrame) -> pl.DataFrame:
    """Whether each place ever starts, which stays the same all along; everybody without a rollout."""
    ever = "all" if table["phase"].null_count() == len(table) else _NEVER
    starts = pl.col("phase").is_not_null()
    return table.with_columns(course=pl.when(starts).then(pl.lit(_STARTS)).otherwise(pl.lit(ever)))


def _summed(table: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """Events and denominators by period and group; of periods in which a part is hidden, none."""
    return (
        table.group_by("period_start", *group)
        .agg(pl.col("numerator", "denominator").sum(), hidden=pl.col("numerator").null_count())
        .filter(pl.col("hidden") == 0)
        .drop("hidden")
        .sort("period_start", *group)
    )


def _starts(table: pl.DataFrame) -> list[date]:
    """The first period after the start of some place, each once."""
    first = table.filter(pl.col("phase") == "post", pl.col("trend") == 1)
    days: list[date] = first["period_start"].unique().sort().to_list()
    return days
