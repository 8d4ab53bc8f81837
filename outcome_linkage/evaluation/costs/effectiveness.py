"""`ev_cea`: costs and effects bootstrapped together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate
from outcome_linkage.evaluation.estimates.resampling import Resampled, Weighting
from outcome_linkage.evaluation.estimates.sample import Floats, Sample

Pair = tuple[float, float]
Difference = Callable[[Floats], Floats]
"""From weights of people to what arm a has more than arm b, in one or more columns. Raises `CannotEstimate`
where it cannot be told; nan in a column of which it cannot."""
LEAST_DRAWN = 0.95
"""Share of draws in which arms must be comparable; our own rule."""
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


@dataclass(frozen=True)
class Draws:
    """Differences between two arms, a less b: as estimated, and by draw (rows), each in columns."""

    people: Sample
    asked: Asked
    costs: tuple[Floats, Floats]
    effects: Mapping[str, tuple[Floats, Floats]]

    def worth(
        self,
        outcome: str,
        thresholds: Sequence[float],
        *,
        lower_is_better: bool = True,
        cost: int = 0,
        effect: int = 0,
    ) -> list[dict[str, Any]]:
        """Rows of `ev_cea` from these columns of costs and of the effects on an outcome: one by threshold.

        `d_effect` counts what is gained: events avoided where lower is better. Quadrants: n costs more, e
        does more. `icer` is null where one arm is better on both, or where draws lie in quadrants in which
        the ratio turns over. Net benefit: threshold x effect - cost; probability: share of draws in which it
        is positive (Stinnett and Mullahy 1998, Medical Decision Making 18:S68; Fenwick, Claxton and Sculpher
        2001, Health Economics 10:779). Raises `CannotEstimate` if too few draws could be compared.
        """
        sign = -1.0 if lower_is_better else 1.0
        (cost_found, costs), (effect_found, effects) = self.costs, self.effects[outcome]
        point = (float(cost_found[cost]), sign * float(effect_found[effect]))
        drawn = np.column_stack([costs[:, cost], sign * effects[:, effect]])
        return _beside(point, drawn, self.asked, thresholds, self.people.few)


def draws_of(
    people: Sample,
    asked: Asked,
    weighting: Weighting | None,
    costs: Difference,
    effects: Mapping[str, Difference],
) -> Draws:
    """Costs and every effect in the same draws, so that they stay together (Briggs, Wonderling and Mooney
    1997, Health Economics 6:327).

    Weights that make arms alike are fitted again in each draw, and so is whatever a difference fits. Raises
    `CannotEstimate` if arms cannot be compared, in the sample or in more than one of twenty draws.
    """

    def of(weight: Floats) -> list[Floats]:
        return [costs(weight), *(effect(weight) for effect in effects.values())]

    resampled = Resampled(people, asked, weighting or Weighting())
    found = of(resampled.weights())
    drawn = [np.array(part) for part in zip(*_each(of, resampled), strict=True)]
    if not drawn or len(drawn[0]) < LEAST_DRAWN * asked.draws:
        raise CannotEstimate("in more than one of twenty bootstrap draws costs cannot be compared.")
    pairs = dict(zip(effects, zip(found[1:], drawn[1:], strict=True), strict=True))
    return Draws(people, asked, (found[0], drawn[0]), pairs)


def _each(of: Callable[[Floats], list[Floats]], resampled: Resampled) -> Iterator[list[Floats]]:
    """Differences of each draw; draws in which nobody is followed to the end are left out."""
    for weight in resampled.draws():
        try:
            yield of(weight)
        except CannotEstimate:
            continue


def _beside(
    point: Pair, drawn: Floats, asked: Asked, thresholds: Sequence[float], few: bool
) -> list[dict[str, Any]]:
    """The rows, from differences of cost and effect: as estimated, and by draw (rows)."""
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    if len(drawn) < LEAST_DRAWN * asked.draws or not np.isfinite(point).all():
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
