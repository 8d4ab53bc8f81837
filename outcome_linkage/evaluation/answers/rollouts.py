"""Estimates of units that start at different times, and of rates before and after a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import numpy as np
import polars as pl

from outcome_linkage.evaluation.answers.asking import MAIN, asked_of, in_whom, unanswered
from outcome_linkage.evaluation.answers.frames import get
from outcome_linkage.evaluation.answers.people import people
from outcome_linkage.evaluation.estimates.dose import DOSE, by_dose
from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, Scale
from outcome_linkage.evaluation.estimates.interrupted import interrupted
from outcome_linkage.evaluation.estimates.panel import NEVER, Panel
from outcome_linkage.evaluation.estimates.staggered import event_study, staggered
from outcome_linkage.evaluation.estimates.stepped import stepped
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Measure

STARTED, NOT_STARTED = "started", "not_started"
AFTER, BEFORE = "after", "before"
MORE, AS_IT_IS = "with_a_higher_share", "without"
PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}
NO_PANEL = "units cannot be followed through their start without a panel with `anchor: calendar`."
STARTS_DIFFER = "units start on different days: one series has no one start. Use design `did` or `stepped`."


def rollout_answers(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, sensitivity_id: str
) -> Iterator[Estimate]:
    """Designs `did` and `stepped`: outcomes of people, and rates of places, started against not started."""
    with_panel = study.panel is not None and study.panel.anchor == "calendar"
    frame = people(connection, study, "ev_period") if with_panel and study.outcomes else None
    for outcome in study.outcomes:
        asked = asked_of(study, outcome, STARTED, NOT_STARTED, sensitivity_id)
        if frame is None:
            yield unanswered(asked, outcome.kind, NO_PANEL)
            continue
        scale: Scale = "rd" if outcome.kind == "binary" else "mean_diff"
        for one, rows in in_whom(study, frame, asked):
            yield from _started(study, rows, one, scale)
    for measure in study.measures:
        asked = asked_of(study, measure, STARTED, NOT_STARTED, sensitivity_id)
        try:
            panel = panel_of_rates(_rates(connection, measure), measure.per)
        except CannotEstimate as why:
            yield unanswered(asked, "continuous", str(why))
        else:
            yield from _started(study, panel, asked, "mean_diff")
            yield from _dosed(study, panel, asked)


def _dosed(study: Evaluation, panel: Panel, asked: Asked) -> Iterator[Estimate]:
    """The effect of a higher share, where the study asks for it."""
    if study.rollout is not None and (per := study.rollout.dose_per) is not None:
        yield by_dose(panel, replace(asked, a=MORE, b=AS_IT_IS, subgroup=f"{DOSE}{per:g}"), per)


def _started(
    study: Evaluation, given: pl.DataFrame | Panel, asked: Asked, scale: Scale
) -> Iterator[Estimate]:
    if study.design.type == "stepped":
        yield stepped(given, asked, scale)
        return
    yield staggered(given, asked, scale)
    if asked.sensitivity_id == MAIN and asked.subgroup == "all":
        yield from event_study(given, asked, scale)


def series_answers(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, sensitivity_id: str
) -> Iterator[Estimate]:
    """Design `its`: the level and the trend of each measure after the start, in the places that start."""
    for measure in study.measures:
        asked = asked_of(study, measure, AFTER, BEFORE, sensitivity_id)
        rows = _rates(connection, measure).filter(pl.col("phase").is_not_null())
        if rows.group_by("t").agg(pl.col("level").n_unique())["level"].max() not in (None, 1):
            yield unanswered(asked, "count", STARTS_DIFFER)
            continue
        number, unit = measure.every.split(" ")
        yield from interrupted(rows, asked, max(1, PER_YEAR[unit.rstrip("s")] // int(number)))


def _rates(connection: duckdb.DuckDBPyConnection, measure: Measure) -> pl.DataFrame:
    return get(connection, "ev_area_period").filter(pl.col("measure_id") == measure.id)


def panel_of_rates(rows: pl.DataFrame, per: float) -> Panel:
    """Places by periods, from the rows of one measure in `ev_area_period`; groups are added up.

    What the rate is per takes the place of people, events times `per` that of the sum of values. Places that
    the rollout does not name are not in it. Raises `CannotEstimate` for fewer than two.
    """
    cells = (
        rows.filter(pl.col("dose").is_not_null())
        .group_by("area_code", "t")
        .agg(pl.col("numerator", "denominator").sum(), pl.col("level", "trend", "dose").max())
    )
    first_period = (pl.col("t") - pl.col("trend") + 1).min()  # that of the rollout, seen or not
    starts = cells.filter(pl.col("level") == 1).group_by("area_code").agg(first=first_period)
    units, periods = (cells[name].unique().sort() for name in ("area_code", "t"))
    if len(units) < 2:
        raise CannotEstimate("fewer than two places of the rollout: what is due to it cannot be told apart.")
    place = (
        cells.select(pl.col("area_code").rank("dense") - 1, pl.col("t").rank("dense") - 1)
        .to_numpy()
        .T.astype(int)
    )
    below, above, dose = (np.zeros((len(units), len(periods))) for _ in range(3))
    below[place[0], place[1]] = cells["denominator"].fill_null(0).to_numpy()
    above[place[0], place[1]] = per * cells["numerator"].to_numpy()
    above[below == 0] = 0.0
    dose[place[0], place[1]] = cells["dose"].to_numpy()
    began = dict(starts.rows())
    first = [
        float(np.searchsorted(periods.to_numpy(), began[unit])) if unit in began else NEVER for unit in units
    ]
    return Panel(below, above, np.array(first), tuple(periods.to_list()), dose, per)
