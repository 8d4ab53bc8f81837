"""Units of which a share is reached in steps, such as of their staff trained: events and person-days."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.evaluation import generators as made
from outcome_linkage.evaluation.estimates.dose import by_dose
from outcome_linkage.evaluation.estimates.estimate import Asked, Estimate
from outcome_linkage.evaluation.estimates.panel import Panel

PERIODS, STARTS, PER = 12, (2, 3, 4, 5, 6, 8, 99), 0.1


def reached(random: np.random.Generator, units: int, effect: float) -> Panel:
    """Each unit starts as dealt, or never, and is reached to a height of its own; shocks of a unit last.

    The rate is multiplied by `exp(-effect)` where everybody is reached, in proportion on the log scale.
    """
    starts = random.permutation(np.resize(np.array(STARTS), units))
    gap = np.arange(PERIODS) - starts[:, None]
    height = random.uniform(0.5, 1, (units, 1))
    dose = np.where(gap < 0, 0.0, height * np.clip(0.4 + 0.3 * gap, 0, 1))
    shock = random.normal(0, 0.15, (units, PERIODS))
    for place in range(1, PERIODS):
        shock[:, place] += 0.5 * shock[:, place - 1]
    level = random.normal(0, 0.4, (units, 1)) + 0.03 * np.arange(PERIODS)
    days = random.integers(600, 3000, (units, 1)) * np.ones((1, PERIODS))
    events = random.poisson(days * 0.02 * np.exp(level + shock - effect * dose))
    return Panel(
        days, 1000.0 * events.astype(np.float64), starts.astype(float), tuple(range(PERIODS)), dose, 1000.0
    )


def truth(effect: float) -> Mapping[str, float]:
    """By construction: the ratio of the two rates that each person-day is drawn from."""
    return {"ten points": float(np.exp(-effect * PER))}


def run(units: int) -> Callable[[np.random.Generator, float], Mapping[str, Estimate]]:
    """One run with so many units."""

    def once(random: np.random.Generator, effect: float) -> Mapping[str, Estimate]:
        return {"ten points": by_dose(reached(random, units, effect), Asked("value", made.A, made.B), PER)}

    return once
