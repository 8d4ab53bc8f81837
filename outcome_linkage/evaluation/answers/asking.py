"""What a study asks: who is compared with whom, in whom, about which outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from outcome_linkage.evaluation.answers.people import subgroup_column
from outcome_linkage.evaluation.estimates.estimate import Asked, Estimate, Scale, refused
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Kind, Measure, Outcome

MAIN = "main"
"""Sensitivity id of the study as it stands."""
NO_ESTIMATOR = "none"
"""Method of a question to which the design has no answer."""
MOST_LEVELS = 12
"""Levels beyond which a characteristic makes no subgroups; our own rule."""
SCALE_OF: dict[Kind, Scale] = {
    "binary": "rd",
    "count": "irr",
    "days": "mean_diff",
    "time_to_event": "rd",
    "continuous": "mean_diff",
}
"""Scale on which a question without an answer is told."""


def asked_of(
    study: Evaluation, about: Outcome | Measure, a: str, b: str, sensitivity_id: str = MAIN
) -> Asked:
    """One question of a study, with its confidence, draws and seed."""
    how = study.estimates
    return Asked(
        about.id,
        a,
        b,
        role=about.role,
        sensitivity_id=sensitivity_id,
        estimand=study.question.estimand or ("descriptive" if study.design.type == "descriptive" else "ate"),
        confidence=how.confidence,
        draws=how.bootstrap_draws,
        seed=how.seed,
    )


def in_whom(study: Evaluation, frame: pl.DataFrame, asked: Asked) -> Iterator[tuple[Asked, pl.DataFrame]]:
    """The question in everybody and, of the study as it stands, in each subgroup."""
    yield asked, frame
    for name in study.subgroups if asked.sensitivity_id == MAIN else ():
        column = subgroup_column(study, name)
        levels = frame[column].drop_nulls().unique().sort().to_list() if column in frame.columns else []
        for level in levels if len(levels) <= MOST_LEVELS else []:
            yield replace(asked, subgroup=f"{name}={level}"), frame.filter(pl.col(column) == level)


def unanswered(asked: Asked, kind: Kind, why: str) -> Estimate:
    """A question to which the study has no answer."""
    return refused(asked, NO_ESTIMATOR, SCALE_OF[kind], why)
