"""Rates while exposed against rates while not yet exposed, where exposure changes during follow-up."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.covariates import matrix
from outcome_linkage.evaluation.estimates.estimate import Asked, Estimate, refused
from outcome_linkage.evaluation.estimates.interval import wald
from outcome_linkage.evaluation.estimates.sample import FEW, clusters_of, floats

METHOD = "time_varying_robust_poisson"
ONE_PERIOD = "what time does cannot be told from what the exposure does: give the study a panel."


def time_varying(frame: pl.DataFrame, asked: Asked, covariates: Sequence[str] = ()) -> Estimate:
    """Rate ratio from the rows of `ev_period`: `exposed`, `days_at_risk`, `whole_period`, `o_<id>`.

    Poisson regression with a level for each whole period and the covariates, errors robust to people or
    clusters (Andersen and Gill 1982, Annals of Statistics 10:1100, in pieces of constant rate; Lin and others
    2000). Time before exposure is unexposed time of the same person, so none of it is immortal. For a first
    event, rows after it are to be left out. Exposed time is later time: without periods in which both are
    seen, what time does would be taken for the exposure, and nothing is estimated. Fewer than 40 clusters are
    refused: exposure that changes cannot be dealt out anew.
    """
    value = f"o_{asked.outcome}"
    rows = frame.filter(
        pl.col(value).is_not_null(), pl.col("exposed").is_not_null(), pl.col("days_at_risk") > 0
    )
    counts = _counts(rows, value)
    if min(counts["events_a"], counts["events_b"]) == 0:
        return refused(
            asked, METHOD, "irr", "no events while exposed or while not: no finite ratio.", **counts
        )
    if rows["whole_period"].n_unique() == 1 and rows["person_key"].n_unique() < len(rows):
        return refused(asked, METHOD, "irr", ONE_PERIOD, **counts)
    cluster, by = clusters_of(rows)
    clusters = int(cluster.max()) + 1
    if clusters < 2 or (by == "cluster_key" and clusters < FEW):
        why = f"{clusters} clusters; at least {FEW} are needed where exposure changes during follow-up."
        return refused(asked, METHOD, "irr", why, **counts)
    est, se = _fitted(rows, value, covariates, cluster)
    return replace(wald(asked, METHOD, "irr", est, se, clusters - 2), **counts)


def _fitted(rows: pl.DataFrame, value: str, covariates: Sequence[str], cluster: Any) -> tuple[float, float]:
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    with_period = rows.with_columns(pl.col("whole_period").cast(pl.String))
    others = matrix(with_period, ["whole_period", *covariates])
    columns = np.column_stack([floats(rows["exposed"]), others])
    offset = np.log(floats(rows["days_at_risk"]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = GLM(floats(rows[value]), columns, family=Poisson(), offset=offset)
        found = model.fit(cov_type="cluster", cov_kwds={"groups": cluster})
    return math.exp(float(found.params[0])), float(found.bse[0])


def _counts(rows: pl.DataFrame, value: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for arm, exposed in (("a", True), ("b", False)):
        here = rows.filter(pl.col("exposed") == exposed)
        found[f"n_{arm}"] = here["person_key"].n_unique()
        found[f"events_{arm}"] = int(here[value].sum())
        found[f"pdays_{arm}"] = int(here["days_at_risk"].sum())
    return found
