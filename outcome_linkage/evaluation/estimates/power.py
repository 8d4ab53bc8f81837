"""The smallest effect that a study of this size would see."""

from __future__ import annotations

import math


def minimal_detectable_relative_risk(
    events: int, n_a: int, n_b: int, confidence: float = 0.95, power: float = 0.8
) -> float:
    """`exp((z_alpha + z_beta) / sqrt(events p (1 - p)))`, p the share of arm a; infinite without events.

    Schoenfeld 1983, Biometrics 39:499; the diagnostic of OHDSI's CohortMethod.
    """
    from scipy import stats

    share = n_a / (n_a + n_b)
    information = events * share * (1 - share)
    if information == 0:
        return math.inf
    reach = float(stats.norm.ppf(0.5 + confidence / 2)) + float(stats.norm.ppf(power))
    return math.exp(reach / math.sqrt(information))
