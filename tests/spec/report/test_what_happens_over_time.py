"""Rates over the calendar, and effects by periods from the start, as a report may show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Estimate, as_frame
from outcome_linkage.evaluation.report.blocks import Picture
from outcome_linkage.evaluation.report.estimated import in_whom, told
from outcome_linkage.evaluation.report.event_study import event_studies
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.series import series
from tests.invented_run import study

MEASURE: dict[str, Any] = {
    "id": "restraint",
    "label": "Restraint",
    "role": "primary",
    "numerator": {"concept": "emergency_attendance", "source": "ecds_attendances"},
    "denominator": {"kind": "person_time"},
    "every": "6 months",
    "area": "lsoa21",
}
DAYS = [date(2021, 1, 1), date(2021, 7, 1), date(2022, 1, 1), date(2022, 7, 1)]
EFFECT = Estimate(
    outcome="restraint",
    role="primary",
    contrast="started - not_started",
    subgroup="event_time=0",
    sensitivity_id="main",
    method="did_group_time",
    estimand="att",
    scale="mean_diff",
    n_a=6,
    n_b=4,
    events_a=20,
    events_b=40,
    est=-2.25,
    lo=-4.0,
    hi=-0.5,
)


def places(hidden_after_start: bool = False) -> pl.DataFrame:
    """Two of ten wards each half-year start in July 2021 and January 2022; the others never."""
    rows = []
    for ward in range(10):
        first = {0: 1, 1: 1, 2: 2, 3: 2}.get(ward)
        for t, day in enumerate(DAYS):
            phase = None if first is None else "post" if t >= first else "pre"
            seen = None if hidden_after_start and phase == "post" else 10
            trend = t - first + 1 if first is not None and phase == "post" else 0
            rows.append(("restraint", f"W{ward}", day, None, None, None, seen, 1000.0, phase, trend))
    names = ["measure_id", "area_code", "period_start", "group1", "group2", "group3"]
    return pl.DataFrame(
        rows,
        schema=[*names, "numerator", "denominator", "phase", "trend"],
        orient="row",
        infer_schema_length=None,
    )


def run_of(*estimates: Estimate, table: pl.DataFrame | None = None) -> Gathered:
    """A study of nothing but one rate by ward, with these tables."""
    tables = {"ev_estimates": as_frame(estimates)} if estimates else {}
    tables |= {"ev_area_period": table} if table is not None else {}
    return Gathered(study(measures=[MEASURE], outcomes=[], arms=[], design={"type": "did"}), Path(), tables)


def picture(run: Gathered) -> Picture:
    made = series(run)
    assert made is not None
    return next(block for block in made.blocks if isinstance(block, Picture))


def test_units_that_start_at_different_times_are_one_line_all_along() -> None:
    """Forty events of four wards in each half-year, sixty of the six that never start; rules at starts."""
    made = picture(run_of(table=places()))
    assert made.table.rows[:2] == [
        ("2021-01-01", "never starts", "60", "10.0"),
        ("2021-01-01", "starts", "40", "10.0"),
    ]
    assert len(made.table.rows) == 8
    assert "from 2021-07-01, 2022-01-01." in made.alt


def test_a_line_ends_where_something_of_it_is_hidden() -> None:
    """From July on the wards that start would be fewer than before; the others go on."""
    rows = picture(run_of(table=places(hidden_after_start=True))).table.rows
    assert [row[0] for row in rows if row[1] == "starts"] == ["2021-01-01"]
    assert len([row for row in rows if row[1] == "never starts"]) == 4


def test_without_a_rollout_there_is_nothing_that_never_starts() -> None:
    table = places().with_columns(phase=pl.lit(None, pl.String))
    rows = picture(run_of(table=table)).table.rows
    assert {row[1] for row in rows} == {"all"}


def test_effects_by_period_stand_beside_the_one_before_the_start() -> None:
    """Of a period with few events nothing is shown but that; few wards are no few people."""
    few = replace(EFFECT, subgroup="event_time=1", events_a=3)
    before = replace(EFFECT, subgroup="event_time=-2", est=0.1, lo=-1.0, hi=1.2)
    run = run_of(EFFECT, few, before)
    (made,) = event_studies(told(run), run)
    assert [row[0] for row in made.table.rows] == ["\N{MINUS SIGN}2", "0", "+1"]
    assert [row[3] for row in made.table.rows] == ["+0.100", "\N{MINUS SIGN}2.25", ""]
    assert "0 to 7" in made.table.rows[2][5] and "3" not in made.table.rows[2][1:5]
    assert "for 2 periods of 6 months" in made.alt and "Of 1 before the start, 0 lie away" in made.alt
    assert made.svg.count("<svg") == 1


def test_an_effect_by_dose_says_for_how_many_points() -> None:
    """It is an answer of the study, in everybody."""
    dose = replace(
        EFFECT, subgroup="dose=0.1", scale="irr", method="dose_poisson", est=0.96, lo=0.93, hi=0.99
    )
    (made,) = told(run_of(dose))
    assert made.is_main and made.figure == "0.96"
    assert in_whom(made) == ["for 10 points of the share"]
