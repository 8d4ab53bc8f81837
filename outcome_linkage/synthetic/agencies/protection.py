"""What follows an assessment: enquiries, plans for children in need, reviews of plans, and closure.

Shares and intervals are invented; a protection plan is reviewed after three months and then every six, as the
guidance has it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.window import day_in_week, year_of

_ENQUIRY_BEFORE: Final = 15  # days before the conference
_ENQUIRIES_TO_NOTHING: Final = 0.3  # of cases of abuse without a plan
_PLANNED: Final = 0.7  # of cases without a protection plan that go on
_FIRST_REVIEW, _NEXT_REVIEW = 85, 175
AFTER_ASSESSMENT: Final = ("RC8", "RC9")
_NOT_CHOSEN: Final = ("RC2", "RC6")  # death, and coming of age
_OTHER_FACTOR: Final = "20"


def on_a_working_day(day: np.ndarray) -> np.ndarray:
    """Each day, or the Monday after it."""
    weekday = day_in_week(day)
    return day + np.where(weekday >= 5, 7 - weekday, 0)


def enquiries(random: Random, cases: pl.DataFrame, plans: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Section 47 enquiries: case, started, conference (null: none was required).

    `first`: the first assessment of each case (case, started).
    """
    to_conference = plans.select("case", pl.col("start") - _ENQUIRY_BEFORE, conference="start")
    others = cases.filter("abuse").join(plans.select("case"), on="case", how="anti", maintain_order="left")
    others = others.join(first, on="case", maintain_order="left")
    asked = random.random(others.height) < _ENQUIRIES_TO_NOTHING
    later = pl.Series(random.integers(0, 6, others.height))
    alone = others.select(
        "case", "closure", start=pl.col("started") + later, conference=pl.lit(None, pl.Int64)
    ).filter(pl.Series(asked) & (pl.col("start") <= pl.col("closure")))
    rows = pl.concat([to_conference, alone.drop("closure").select(to_conference.columns)])
    return rows.rename({"start": "started"}).sort("case", "started")


def need_plans(random: Random, cases: pl.DataFrame, plans: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Plans for children in need: case, start, end. After a protection plan, or soon after the assessment."""
    rows = cases.join(first, on="case", maintain_order="left").join(
        plans.select("case", protected="end"), on="case", how="left", maintain_order="left"
    )
    planned = pl.Series(random.random(rows.height) < _PLANNED)
    soon = pl.col("authorised") + pl.Series(random.integers(5, 15, rows.height))
    rows = rows.with_columns(soon=soon, planned=planned)
    rows = rows.filter(pl.col("planned") | pl.col("protected").is_not_null())
    rows = rows.select("case", start=pl.coalesce("protected", "soon"), end=pl.col("closure"))
    return rows.filter(pl.col("start") < pl.col("end"))


def plan_reviews(random: Random, plans: pl.DataFrame) -> pl.DataFrame:
    """Reviews of protection plans: case, start (of the plan), day."""
    length = (plans["end"] - plans["start"]).to_numpy()
    number = np.maximum(1 + (length - _FIRST_REVIEW) // _NEXT_REVIEW, 0)
    rows = plans[np.repeat(np.arange(plans.height), number)].select("case", "start", "end")
    nth = rows.select(pl.int_range(pl.len()).over("case")).to_series().to_numpy()
    due = _FIRST_REVIEW + nth * _NEXT_REVIEW - random.integers(0, 12, rows.height)
    day = on_a_working_day(rows["start"].to_numpy() + due)
    return rows.with_columns(day=pl.Series(day)).filter(pl.col("day") <= pl.col("end")).drop("end")


def closed_for(cases: pl.DataFrame, assessments: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """The cases with a reason for closure that the rest allows: after assessment only in the year of one that
    was not followed by a protection plan, and never without any assessment."""
    latest = assessments.group_by("case").agg(pl.col("authorised").max())
    rows = cases.select("case", "closure", "reason").join(
        latest, on="case", how="left", maintain_order="left"
    )
    rows = rows.join(plans.select("case", protected=True), on="case", how="left", maintain_order="left")
    same_year = year_of(pl.col("authorised")) == year_of(pl.col("closure"))
    allowed = same_year.fill_null(False) & pl.col("protected").is_null()
    reason = (
        pl.when(pl.col("reason").is_in(AFTER_ASSESSMENT) & ~allowed).then(pl.lit("RC7")).otherwise("reason")
    )
    return cases.with_columns(rows.select(reason.alias("reason"), allowed.alias("after_assessment")))


def with_nothing_found(cases: pl.DataFrame, factors: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cases and factors: an assessment that found nothing (21) closes the case, or found something else."""
    nothing = cases.select("case", "reason", "after_assessment").join(
        factors.filter(pl.col("factor") == "21").select("case", nothing=True),
        on="case",
        how="left",
        maintain_order="left",
    )
    closes = (
        pl.col("nothing").fill_null(False) & pl.col("after_assessment") & ~pl.col("reason").is_in(_NOT_CHOSEN)
    )
    reason = (
        pl.when(closes & ~pl.col("reason").is_in(AFTER_ASSESSMENT)).then(pl.lit("RC8")).otherwise("reason")
    )
    told = nothing.select("case", reason=reason, closes=closes)
    found = factors.join(told.select("case", "closes"), on="case", how="left", maintain_order="left")
    other = (
        pl.when((pl.col("factor") == "21") & ~pl.col("closes"))
        .then(pl.lit(_OTHER_FACTOR))
        .otherwise("factor")
    )
    return cases.with_columns(told["reason"]).drop("after_assessment"), found.select("case", factor=other)
