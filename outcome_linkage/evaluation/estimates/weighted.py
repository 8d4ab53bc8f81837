"""Estimates from arms weighted to be alike, with the weights fitted anew in each draw of a seeded
bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.censoring import strata_of_censoring
from outcome_linkage.evaluation.estimates.curves import Grouped, Times, risk_values, time_values
from outcome_linkage.evaluation.estimates.estimate import (
    RATIOS,
    Asked,
    CannotEstimate,
    Estimate,
    Scale,
    refused,
)
from outcome_linkage.evaluation.estimates.few_clusters import few_clusters
from outcome_linkage.evaluation.estimates.incidence import by_arm, per_person, timed
from outcome_linkage.evaluation.estimates.interval import wald
from outcome_linkage.evaluation.estimates.resampling import Resampled, Weighting
from outcome_linkage.evaluation.estimates.sample import Floats, Ints, Sample, sample

Kind = Literal["binary", "count", "continuous", "cost"]
SCALES: dict[Kind, tuple[Scale, ...]] = {
    "binary": ("rd", "rr"),
    "count": ("irr",),
    "continuous": ("mean_diff",),
    "cost": ("mean_diff_gbp",),
}
Both = tuple[float, float]
MeansOf = Callable[[Floats], dict[Scale, Both]]
"""From weights of people to what arms a and b have on each scale."""


def weighted(frame: pl.DataFrame, asked: Asked, weighting: Weighting, kind: Kind) -> list[Estimate]:
    """Weighted differences and ratios of risks, rates or means, `ev_person` in.

    Normalised weighted means (Lunceford and Davidian 2004, Statistics in Medicine 23:2937); intervals from
    the standard deviation of `asked.draws` bootstrap draws of people or clusters, in each of which the
    propensity is fitted again. Fewer than 40 clusters: `few_clusters` with the weights as they are, which
    the method says.
    """
    scales = SCALES[kind]
    try:
        people = sample(frame, asked, person_time=kind == "count", partly=kind == "count")
        counts = people.counts(with_events=kind in ("binary", "count"), with_days=kind == "count")
        resampled = Resampled(people, asked, weighting)
        if people.few:
            return [replace(_few(resampled, people, asked, scale), **counts) for scale in scales]
        return [
            replace(one, **counts) for one in _estimates(resampled, asked, scales, _means(people, scales))
        ]
    except CannotEstimate as why:
        return [refused(asked, "ipt_weighted", scale, why) for scale in scales]


def weighted_incidences(
    frame: pl.DataFrame, asked: Asked, weighting: Weighting, horizon: int, censoring: Sequence[str] = ()
) -> list[Estimate]:
    """Weighted risks by the horizon and mean days without the outcome, with incomplete follow-up.

    Aalen-Johansen estimates of weighted arms (Cole and Hernan 2004, Computer Methods and Programs in
    Biomedicine 75:45); with `censoring` covariates also weighted by the inverse of the probability of not
    being censored.
    """
    scales: tuple[Scale, ...] = ("rd", "rr", "rmst_diff")
    try:
        people, times = timed(frame, asked)
        stratum = strata_of_censoring(people, times, horizon, censoring)
        happened = replace(people, value=((times.kind == 1) & (times.day <= horizon)).astype(np.float64))
        counts = happened.counts(with_days=True)
        resampled = Resampled(people, asked, weighting)
        if people.few:
            values = {scale: time_values if scale == "rmst_diff" else risk_values for scale in scales}
            parts = {
                scale: per_person(people, by_arm(people, times, horizon, stratum, values[scale]))
                for scale in scales
            }
            return [replace(_few(resampled, parts[scale], asked, scale), **counts) for scale in scales]
        means = _incidence_means(people, times, horizon, stratum)
        return [replace(one, **counts) for one in _estimates(resampled, asked, scales, means)]
    except CannotEstimate as why:
        return [refused(asked, "ipt_weighted_aalen_johansen", scale, why) for scale in scales]


def _few(resampled: Resampled, people: Sample, asked: Asked, scale: Scale) -> Estimate:
    """An estimate with few clusters; the weights are taken as known."""
    made = few_clusters(replace(people, weight=resampled.weights()), asked, scale)
    return replace(made, method=f"ipt_weighted_{made.method}")


def _estimates(resampled: Resampled, asked: Asked, scales: Sequence[Scale], means: MeansOf) -> list[Estimate]:
    """One estimate for each scale, its error from the draws."""
    found = means(resampled.weights())
    rows = [[contrast(scale, pairs[scale]) for scale in scales] for pairs in map(means, resampled.draws())]
    values = np.array(rows, dtype=np.float64).reshape(-1, len(scales))
    method = f"ipt_weighted_{resampled.target}"
    made = []
    for n, scale in enumerate(scales):
        drawn = values[np.isfinite(values[:, n]), n]
        if len(drawn) < max(2, 0.95 * asked.draws):
            why = "in more than one of twenty bootstrap draws an arm has no events or cannot be weighted."
            made.append(refused(asked, method, scale, why))
            continue
        est = contrast(scale, found[scale])
        est = float(np.exp(est)) if scale in RATIOS else est
        made.append(wald(asked, method, scale, est, float(drawn.std(ddof=1))))
    return made


def contrast(scale: Scale, pair: Both) -> float:
    """Difference of a pair, or logarithm of its ratio; nan if there is none."""
    a, b = pair
    if scale not in RATIOS:
        return a - b
    return float(np.log(a / b)) if a > 0 and b > 0 else np.nan


def _means(people: Sample, scales: Sequence[Scale]) -> MeansOf:
    arms = [(people.treated == arm).astype(np.float64) for arm in (1, 0)]
    sums = [(people.value * arm, people.pdays * arm) for arm in arms]

    def of(weight: Floats) -> dict[Scale, Both]:
        a, b = (_product(weight, value) / _product(weight, days) for value, days in sums)
        return dict.fromkeys(scales, (a, b))

    return of


def _product(one: Floats, other: Floats) -> float:
    """Sum of products, without the threads of a matrix library."""
    return float(np.einsum("i,i", one, other))


def _incidence_means(people: Sample, times: Times, horizon: int, stratum: Ints) -> MeansOf:
    """Strata of an arm count as they weigh; nan where nobody of one is followed to the horizon."""
    strata, place = np.unique(stratum, return_inverse=True)
    many = len(strata)
    group = place + many * people.treated.astype(np.int64)
    grouped = Grouped(times, group, 2 * many, horizon)

    def of(weight: Floats) -> dict[Scale, Both]:
        made = grouped.curves(weight)
        share = np.bincount(group, weights=weight, minlength=2 * many).astype(np.float64)
        risk, time = (
            _standardised(share, np.where(made.followed, values, np.nan))
            for values in (made.incidence[:, -1], (1 - made.incidence[:, :-1]).sum(axis=1))
        )
        return {"rd": risk, "rr": risk, "rmst_diff": time}

    return of


def _standardised(share: Floats, values: Floats) -> Both:
    """Means of arms a and b over their strata, which come after those of the other."""
    b, a = (
        float((weight[weight > 0] * value[weight > 0]).sum() / weight.sum())
        for weight, value in zip(share.reshape(2, -1), values.reshape(2, -1), strict=True)
    )
    return a, b
