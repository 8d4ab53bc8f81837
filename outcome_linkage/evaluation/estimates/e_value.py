"""How strong unmeasured confounding would have to be to explain an estimate away."""

from __future__ import annotations

import math


def e_value(est: float) -> float | None:
    """E-value of a risk or rate ratio: `RR + sqrt(RR (RR - 1))`, of `1 / RR` below 1.

    The point estimate's; null for an estimate that is not positive. VanderWeele and Ding 2017, Annals of
    Internal Medicine 167:268. A rate ratio stands in for a risk ratio when the outcome is rare.
    """
    if est <= 0 or not math.isfinite(est):
        return None
    ratio = est if est >= 1 else 1 / est
    return ratio + math.sqrt(ratio * (ratio - 1))
