"""A figure of the quality pack, and the intervals around a share. Figures here are true counts."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from scipy.special import bdtr

ALL = "all"
_Z = 1.959963984540054  # 97.5% point of the normal distribution: two-sided 95%
_TAIL = 0.025


class Figure(NamedTuple):
    """`n` out of `of` (None: a count on its own) of one measure.

    `item` says what of the measure (a token, a pass, a kind of damage); `by` and `group` say for whom, such
    as `sex` and `female`. `all` stands for every one.
    """

    measure: str
    item: str
    by: str
    group: str
    n: int
    of: int | None = None

    @property
    def name(self) -> tuple[str, str, str, str]:
        """What the figure is about, without its numbers."""
        return self[:4]

    @property
    def share(self) -> float | None:
        """n / of; None where there is nothing to divide by."""
        return self.n / self.of if self.of else None


def wilson(n: int, of: int) -> tuple[float, float]:
    """The 95% score interval of the share n / of. (0, 1) when `of` is 0.

    Wilson EB. Probable inference, the law of succession, and statistical inference. JASA 1927;22:209-12.
    """
    if of <= 0:
        return 0.0, 1.0
    share, square = n / of, _Z * _Z
    middle = share + square / (2 * of)
    reach = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (middle - reach) / (1 + square / of), (middle + reach) / (1 + square / of)
    return max(0.0, low if n else 0.0), min(1.0, high if n < of else 1.0)


def surely_below(n: int, of: int, bar: float) -> bool:
    """Whether the share n / of lies below `bar` beyond chance.

    The whole Wilson interval must lie below it, and the exact binomial chance of n or fewer at `bar` must be
    under 2.5%: near 0 and 1 the interval alone is too narrow (9 of 10 would lie below 99%, which one in ten
    such samples does).
    """
    return wilson(n, of)[1] < bar and float(bdtr(n, of, bar)) < _TAIL


def surely_above(n: int, of: int, bar: float) -> bool:
    """Whether the share n / of lies above `bar` beyond chance; see `surely_below`."""
    return surely_below(of - n, of, 1 - bar)


def change(now: tuple[int, int], before: tuple[int, int]) -> tuple[float, float]:
    """The 95% interval of the share now less the share before; each is (n, of).

    Newcombe RG. Interval estimation for the difference between independent proportions: comparison of
    eleven methods. Stat Med 1998;17:873-90, method 10. (-1, 1) when either has nothing to divide by.
    """
    if now[1] <= 0 or before[1] <= 0:
        return -1.0, 1.0
    p, q = now[0] / now[1], before[0] / before[1]
    (p_low, p_high), (q_low, q_high) = wilson(*now), wilson(*before)
    down = sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    up = sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return p - q - down, p - q + up
