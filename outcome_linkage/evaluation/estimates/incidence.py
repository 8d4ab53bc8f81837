"""Risk by a horizon and time without the outcome, where follow-up may be incomplete; and `ev_survival`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.censoring import strata_of_censoring
from outcome_linkage.evaluation.estimates.curves import (
    Curve,
    Times,
    curve,
    incidence_errors,
    risk_values,
    time_values,
)
from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, Scale, refused
from outcome_linkage.evaluation.estimates.few_clusters import few_clusters
from outcome_linkage.evaluation.estimates.interval import wald
from outcome_linkage.evaluation.estimates.regression import mean_difference
from outcome_linkage.evaluation.estimates.sample import (
    Floats,
    Ints,
    Sample,
    in_arms,
    of_rows,
    own_weights,
    summed,
)

SURVIVAL: dict[str, type[pl.DataType]] = {
    "outcome": pl.String,
    "arm": pl.String,
    "day": pl.Int64,
    **dict.fromkeys(("n_at_risk", "n_event", "n_competing", "n_censored"), pl.Int64),
    "estimator": pl.String,
    **dict.fromkeys(("est", "lo", "hi"), pl.Float64),
}
"""Columns and types of `ev_survival`, without those that every table has."""
WEIGHTED = "_weighted"
"""Ending of an estimator whose people count by their weights."""


def incidences(
    frame: pl.DataFrame, asked: Asked, horizon: int, covariates: Sequence[str] = ()
) -> list[Estimate]:
    """Difference and ratio of risks by the horizon, and difference of mean days without the outcome.

    `frame` is `ev_person` with `o_<id>_t`, `o_<id>_d` and, as some enter late, `o_<id>_e`. With covariates,
    people are weighted by the inverse of the probability of not being censored so far (see `censoring`).
    Intervals by influence values, robust to clusters; fewer than 40 clusters: `few_clusters`.
    """
    scales: tuple[Scale, ...] = ("rd", "rr", "rmst_diff")
    try:
        people, times = timed(frame, asked)
        stratum = strata_of_censoring(people, times, horizon, covariates)
        risk = per_person(people, by_arm(people, times, horizon, stratum, risk_values))
        time = per_person(people, by_arm(people, times, horizon, stratum, time_values))
    except CannotEstimate as why:
        return [refused(asked, "aalen_johansen", scale, why) for scale in scales]
    happened = replace(people, value=((times.kind == 1) & (times.day <= horizon)).astype(np.float64))
    method = "aalen_johansen_censoring_weights" if covariates else "aalen_johansen"
    made = _estimates(risk, time, asked, method)
    return [replace(estimate, **happened.counts(with_days=True)) for estimate in made]


def _estimates(risk: Sample, time: Sample, asked: Asked, method: str) -> list[Estimate]:
    if risk.few:
        pairs: tuple[tuple[Sample, Scale], ...] = ((risk, "rd"), (risk, "rr"), (time, "rmst_diff"))
        return [few_clusters(people, asked, scale) for people, scale in pairs]
    df = risk.clusters - 2
    return [
        wald(asked, method, "rd", *mean_difference(risk), df),
        wald(asked, method, "rr", *ratio_of_means(risk), df),
        wald(asked, f"{method}_rmst", "rmst_diff", *mean_difference(time), df),
    ]


def per_person(people: Sample, values: Floats) -> Sample:
    """The same people with a value that is not per day at risk."""
    return replace(people, value=values, pdays=np.ones(len(values)))


def timed(frame: pl.DataFrame, asked: Asked) -> tuple[Sample, Times]:
    """People with a time and their times; the sample's values are 1 for the outcome, its days those at
    risk.
    """
    rows = in_arms(_with_time(frame, asked.outcome), asked)
    seen = rows[f"o_{asked.outcome}_d"] == 1
    times = _times(rows, asked.outcome, np.ones(len(rows)))
    people = of_rows(rows, asked, seen, pl.Series(times.day - times.entry))
    return people, replace(times, weight=people.weight)


def _with_time(frame: pl.DataFrame, outcome: str) -> pl.DataFrame:
    return frame.filter(pl.col(f"o_{outcome}_t").is_not_null() & pl.col(f"o_{outcome}_d").is_not_null())


def _times(rows: pl.DataFrame, outcome: str, weight: Floats) -> Times:
    """Raises `CannotEstimate` if somebody enters after the end."""
    late = f"o_{outcome}_e"
    entry = rows[late] if late in rows.columns else pl.zeros(len(rows), eager=True)
    times = Times(_ints(rows[f"o_{outcome}_t"]), _ints(rows[f"o_{outcome}_d"]), _ints(entry), weight)
    if np.any((times.entry >= times.day) & (times.entry > 0)):
        raise CannotEstimate("some people enter on or after the day on which their follow-up ends.")
    return times


def _ints(values: pl.Series) -> Ints:
    return np.asarray(values.cast(pl.Int64).to_numpy(), dtype=np.int64)


def by_arm(
    people: Sample, times: Times, horizon: int, stratum: Ints, values: Callable[[Times, int], Floats]
) -> Floats:
    """Pseudo-values within each arm and stratum of censoring; their mean is the standardised estimate."""
    found = np.zeros(len(people.treated))
    group = stratum * 2 + people.treated.astype(np.int64)
    for one in np.unique(group):
        here = group == one
        found[here] = values(times.part(here), horizon)
    return found


def ratio_of_means(people: Sample) -> tuple[float, float]:
    """Ratio of weighted means and the cluster-robust error of its logarithm, by the delta method.

    (nan, nan) if a mean is not positive.
    """
    mean, score = [], np.zeros(people.clusters)
    for arm, sign in ((1, 1.0), (0, -1.0)):
        weight = people.weight * (people.treated == arm)
        mean.append(float((weight * people.value).sum() / weight.sum()))
        if mean[-1] <= 1e-12:
            return np.nan, np.nan
        part = weight * (people.value - mean[-1]) / weight.sum()
        score += sign * summed(part, people.cluster) / mean[-1]
    n = people.clusters
    return mean[0] / mean[1], float(np.sqrt((score**2).sum() * n / (n - 1)))


def survival(frame: pl.DataFrame, asked: Asked, horizon: int) -> pl.DataFrame:
    """`ev_survival`: one row for each arm and day on which something happened, day 0 and the horizon.

    Counts of people, and the incidence with complementary log-log intervals: `km` without competing events,
    else `aj`. Its variance as in Marubini and Valsecchi 1995 (Analysing Survival Data, 10.3), which
    statsmodels uses; where people have weights, of matching or of clones, `_weighted` and a robust one.
    """
    return pl.concat([survival_of(frame, asked, arm, horizon) for arm in (asked.a, asked.b)])


def survival_of(frame: pl.DataFrame, asked: Asked, arm: str, horizon: int) -> pl.DataFrame:
    """The rows of one arm. Raises `CannotEstimate` if nobody in it has a time, or is followed throughout."""
    rows = in_arms(_with_time(frame, asked.outcome), replace(asked, a=arm, b=arm))
    if not len(rows):
        raise CannotEstimate(f"arm `{arm}` has nobody with a value.")
    return _one_arm(_times(rows, asked.outcome, own_weights(rows, asked.outcome)), asked, arm, horizon)


def _one_arm(times: Times, asked: Asked, arm: str, horizon: int) -> pl.DataFrame:
    from scipy import stats

    people = curve(replace(times, weight=np.ones(len(times.day))), horizon)
    censored = np.bincount(times.day[(times.kind == 0) & (times.day <= horizon)], minlength=horizon + 1)
    days = np.flatnonzero((people.any_event + censored > 0) | np.isin(np.arange(horizon + 1), (0, horizon)))
    estimator, est, se = _incidence(times, people, days)
    reach = float(stats.norm.ppf(0.5 + asked.confidence / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = reach * se / ((1 - est) * -np.log1p(-est))
        lo, hi = (1 - (1 - est) ** np.exp(side * spread) for side in (-1, 1))
    known = (est > 0) & (est < 1) & np.isfinite(spread)
    columns = {
        "outcome": [asked.outcome] * len(days),
        "arm": [arm] * len(days),
        "day": days,
        "n_at_risk": people.at_risk[days].round().astype(np.int64),
        "n_event": people.outcome[days].astype(np.int64),
        "n_competing": (people.any_event - people.outcome)[days].astype(np.int64),
        "n_censored": censored[days],
        "estimator": [estimator] * len(days),
        "est": est,
        "lo": pl.Series(np.where(known, lo, np.nan)).fill_nan(None),
        "hi": pl.Series(np.where(known, hi, np.nan)).fill_nan(None),
    }
    return pl.DataFrame(columns, schema=SURVIVAL)


def _incidence(times: Times, people: Curve, days: Ints) -> tuple[str, Floats, Floats]:
    """The estimator's name, and the incidence on these days with its standard error."""
    name = "aj" if np.any(times.kind > 1) else "km"
    if np.all(times.weight == times.weight[0]):
        se = _standard_errors(people.at_risk, people.outcome, people.any_event, people.free_before)
        return name, people.incidence[days], se[days]
    made = curve(times, people.horizon)
    return f"{name}{WEIGHTED}", made.incidence[days], incidence_errors(times, made, days)


def _standard_errors(at_risk: Floats, outcome: Floats, events: Floats, before: Floats) -> Floats:
    incidence = np.cumsum(before * _share(outcome, at_risk))
    free = _share(events, at_risk * (at_risk - events))
    variance = incidence**2 * np.cumsum(free) - 2 * incidence * np.cumsum(incidence * free)
    variance += np.cumsum(incidence**2 * free)
    variance += np.cumsum(before**2 * _share((at_risk - outcome) * outcome, at_risk**3))
    cross = before * _share(outcome, at_risk**2)
    variance += 2 * np.cumsum(incidence * cross) - 2 * incidence * np.cumsum(cross)
    found: Floats = np.sqrt(np.clip(variance, 0, None))
    return found


def _share(top: Floats, bottom: Floats) -> Floats:
    found: Floats = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
    return found
