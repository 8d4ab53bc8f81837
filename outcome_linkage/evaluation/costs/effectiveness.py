"""`ev_cea`: costs and effects bootstrapped together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.costs.censored import PeriodCosts, arm_means
from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate
from outcome_linkage.evaluation.estimates.resampling import Resampled, Weighting
from outcome_linkage.evaluation.estimates.sample import Floats, Sample

Pair = tuple[float, float]
MeansOf = Callable[[Floats], Pair]
"""From weights of people to the means of arms a and b."""
CEA: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("contrast", "perspective", "outcome", "price", "method"), pl.String),
    **dict.fromkeys(("discount_costs", "discount_effects"), pl.Float64),
    **dict.fromkeys(("n_a", "n_b"), pl.Int64),
    **dict.fromkeys(
        ("d_cost", "d_cost_lo", "d_cost_hi", "d_effect", "d_effect_lo", "d_effect_hi"), pl.Float64
    ),
    **dict.fromkeys(("share_ne", "share_nw", "share_se", "share_sw", "icer"), pl.Float64),
    **dict.fromkeys(("threshold", "net_benefit", "probability"), pl.Float64),
    "draws": pl.Int64,
    "reason": pl.String,
}
"""Columns and types of `ev_cea`, without those that every table has."""


def means_of(people: Sample, values: Floats) -> MeansOf:
    """Weighted means of values that are known for everybody."""

    def of(weight: Floats) -> Pair:
        a, b = (
            np.average(values[here], weights=weight[here])
            for here in (people.treated == 1, people.treated == 0)
        )
        return float(a), float(b)

    return of


def censored_means_of(people: Sample, costs: PeriodCosts) -> MeansOf:
    """Weighted partitioned means of costs that are not known to the end for everybody."""
    return lambda weight: arm_means(people, costs, weight)


def cost_effectiveness(
    people: Sample,
    asked: Asked,
    cost: MeansOf,
    effect: MeansOf,
    thresholds: Sequence[float],
    perspective: str = "all",
    lower_is_better: bool = True,
    weighting: Weighting | None = None,
) -> pl.DataFrame:
    """Differences of cost and effect, quadrants, the ratio of them, and net benefit by threshold: a row for
    each.

    The same draws for both, so that they stay together (Briggs, Wonderling and Mooney 1997, Health
    Economics 6:327). `d_effect` counts what is gained: events avoided where lower is better. Quadrants: n
    costs more, e does more. `icer` is null where one arm is better on both, or where draws lie in quadrants
    in which the ratio turns over. Net benefit: threshold x effect - cost; probability: share of draws in
    which it is positive (Stinnett and Mullahy 1998, Medical Decision Making 18:S68; Fenwick, Claxton and
    Sculpher 2001, Health Economics 10:779).
    """
    sign = -1.0 if lower_is_better else 1.0
    about = {"contrast": asked.contrast, "perspective": perspective, "outcome": asked.outcome}
    try:
        resampled = Resampled(people, asked, weighting or Weighting())
        point = _differences(cost, effect, sign, resampled.weights())
        drawn = np.array([_differences(cost, effect, sign, weight) for weight in resampled.draws()])
        rows = beside(point, drawn, asked, thresholds, people.few)
    except CannotEstimate as why:
        rows = [{"reason": str(why)}]
    return pl.DataFrame([{**about, **row} for row in rows], schema=CEA)


def beside(
    point: Pair, drawn: Floats, asked: Asked, thresholds: Sequence[float], few: bool = False
) -> list[dict[str, Any]]:
    """Rows of `ev_cea` from differences of cost and effect: as estimated, and by draw (rows).

    Raises `CannotEstimate` if too few draws could be compared.
    """
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    if len(drawn) < 0.95 * asked.draws or not np.isfinite(point).all():
        raise CannotEstimate("in more than one of twenty bootstrap draws arms cannot be compared.")
    icer, why_not = _icer(point, drawn)
    said = (why_not, "fewer than 40 clusters: draws vary too little." if few else None)
    common = {
        **_intervals(point, drawn, asked.confidence),
        **_quadrants(drawn),
        "draws": len(drawn),
        "icer": icer,
        "reason": " ".join(words for words in said if words) or None,
    }
    return [
        {
            **common,
            "threshold": float(threshold),
            "net_benefit": threshold * point[1] - point[0],
            "probability": float((threshold * drawn[:, 1] - drawn[:, 0] > 0).mean()),
        }
        for threshold in thresholds
    ]


def _differences(cost: MeansOf, effect: MeansOf, sign: float, weight: Floats) -> Pair:
    costs, effects = cost(weight), effect(weight)
    return costs[0] - costs[1], sign * (effects[0] - effects[1])


def _intervals(point: Pair, drawn: Floats, confidence: float) -> dict[str, float]:
    from scipy import stats

    reach = float(stats.norm.ppf(0.5 + confidence / 2)) * drawn.std(axis=0, ddof=1)
    names = ("d_cost", "d_effect")
    return {
        f"{name}{ending}": point[n] + side * float(reach[n])
        for n, name in enumerate(names)
        for ending, side in (("", 0), ("_lo", -1), ("_hi", 1))
    }


def _quadrants(drawn: Floats) -> dict[str, float]:
    dearer, better = drawn[:, 0] > 0, drawn[:, 1] > 0
    return {
        "share_ne": float((dearer & better).mean()),
        "share_nw": float((dearer & ~better).mean()),
        "share_se": float((~dearer & better).mean()),
        "share_sw": float((~dearer & ~better).mean()),
    }


def _icer(point: Pair, drawn: Floats) -> tuple[float | None, str | None]:
    d_cost, d_effect = point
    if d_cost * d_effect <= 0:
        better = d_effect > 0 or (d_effect == 0 and d_cost < 0)
        return None, f"arm {'a' if better else 'b'} is no worse on either count: no ratio is needed."
    across = float(((drawn[:, 1] > 0) != (d_effect > 0)).mean())
    if across > 0.025:
        return None, f"{across:.0%} of draws have an effect the other way: the ratio has no bounds."
    return d_cost / d_effect, None
