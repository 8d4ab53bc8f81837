"""`ev_survival`: the cumulative incidence of every outcome that has a time, by arm."""

from __future__ import annotations

import duckdb
import polars as pl

from outcome_linkage.evaluation.answers.asking import asked_of
from outcome_linkage.evaluation.answers.people import arms_of, horizon_of, people
from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.incidence import SURVIVAL, survival_of
from outcome_linkage.evaluation.spec.evaluation import Evaluation

TIMED = ("binary", "time_to_event")
"""Kinds of outcome that have a time."""


def curves_of(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> pl.DataFrame:
    """The curves of a study, up to the last day on which somebody of the arm is followed."""
    frame = people(connection, study)
    parts = [pl.DataFrame(schema=SURVIVAL)]
    for outcome in study.outcomes:
        for arm in arms_of(study) if outcome.kind in TIMED else ():
            asked = asked_of(study, outcome, arm, arm)
            rows = frame.filter(pl.col("arm") == arm)
            last = rows.select(pl.col(f"o_{outcome.id}_t").max()).item()
            try:
                parts.append(survival_of(rows, asked, arm, min(horizon_of(outcome), last or 0)))
            except CannotEstimate:
                continue
    return pl.concat(parts)
