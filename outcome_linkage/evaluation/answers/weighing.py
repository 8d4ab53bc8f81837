"""How the arms of a study are made alike, and how alike they are: `ev_balance`."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from outcome_linkage.evaluation.adjusted import by_weights
from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.answers.people import arms_of, covariates_of, people, variables_of
from outcome_linkage.evaluation.estimates.balance import balance
from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.propensity import Target, score_of, weights
from outcome_linkage.evaluation.estimates.resampling import Weighting
from outcome_linkage.evaluation.estimates.sample import Floats, own_weights
from outcome_linkage.evaluation.spec.evaluation import Evaluation


def weighting_of(study: Evaluation) -> Weighting | None:
    """Weights from the covariates; none where the study wants none, or its arms are alike by design.

    Matched arms have the weights of matching, and every clone has its like in the other arms.
    """
    if not by_weights(study):
        return None
    return Weighting(covariates_of(study), study.estimates.truncate_weights_at)


def target_of(study: Evaluation) -> Target:
    """Whose average effect the weights are for."""
    return "att" if study.question.estimand == "att" else "ate"


def put_balance(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> None:
    """`ev_balance`, with the weights that the estimates use. Needs `ev_person`."""
    frame, weighting = people(connection, study), weighting_of(study)

    def weight_of(rows: pl.DataFrame, first: str, other: str) -> Floats:
        own = own_weights(rows)
        if weighting is None or first == other:
            return own
        treated = (rows["arm"] == first).to_numpy().astype(np.float64)
        try:
            score = score_of(rows, weighting.covariates, treated, own)
        except CannotEstimate:
            return np.full(len(rows), np.nan)
        return own * weights(score, treated, target_of(study), weighting.truncate_at, own)

    put(connection, "ev_balance", balance(frame, arms_of(study), variables_of(study), weight_of))
