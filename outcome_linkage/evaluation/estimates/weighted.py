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
from outcome_linkage.evaluation.estimates.curves import Times, curve, risk_values, time_values
from outcome_linkage.evaluation.estimates.estimate import (
    RATIOS,
    Asked,
    CannotEstimate,
    Estimate,
    Scale,
    refused,
)
from outcome_linkage.evaluation.estimates.few_clusters import few_clusters
from outcome_linkage.evaluation.estimates.incidence import by_arm, timed
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
                scale: replace(people, value=by_arm(people, times, horizon, stratum, values[scale]))
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
        a, b = (float(weight @ value) / float(weight @ days) for value, days in sums)
        return dict.fromkeys(scales, (a, b))

    return of


def _incidence_means(people: Sample, times: Times, horizon: int, stratum: Ints) -> MeansOf:
    groups = [
        [np.flatnonzero((people.treated == arm) & (stratum == one)) for one in np.unique(stratum)]
        for arm in (1, 0)
    ]
    parts = [[times.part(here) for here in arm if len(here)] for arm in groups]
    places = [[here for here in arm if len(here)] for arm in groups]

    def of(weight: Floats) -> dict[Scale, Both]:
        risk, free = [], []
        for part, place in zip(parts, places, strict=True):
            shares = np.array([weight[here].sum() for here in place])
            pairs = np.array([_one(times_, weight[here]) for times_, here in zip(part, place, strict=True)])
            both = (shares[:, None] * pairs)[shares > 0].sum(axis=0) / shares.sum()
            risk.append(float(both[0]))
            free.append(float(both[1]))
        found: dict[Scale, Both] = dict.fromkeys(("rd", "rr"), (risk[0], risk[1]))
        return {**found, "rmst_diff": (free[0], free[1])}

    def _one(part: Times, weight: Floats) -> Both:
        try:
            made = curve(replace(part, weight=weight), horizon)
        except CannotEstimate:
            return np.nan, np.nan
        return float(made.incidence[-1]), made.time_without

    return of
