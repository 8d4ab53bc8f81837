"""Cumulative incidence by day with competing events, late entry and weights, and each person's share in it.

The point estimate is statsmodels' `CumIncidenceRight`, to which a test holds it; that one has no late
entry, no standard error with weights and none for clusters, which the influence values here give.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.sample import Floats, Ints


@dataclass(frozen=True)
class Times:
    """When each person's follow-up ended, how, and how it began.

    `day` of the event or of censoring; `kind` 0 censored, 1 the outcome, 2 and more competing; at risk from
    the day after `entry`, or from day 0 where that is 0. On one day events come before censoring.
    """

    day: Ints
    kind: Ints
    entry: Ints
    weight: Floats

    def part(self, here: NDArray[Any]) -> Times:
        """Some of the people."""
        return Times(self.day[here], self.kind[here], self.entry[here], self.weight[here])


@dataclass(frozen=True)
class Curve:
    """Days 0 to the horizon: weights at risk, of the outcome, of any event; event-free, and incidence."""

    at_risk: Floats
    outcome: Floats
    any_event: Floats
    free_before: Floats
    free: Floats
    incidence: Floats

    @property
    def horizon(self) -> int:
        """The last day."""
        return len(self.incidence) - 1

    @property
    def time_without(self) -> float:
        """Mean days without the outcome up to the horizon: the area above the incidence.

        Without competing events, the restricted mean survival time (Royston and Parmar 2013, BMC Medical
        Research Methodology 13:152); with them, the horizon less the time lost (Andersen 2013, Statistics
        in Medicine 32:5278).
        """
        return float((1 - self.incidence[:-1]).sum())


def curve(times: Times, horizon: int) -> Curve:
    """The Aalen-Johansen estimate (Aalen and Johansen 1978, Scandinavian Journal of Statistics 5:141).

    Raises `CannotEstimate` if nobody is at risk on a day up to the horizon on which somebody could still have
    the outcome.
    """
    everybody = np.zeros(len(times.day), dtype=np.int64)
    made = Grouped(times, everybody, 1, horizon).curves(times.weight)
    if not made.followed[0]:
        raise CannotEstimate(f"nobody is followed on some day up to day {horizon}: choose a shorter horizon.")
    rows = (made.at_risk, made.outcome, made.any_event, made.free_before, made.free, made.incidence)
    return Curve(*(one[0] for one in rows))


@dataclass(frozen=True)
class Curves:
    """The columns of `Curve` of several groups, one a row; `followed` tells where the estimate holds."""

    at_risk: Floats
    outcome: Floats
    any_event: Floats
    free_before: Floats
    free: Floats
    incidence: Floats
    followed: NDArray[np.bool_]


class Grouped:
    """Times of people in groups, ready to be weighted again and again."""

    def __init__(self, times: Times, group: Ints, groups: int, horizon: int) -> None:
        self._shape = (groups, horizon + 2)
        size = horizon + 2
        day = group * size + np.minimum(times.day, horizon + 1)
        entry = group * size + np.minimum(times.entry, horizon + 1)
        seen = (times.day <= horizon) & (times.kind > 0)
        chosen = (times.entry > 0, seen, seen & (times.kind == 1))
        self._day = day
        self._late, self._any, self._outcome = (
            (here, at[here]) for here, at in zip(map(np.flatnonzero, chosen), (entry, day, day), strict=True)
        )

    def curves(self, weight: Floats) -> Curves:
        """Aalen-Johansen estimates of each group. On one day events come before censoring."""
        leaving = self._table(self._day, weight)
        come_later, any_event, outcome = (
            self._table(at, weight[here]) for here, at in (self._late, self._any, self._outcome)
        )
        at_risk = _from_the_end(leaving) - _from_the_end(come_later)
        at_risk = at_risk[:, :-1]
        at_risk[np.abs(at_risk) < 1e-9 * max(1.0, float(weight.sum()))] = 0.0
        any_event, outcome = any_event[:, :-1], outcome[:, :-1]
        stays = 1 - np.divide(any_event, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
        rate = np.divide(outcome, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
        free = np.cumprod(np.clip(stays, 0.0, 1.0), axis=1)
        before = np.concatenate([np.ones((len(free), 1)), free[:, :-1]], axis=1)
        followed = ~np.any((at_risk <= 0) & (before > 1e-12), axis=1)
        incidence = np.cumsum(before * rate, axis=1)
        return Curves(at_risk, outcome, any_event, before, free, incidence, followed)

    def _table(self, at: Ints, weight: Floats) -> Floats:
        rows, columns = self._shape
        found: Floats = np.bincount(at, weights=weight, minlength=rows * columns).astype(np.float64)
        return found.reshape(rows, columns)


def _from_the_end(table: Floats) -> Floats:
    found: Floats = table[:, ::-1].cumsum(axis=1)[:, ::-1]
    return found


def risk_values(times: Times, horizon: int) -> Floats:
    """A value for each person whose weighted mean is the risk by the horizon.

    Infinitesimal pseudo-values: the estimate plus the person's influence on it (Andersen, Klein and Rosthoj
    2003, Biometrika 90:15; influence as in Overgaard, Parner and Pedersen 2017, Annals of Statistics
    45:1988).
    """
    made = curve(times, horizon)
    later = made.incidence[-1] - made.incidence
    return made.incidence[-1] + _influence(times, made, made.free_before, later)


def time_values(times: Times, horizon: int) -> Floats:
    """The same for the mean time without the outcome."""
    made = curve(times, horizon)
    left = horizon - np.arange(horizon + 1.0)
    area = np.concatenate([made.incidence[:-1][::-1].cumsum()[::-1], [0.0]])
    later = area - left * made.incidence
    return made.time_without - _influence(times, made, made.free_before * left, later)


def incidence_errors(times: Times, made: Curve, days: Ints) -> Floats:
    """Standard errors of the incidence on these days, by influence values; weights are taken as known.

    Robust, as with weights the number at risk is no number of people (Lin and Wei 1989, Journal of the
    American Statistical Association 84:1074); people are taken as independent.
    """
    beyond = made.horizon + 1
    rows = np.column_stack([np.minimum(times.day, beyond), times.kind, np.minimum(times.entry, beyond)])
    alike, place = np.unique(rows, axis=0, return_inverse=True)
    squares = np.bincount(place.reshape(-1), weights=times.weight**2)
    each = Times(alike[:, 0], alike[:, 1], alike[:, 2], np.ones(len(alike)))
    found = np.zeros(len(days))
    for n, day in enumerate(days):
        part = Curve(*(getattr(made, one.name)[: day + 1] for one in fields(made)))
        later = part.incidence[-1] - part.incidence
        share = _influence(each, part, part.free_before, later) / len(alike)
        found[n] = np.sqrt((squares * share**2).sum())
    return found


def _influence(times: Times, made: Curve, direct: Floats, later: Floats) -> Floats:
    """Derivative of the estimate by each person's weight, times the sum of weights.

    `direct` is its derivative by the hazard of the outcome on each day; `later` what is still to come,
    which any event takes away.
    """
    safe = np.where(made.at_risk > 0, made.at_risk, np.inf)
    hazard, outcome = made.any_event / safe, made.outcome / safe
    stays = np.where(hazard < 1, 1 - hazard, np.inf)
    gain, loss = direct / safe, later / (stays * safe)
    expected = np.concatenate([[0.0], np.cumsum(gain * outcome - loss * hazard)])
    last = np.minimum(times.day, made.horizon)
    first = np.where(times.entry > 0, np.minimum(times.entry, made.horizon) + 1, 0)
    within = times.day <= made.horizon
    jump = within * ((times.kind == 1) * gain[last] - (times.kind > 0) * loss[last])
    found: Floats = (jump - (expected[last + 1] - expected[np.minimum(first, last + 1)])) * times.weight.sum()
    return found
