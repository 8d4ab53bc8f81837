"""Intervals and p-values with fewer than 40 clusters, where robust errors are too small.

Clusters that are wholly in one arm: randomisation inference, the arms of clusters permuted. Clusters with
people of both arms: the wild cluster bootstrap with the null imposed. Both test one value of the effect;
the interval holds the values that are not rejected.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from outcome_linkage.evaluation.estimates.estimate import RATIOS, Asked, Estimate, Scale, refused
from outcome_linkage.evaluation.estimates.interval import within
from outcome_linkage.evaluation.estimates.sample import Floats, Sample, summed

MOST = 5000
"""Arrangements up to which all are looked at; beyond it they are drawn."""
DRAWS = 1999
WIDEST = 15.0
"""Widest interval of a ratio, either way, on the log scale."""
WEBB = np.array([-1, 1, -1, 1, -1, 1]) * np.sqrt(np.array([1.5, 1.5, 1.0, 1.0, 0.5, 0.5]))


@dataclass(frozen=True)
class Cells:
    """By cluster (rows) and arm b, a (columns): sum of weights, and of weights times values."""

    weight: Floats
    total: Floats

    def under(self, effect: float, ratio: bool) -> Cells:
        """The same as if the effect were taken away from arm a."""
        total = self.total.copy()
        if ratio:
            total[:, 1] /= math.exp(effect)
        else:
            total[:, 1] -= effect * self.weight[:, 1]
        return Cells(self.weight, total)


def few_clusters(people: Sample, asked: Asked, scale: Scale) -> Estimate:
    """An estimate with an interval that holds with few clusters.

    The statistic is the difference of weighted means over its cluster-robust standard error. Permutation:
    Wu and Ding 2021, Journal of the American Statistical Association 116:1898. Bootstrap: Cameron, Gelbach
    and Miller 2008, Review of Economics and Statistics 90:414, with the six-point weights of Webb (2023,
    Canadian Journal of Economics 56:839). A ratio is tested by dividing arm a by it.
    """
    ratio = scale in RATIOS
    cells = cells_of(people)
    apart = bool(np.all((cells.weight > 0).sum(axis=1) == 1))
    method = "randomisation_inference" if apart else "wild_cluster_bootstrap"
    if people.clusters < 2:
        return refused(asked, method, scale, "one cluster: what is due to it cannot be told apart.")
    mean = cells.total.sum(axis=0) / cells.weight.sum(axis=0)
    if ratio and np.min(mean) <= 0:
        return refused(asked, method, scale, "one arm has no events: no finite ratio.")
    est = math.log(mean[1] / mean[0]) if ratio else float(mean[1] - mean[0])
    se = _standard_error(cells, ratio)
    if not se > 0:
        return refused(
            asked, method, scale, "values do not differ between clusters: no interval can be made."
        )
    p_at = _permuted(cells, asked, ratio) if apart else _wild(cells, asked, ratio)
    lo, hi, why = inverted(p_at, est, se, asked.confidence, WIDEST if ratio else math.inf)
    if why:
        return refused(asked, method, scale, why)
    shown = [math.exp(value) for value in (est, lo, hi)] if ratio else [est, lo, hi]
    return within(asked, method, scale, shown[0], shown[1], shown[2], se, p_at(0.0))


def cells_of(people: Sample) -> Cells:
    """Sums by cluster and arm; for rates, weights are person-days and values events per day."""
    weight, total = [], []
    for arm in (0, 1):
        here = (people.treated == arm) * people.weight
        weight.append(summed(here * people.pdays, people.cluster))
        total.append(summed(here * people.value, people.cluster))
    return Cells(np.column_stack(weight), np.column_stack(total))


def _studentised(weight: Floats, total: Floats) -> Floats:
    """Difference of means over its cluster-robust error; arrays of draws x clusters x arms."""
    whole = weight.sum(axis=-2)
    mean = total.sum(axis=-2) / whole
    part = (total - mean[..., None, :] * weight) / whole[..., None, :]
    score = part[..., 1] - part[..., 0]
    n = score.shape[-1]
    error = np.sqrt((score**2).sum(axis=-1) * n / (n - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (mean[..., 1] - mean[..., 0]) / error
    return np.nan_to_num(found, nan=0.0, posinf=np.inf, neginf=-np.inf)


def _standard_error(cells: Cells, ratio: bool) -> float:
    whole = cells.weight.sum(axis=0)
    mean = cells.total.sum(axis=0) / whole
    part = (cells.total - mean * cells.weight) / whole
    part = part / mean if ratio else part
    score = part[:, 1] - part[:, 0]
    return float(np.sqrt((score**2).sum() * len(score) / (len(score) - 1)))


def _permuted(cells: Cells, asked: Asked, ratio: bool) -> Callable[[float], float]:
    """The p-value of any effect, from arms dealt out anew to clusters."""
    treated = cells.weight[:, 1] > 0
    dealt, all_of_them = arrangements(treated, asked.seed)
    picks = np.stack([~dealt, dealt], axis=-1)

    def p(effect: float) -> float:
        null = cells.under(effect, ratio)
        weight, total = null.weight.sum(axis=1), null.total.sum(axis=1)
        drawn = np.abs(_studentised(picks * weight[:, None], picks * total[:, None]))
        seen = abs(float(_studentised(null.weight, null.total)))
        as_far = int((drawn >= seen * (1 - 1e-9)).sum())
        return as_far / len(drawn) if all_of_them else (1 + as_far) / (1 + len(drawn))

    return p


def arrangements(treated: NDArray[np.bool_], seed: int) -> tuple[NDArray[np.bool_], bool]:
    """Ways of dealing the arms out to clusters (rows), and whether these are all; seeded draws beyond
    `MOST`.
    """
    n, k = len(treated), int(treated.sum())
    if math.comb(n, k) <= MOST:
        every = np.zeros((math.comb(n, k), n), dtype=bool)
        for row, chosen in enumerate(combinations(range(n), k)):
            every[row, list(chosen)] = True
        return every, True
    random = np.random.default_rng(seed)
    return random.permuted(np.tile(treated, (DRAWS, 1)), axis=1), False


def _wild(cells: Cells, asked: Asked, ratio: bool) -> Callable[[float], float]:
    """The p-value of any effect, from residuals under it with signs and sizes drawn by cluster."""
    n = len(cells.weight)
    signs = np.random.default_rng(asked.seed).choice(WEBB, size=(DRAWS, n))

    def p(effect: float) -> float:
        null = cells.under(effect, ratio)
        mean = null.total.sum() / null.weight.sum()
        residual = null.total - mean * null.weight
        total = mean * null.weight + signs[:, :, None] * residual
        drawn = np.abs(_studentised(np.broadcast_to(null.weight, total.shape), total))
        seen = abs(float(_studentised(null.weight, null.total)))
        return (1 + int((drawn >= seen * (1 - 1e-9)).sum())) / (1 + len(drawn))

    return p


def inverted(
    p_at: Callable[[float], float], est: float, se: float, confidence: float, limit: float = math.inf
) -> tuple[float, float, str | None]:
    """Lowest and highest effect that is not rejected, by bisection; or why there is none within `limit`."""
    bounds = []
    why = f"so few clusters that no effect can be ruled out with {confidence:.0%} confidence."
    if not 0 < se < math.inf:
        return math.nan, math.nan, why
    for side in (-1, 1):
        reach = 2.0 * se
        while p_at(est + side * reach) > 1 - confidence:
            reach *= 2
            if reach > min(1000 * se, limit):
                return math.nan, math.nan, why
        inside = 0.0
        for _ in range(30):
            middle = (inside + reach) / 2
            inside, reach = (
                (middle, reach) if p_at(est + side * middle) > 1 - confidence else (inside, middle)
            )
        bounds.append(est + side * reach)
    return bounds[0], bounds[1], None
