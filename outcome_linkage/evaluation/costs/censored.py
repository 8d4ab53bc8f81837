"""Mean costs up to a horizon where follow-up may end early."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from outcome_linkage.evaluation.estimates.curves import Times
from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.sample import Floats, Ints

METHOD = "ipw_partitioned_costs"


@dataclass(frozen=True)
class Cells:
    """Costs of people in periods (rows, each of a `person`) that are known; columns are kinds of costs.

    `last` is the end of the period, or the death before it. `times` tells when follow-up ended, counted from
    day 1, and whether by death (kind 1), after which nothing is spent, or by censoring (0).
    """

    times: Times
    horizon: int
    person: Ints
    last: Ints
    costs: Floats

    def means(self, weight: Floats) -> Floats:
        """Inverse-probability-weighted partitioned means of each column, up to the horizon.

        In each period, the costs of people not censored in it, over the probability of not being censored by
        then: `sum_j sum_i w_i D_ij M_ij / K(T_ij)` over `sum_i w_i` (Bang and Tsiatis 2000, Biometrika
        87:329, section 2.3). `T_ij` is the end of the period or the death before it. On one day death comes
        before censoring. Raises `CannotEstimate` if nobody is followed to the horizon.
        """
        times = self.times
        if not np.any(((times.day >= self.horizon) | (times.kind > 0)) & (weight > 0)):
            raise CannotEstimate(f"nobody is followed to day {self.horizon}: choose a shorter horizon.")
        stays = _uncensored_before(replace(times, weight=weight), self.horizon)[self.last]
        share = np.divide(weight[self.person], stays, out=np.zeros(len(stays)), where=stays > 0)
        return np.asarray(share @ self.costs / weight.sum(), dtype=np.float64)


def known_cells(times: Times, ends: Ints, person: Ints, period: Ints, costs: Floats) -> Cells:
    """The cells of people who were followed to the end of the period, or to their death.

    `ends` are the last days of periods, ascending; the last is the horizon.
    """
    day, end = times.day[person], ends[period]
    known = (day >= end) | (times.kind[person] > 0)
    return Cells(times, int(ends[-1]), person[known], np.minimum(day, end)[known], costs[known])


def _uncensored_before(times: Times, horizon: int) -> Floats:
    """Probability of not being censored before each day, 0 to the horizon: product-limit, censoring as the
    event.
    """
    size = horizon + 1
    day = np.minimum(times.day, size)
    at_risk = np.bincount(day, weights=times.weight, minlength=size + 1)[::-1].cumsum()[::-1][:size]
    inside = times.day <= horizon
    leaving = [
        np.bincount(times.day[here], weights=times.weight[here], minlength=size)
        for here in (inside & (times.kind > 0), inside & (times.kind == 0))
    ]
    exposed = at_risk - leaving[0]
    hazard = np.divide(leaving[1], exposed, out=np.zeros(size), where=exposed > 0)
    found: Floats = np.concatenate([[1.0], np.cumprod(np.clip(1 - hazard, 0.0, 1.0))[:-1]])
    return found
