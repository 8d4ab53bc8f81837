"""`ev_estimates`: every question of a study, by its design."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from outcome_linkage.evaluation.answers.asking import MAIN, asked_of, unanswered
from outcome_linkage.evaluation.answers.cohorts import cohort_answers
from outcome_linkage.evaluation.answers.own_controls import own_control_answers
from outcome_linkage.evaluation.answers.rollouts import rollout_answers, series_answers
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.spec.design import SelfControlled
from outcome_linkage.evaluation.spec.evaluation import Evaluation

NOT_A_SERIES = (
    "a rate over calendar time is compared in the designs its, did and stepped; see ev_area_period."
)


def estimates_of(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, sensitivity_id: str = MAIN
) -> Iterator[Estimate]:
    """Every estimate of a study whose tables are made; a question without an answer says why."""
    design = study.design
    if isinstance(design, SelfControlled):
        yield from own_control_answers(connection, study, design, sensitivity_id)
    elif design.type == "its":
        yield from series_answers(connection, study, sensitivity_id)
        return
    elif design.type in ("did", "stepped"):
        yield from rollout_answers(connection, study, sensitivity_id)
        return
    else:
        yield from cohort_answers(connection, study, sensitivity_id)
    for measure in study.measures:
        yield unanswered(asked_of(study, measure, "all", "nobody", sensitivity_id), "count", NOT_A_SERIES)
