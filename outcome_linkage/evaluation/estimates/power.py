"""The smallest effect that a study of this size would see."""

from __future__ import annotations

import math

from outcome_linkage.evaluation.estimates.estimate import CannotEstimate

MOST = 700.0
"""Logarithm of the largest risk that a number holds."""


def minimal_detectable_relative_risk(
    events: int, n_a: int, n_b: int, confidence: float = 0.95, power: float = 0.8
) -> float:
    """`exp((z_alpha + z_beta) / sqrt(events p (1 - p)))`, p the share of arm a.

    Schoenfeld 1983, Biometrics 39:499; the diagnostic of OHDSI's CohortMethod. Raises `CannotEstimate` where
    no relative risk could be seen: without events, or without people in an arm.
    """
    from scipy import stats

    if not n_a or not n_b:
        raise CannotEstimate("an arm has nobody: no effect could be seen.")
    share = n_a / (n_a + n_b)
    information = events * share * (1 - share)
    reach = float(stats.norm.ppf(0.5 + confidence / 2)) + float(stats.norm.ppf(power))
    if not information or reach / math.sqrt(information) > MOST:
        raise CannotEstimate("the outcome was seen in too few people: no effect could be seen.")
    return math.exp(reach / math.sqrt(information))
