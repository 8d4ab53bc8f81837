"""From an estimate and its standard error to an interval and a p-value."""

from __future__ import annotations

import math
from dataclasses import replace

from outcome_linkage.evaluation.estimates.e_value import e_value
from outcome_linkage.evaluation.estimates.estimate import RATIOS, Asked, Estimate, Scale, blank

ROUNDING = 1e-7
RUNAWAY = 20.0
"""Logarithm of a ratio, or its error, beyond which a fit has run away: there is no finite ratio."""


def wald(asked: Asked, method: str, scale: Scale, est: float, se: float, df: float | None = None) -> Estimate:
    """Estimate plus or minus a quantile times the standard error; on the log scale for ratios.

    `est` is on the scale; `se` of `log(est)` for ratios. `df` degrees of freedom of t, else normal.
    """
    from scipy import stats

    ratio = scale in RATIOS
    if not _usable(est, se, ratio) or (df is not None and df <= 0):
        why = "no events in one arm, too few people, or no variation: no finite estimate with an interval."
        return replace(blank(asked, method, scale), reason=why)
    spread = stats.norm if df is None else stats.t(df)
    centre = math.log(est) if ratio else est
    reach = float(spread.ppf(0.5 + asked.confidence / 2)) * se
    lo, hi = centre - reach, centre + reach
    if ratio:
        lo, hi = math.exp(lo), math.exp(hi)
    p = 2 * float(spread.sf(abs(centre) / se))
    return within(asked, method, scale, est, lo, hi, se, p)


def within(
    asked: Asked,
    method: str,
    scale: Scale,
    est: float,
    lo: float,
    hi: float,
    se: float | None,
    p: float | None,
) -> Estimate:
    """An estimate with an interval made elsewhere."""
    if not lo <= est <= hi:
        why = "so few people or events that no interval around the estimate can be computed."
        return replace(blank(asked, method, scale), reason=why)
    made = replace(blank(asked, method, scale), est=est, lo=lo, hi=hi, se=se, p=p)
    return replace(made, e_value=e_value(est)) if scale in RATIOS else made


def _usable(est: float, se: float, ratio: bool) -> bool:
    """An error that is nothing beside the estimate is rounding."""
    if not (math.isfinite(est) and math.isfinite(se)) or (ratio and est <= 0):
        return False
    if ratio and max(abs(math.log(est)), se) > RUNAWAY:
        return False
    return se > ROUNDING * (1.0 if ratio else max(1.0, abs(est)))
