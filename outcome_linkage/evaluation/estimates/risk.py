"""Risk difference and risk ratio where everybody was followed through the window."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, refused
from outcome_linkage.evaluation.estimates.few_clusters import few_clusters
from outcome_linkage.evaluation.estimates.interval import wald, within
from outcome_linkage.evaluation.estimates.regression import log_linear, mean_difference
from outcome_linkage.evaluation.estimates.sample import Sample, sample


def risks(frame: pl.DataFrame, asked: Asked) -> list[Estimate]:
    """Risk difference and ratio of a binary outcome, `ev_person` in.

    Independent people: Newcombe's hybrid score interval for the difference (Newcombe 1998, Statistics in
    Medicine 17:873, method 10) and Miettinen and Nurminen's score interval for the ratio (1985, Statistics
    in Medicine 4:213), both as statsmodels has them. Matched, repeated or clustered people: linear and
    log-linear (robust Poisson, Zou 2004, American Journal of Epidemiology 159:702) regression with
    cluster-robust errors; fewer than 40 clusters: `few_clusters`.
    """
    try:
        people = sample(frame, asked)
    except CannotEstimate as why:
        return [refused(asked, "risk", scale, why) for scale in ("rd", "rr")]
    counts = people.counts()
    made = _independent(people, asked, counts)
    if people.clustered_by is not None or people.weighted:
        made = _clustered(people, asked)
    return [replace(estimate, **counts) for estimate in made]


def _independent(people: Sample, asked: Asked, n: dict[str, Any]) -> list[Estimate]:
    four = (n["events_a"], n["n_a"], n["events_b"], n["n_b"])
    for seen, word in ((0, "nobody"), (n["n_a"] + n["n_b"], "everybody")):
        if n["events_a"] + n["events_b"] == seen:
            return [refused(asked, "risk", scale, f"{word} had the outcome.") for scale in ("rd", "rr")]
    a, b = n["events_a"] / n["n_a"], n["events_b"] / n["n_b"]
    se = float(np.sqrt(a * (1 - a) / n["n_a"] + b * (1 - b) / n["n_b"]))
    difference = within(asked, "risk_newcombe", "rd", a - b, *_interval(four, asked, "diff", "newcomb", se))
    if min(n["events_a"], n["events_b"]) == 0:
        return [difference, refused(asked, "risk", "rr", "one arm has no events: no finite ratio.")]
    se = float(np.sqrt(1 / four[0] - 1 / four[1] + 1 / four[2] - 1 / four[3]))
    return [
        difference,
        within(asked, "risk_score", "rr", a / b, *_interval(four, asked, "ratio", "score", se)),
    ]


def _interval(
    four: tuple[int, int, int, int], asked: Asked, compare: str, method: str, se: float
) -> tuple[float, float, float, float]:
    """Bounds, the error as it was given, and the p-value of the score test."""
    from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels also computes what is not asked for
        lo, hi = confint_proportions_2indep(*four, compare=compare, method=method, alpha=1 - asked.confidence)
        p: Any = test_proportions_2indep(*four, compare=compare, method="score").pvalue
    return float(np.real(lo)), float(np.real(hi)), se, float(p)


def _clustered(people: Sample, asked: Asked) -> list[Estimate]:
    if people.few:
        return [few_clusters(people, asked, scale) for scale in ("rd", "rr")]
    df = people.clusters - 2
    ratio, se = log_linear(people)
    difference, se_difference = mean_difference(people)
    return [
        wald(asked, "risk_cluster_robust", "rd", difference, se_difference, df),
        wald(asked, "risk_robust_poisson", "rr", ratio, se, df),
    ]
