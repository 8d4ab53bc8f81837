"""Estimates of people who are followed from day 0 in arms: cohorts, matched or cloned, or changing arm."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import duckdb
import polars as pl

from outcome_linkage.evaluation.answers.asking import asked_of, in_whom, unanswered
from outcome_linkage.evaluation.answers.people import arms_of, covariates_of, horizon_of, people
from outcome_linkage.evaluation.answers.weighing import weighting_of
from outcome_linkage.evaluation.estimates.by_kind import cohort_estimates
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.estimates.time_varying import time_varying, up_to_first
from outcome_linkage.evaluation.spec.cohort import TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation

NOTHING_COMPARED = (
    "the study has one arm: nothing is compared. See ev_person and, for what happens once, ev_survival."
)


def cohort_answers(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, sensitivity_id: str
) -> Iterator[Estimate]:
    """Every outcome, the first arm against each other: plain estimates, and weighted ones beside them."""
    first, *others = arms_of(study)
    if not others:
        for outcome in study.outcomes:
            yield unanswered(
                asked_of(study, outcome, first, "nobody", sensitivity_id), outcome.kind, NOTHING_COMPARED
            )
        return
    if isinstance(study.assignment, TimeVarying):
        yield from _changing(connection, study, sensitivity_id)
        return
    frame, weighting = people(connection, study), weighting_of(study)
    censoring = covariates_of(study) if study.estimates.weights != "none" else []
    for outcome, other in product(study.outcomes, others):
        asked = asked_of(study, outcome, first, other, sensitivity_id)
        for one, rows in in_whom(study, frame, asked):
            yield from cohort_estimates(rows, one, outcome.kind, horizon_of(outcome), weighting, censoring)


def _changing(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, sensitivity_id: str
) -> Iterator[Estimate]:
    """Exposed against unexposed time; of a first event, only the time up to it."""
    frame = people(connection, study, "ev_period")
    first, *others = arms_of(study)
    for outcome in study.outcomes:
        rows = frame.with_columns(days_at_risk=pl.col(f"o_{outcome.id}_pt"))
        if outcome.kind != "count":
            rows = up_to_first(rows, outcome.id)
        asked = asked_of(study, outcome, first, " or ".join(others), sensitivity_id)
        for one, here in in_whom(study, rows, asked):
            yield time_varying(here, one, covariates_of(study), first=outcome.kind != "count")
