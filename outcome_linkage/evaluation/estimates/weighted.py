"""Estimates from arms weighted to be alike, with the weights fitted anew in each draw of a seeded
bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.censoring import strata_of_censoring
from outcome_linkage.evaluation.estimates.covariates import matrix
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
from outcome_linkage.evaluation.estimates.propensity import Target, fitted, refitted, weights
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


@dataclass(frozen=True)
class Weighting:
    """How arms are made alike. Without covariates every weight is 1."""

    covariates: Sequence[str]
    truncate_at: float = 0.99


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
        made = _Weighted(people, asked, weighting)
        if people.few:
            return [replace(made.few(people, scale), **counts) for scale in scales]
        return [replace(one, **counts) for one in made.estimates(scales, _means(people, scales))]
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
        made = _Weighted(people, asked, weighting)
        if people.few:
            values = {scale: time_values if scale == "rmst_diff" else risk_values for scale in scales}
            parts = {
                scale: replace(people, value=by_arm(people, times, horizon, stratum, values[scale]))
                for scale in scales
            }
            return [replace(made.few(parts[scale], scale), **counts) for scale in scales]
        means = _incidence_means(people, times, horizon, stratum)
        return [replace(one, **counts) for one in made.estimates(scales, means)]
    except CannotEstimate as why:
        return [refused(asked, "ipt_weighted_aalen_johansen", scale, why) for scale in scales]


class _Weighted:
    """A sample with its propensity, and the draws from it."""

    def __init__(self, people: Sample, asked: Asked, weighting: Weighting) -> None:
        self._people, self._asked = people, asked
        self._truncate_at = weighting.truncate_at
        self._target: Target = "att" if asked.estimand == "att" else "ate"
        self._columns = matrix(people.frame, weighting.covariates)
        self._propensity = fitted(self._columns, people.treated, people.weight)

    def estimates(self, scales: Sequence[Scale], means: MeansOf) -> list[Estimate]:
        """One estimate for each scale."""
        found = means(self.weights())
        drawn = self._draws(means, scales)
        return [self._estimate(scale, found[scale], drawn[scale]) for scale in scales]

    def weights(self) -> Floats:
        """Weights as first fitted, on top of the people's own."""
        base = self._people.weight
        made = weights(self._propensity.score, self._people.treated, self._target, self._truncate_at, base)
        return made * base

    def few(self, people: Sample, scale: Scale) -> Estimate:
        """An estimate with few clusters; the weights are taken as known."""
        made = few_clusters(replace(people, weight=self.weights()), self._asked, scale)
        return replace(made, method=f"ipt_weighted_{made.method}")

    def _draws(self, means: MeansOf, scales: Sequence[Scale]) -> dict[Scale, Floats]:
        random = np.random.default_rng(self._asked.seed)
        rows: list[list[float]] = []
        for _ in range(self._asked.draws):
            drawn = self._drawn(random)
            if drawn is not None:
                pairs = means(drawn)
                rows.append([_contrast(scale, pairs[scale]) for scale in scales])
        values = np.array(rows, dtype=np.float64).reshape(-1, len(scales))
        return {scale: values[np.isfinite(values[:, n]), n] for n, scale in enumerate(scales)}

    def _drawn(self, random: np.random.Generator) -> Floats | None:
        """Weights of one draw of clusters with replacement; None if it cannot be fitted."""
        people, n = self._people, self._people.clusters
        base = people.weight * np.bincount(random.integers(0, n, n), minlength=n)[people.cluster]
        if min(base[people.treated == 1].sum(), base[people.treated == 0].sum()) == 0:
            return None
        try:
            score = refitted(self._columns, people.treated, base, self._propensity.coefficients)
        except np.linalg.LinAlgError:
            return None
        return weights(score, people.treated, self._target, self._truncate_at, base) * base

    def _estimate(self, scale: Scale, pair: Both, drawn: Floats) -> Estimate:
        method = f"ipt_weighted_{self._target}"
        if len(drawn) < 0.95 * self._asked.draws or len(drawn) < 2:
            why = "in more than one of twenty bootstrap draws an arm has no events or cannot be weighted."
            return refused(self._asked, method, scale, why)
        est = pair[0] / pair[1] if scale in RATIOS and pair[1] > 0 else pair[0] - pair[1]
        return wald(self._asked, method, scale, est, float(drawn.std(ddof=1)))


def _contrast(scale: Scale, pair: Both) -> float:
    a, b = pair
    if scale not in RATIOS:
        return a - b
    return float(np.log(a / b)) if a > 0 and b > 0 else np.nan


def _means(people: Sample, scales: Sequence[Scale]) -> MeansOf:
    arms = [people.treated == arm for arm in (1, 0)]

    def of(weight: Floats) -> dict[Scale, Both]:
        a, b = (
            float((weight * people.value)[arm].sum() / (weight * people.pdays)[arm].sum()) for arm in arms
        )
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
