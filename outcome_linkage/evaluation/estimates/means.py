"""Difference of means: days, scores, costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, refused
from outcome_linkage.evaluation.estimates.few_clusters import few_clusters
from outcome_linkage.evaluation.estimates.interval import wald
from outcome_linkage.evaluation.estimates.regression import mean_difference
from outcome_linkage.evaluation.estimates.sample import sample


def difference_of_means(
    frame: pl.DataFrame, asked: Asked, scale: Literal["mean_diff", "mean_diff_gbp"] = "mean_diff"
) -> Estimate:
    """Mean of arm a less mean of arm b, `ev_person` in, with errors robust to unequal variances and clusters.

    Least squares with the sandwich of White (1980, Econometrica 48:817) or, clustered, Liang and Zeger (1986,
    Biometrika 73:13). Fewer than 40 clusters: `few_clusters`.
    """
    method = "mean_robust"
    try:
        people = sample(frame, asked)
    except CannotEstimate as why:
        return refused(asked, method, scale, why)
    counts = people.counts(with_events=False)
    if min(counts.values()) < 2:
        return refused(asked, method, scale, "an arm has fewer than two people with a value.", **counts)
    if people.few:
        return replace(few_clusters(people, asked, scale), **counts)
    est, se = mean_difference(people)
    return replace(wald(asked, method, scale, est, se, df=people.clusters - 2), **counts)
