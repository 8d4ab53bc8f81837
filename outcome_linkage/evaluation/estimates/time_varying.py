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
from outcome_linkage.evaluation.estimates.sample import FEW, Floats, Ints, clusters_of, floats

METHOD, METHOD_OF_FIRST = "time_varying_robust_poisson", "time_varying_cloglog"
ONE_PERIOD = "what time does cannot be told from what the exposure does: give the study a panel."


def time_varying(
    frame: pl.DataFrame, asked: Asked, covariates: Sequence[str] = (), *, first: bool = False
) -> Estimate:
    """Rate ratio from the rows of `ev_period`: `exposed`, `days_at_risk`, `whole_period`, `o_<id>`.

    Poisson regression with a level for each whole period and the covariates, errors robust to people or
    clusters (Andersen and Gill 1982, Annals of Statistics 10:1100, in pieces of constant rate; Lin and others
    2000). Of a `first` event, whose rows are those `up_to_first`, a ratio of hazards: whether it came in a
    row by complementary log-log regression, however long the row (Prentice and Gloeckler 1978, Biometrics
    34:57).
    Time before exposure is unexposed time of the same person, so none of it is immortal. Exposed time is
    later time: without periods in which both are seen, what time does would be taken for the exposure, and
    nothing is estimated. Fewer than 40 clusters are refused: exposure that changes cannot be dealt out anew.
    """
    method = METHOD_OF_FIRST if first else METHOD
    value = f"o_{asked.outcome}"
    rows = frame.filter(
        pl.col(value).is_not_null(), pl.col("exposed").is_not_null(), pl.col("days_at_risk") > 0
    )
    counts = _counts(rows, value)
    if min(counts["events_a"], counts["events_b"]) == 0:
        return refused(
            asked, method, "irr", "no events while exposed or while not: no finite ratio.", **counts
        )
    if rows["whole_period"].n_unique() == 1 and rows["person_key"].n_unique() < len(rows):
        return refused(asked, method, "irr", ONE_PERIOD, **counts)
    cluster, by = clusters_of(rows)
    clusters = int(cluster.max()) + 1
    if clusters < 2 or (by == "cluster_key" and clusters < FEW):
        why = f"{clusters} clusters; at least {FEW} are needed where exposure changes during follow-up."
        return refused(asked, method, "irr", why, **counts)
    est, se = _fitted(rows, value, covariates, cluster, first)
    return replace(wald(asked, method, "irr", est, se, clusters - 2), **counts)


def up_to_first(rows: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """Rows of each person up to that of the first event, which is 1."""
    value = pl.col(f"o_{outcome}")
    so_far = value.fill_null(0).cum_sum().over("person_key", "trial_no", order_by="period")
    return rows.filter(so_far - value.fill_null(0) == 0).with_columns(value.clip(0, 1))


def _fitted(
    rows: pl.DataFrame, value: str, covariates: Sequence[str], cluster: Ints, first: bool
) -> tuple[float, float]:
    from statsmodels.genmod.families import Binomial, Poisson
    from statsmodels.genmod.families.links import CLogLog
    from statsmodels.genmod.generalized_linear_model import GLM

    with_period = rows.with_columns(pl.col("whole_period").cast(pl.String))
    others = matrix(with_period, ["whole_period", *covariates])
    columns = np.column_stack([floats(rows["exposed"]), others])
    offset = np.log(floats(rows["days_at_risk"]))
    family = Binomial(link=CLogLog()) if first else Poisson()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = GLM(floats(rows[value]), columns, family=family, offset=offset)
        start = _start(floats(rows[value]), offset, columns.shape[1])
        found = model.fit(start_params=start, cov_type="cluster", cov_kwds={"groups": cluster})
    return math.exp(float(found.params[0])), float(found.bse[0])


def _start(events: Floats, offset: Floats, size: int) -> Floats:
    """One rate for all: from elsewhere the steps of a regression with an offset may go astray."""
    found = np.zeros(size)
    found[1] = math.log(events.sum() / np.exp(offset).sum())
    return found


def _counts(rows: pl.DataFrame, value: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for arm, exposed in (("a", True), ("b", False)):
        here = rows.filter(pl.col("exposed") == exposed)
        found[f"n_{arm}"] = here["person_key"].n_unique()
        found[f"events_{arm}"] = int(here[value].sum())
        found[f"pdays_{arm}"] = int(here["days_at_risk"].sum())
    return found
