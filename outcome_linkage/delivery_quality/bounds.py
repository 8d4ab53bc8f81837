"""Bounds of a figure from its own past: how far it may move before somebody should look. Pure numpy.

A series is a row of a matrix, its newest figure first; NaN where there is none. Each figure is judged by at
most `WINDOW` figures before it, none after it. Counts and shares are first put on a scale on which chance
alone makes the same difference everywhere, so that few rows have wide bounds and one rule serves both:

- counts: 2 sqrt(n + 3/8), of variance 1 when n is Poisson; shares: 2 asin sqrt((n + 3/8) / (of + 3/4)), of
  variance 1 / (of + 1/2) when n is binomial. Anscombe FJ. The transformation of Poisson, binomial and
  negative-binomial data. Biometrika 1948;35:246-54.
- the centre is the median of the past and its spread 1.4826 times the median absolute deviation, so that a
  past mistake does not widen what is allowed: Rousseeuw PJ, Croux C. Alternatives to the median absolute
  deviation. JASA 1993;88:1273-83.
- a figure is out of bounds when it lies further from the centre than `REACH` times what chance alone makes,
  and what of the spread is not chance, together. The latter is only known from a few figures, so its
  multiple is that of Student's t: with as many degrees of freedom less one, as improbable as `REACH`.
- it must also be further than the `slack` of its measure: a move too small to matter is never told.

Nothing is said with fewer figures than `least`, nor of what was as far off in the same month a year or two
before.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtrit

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Kind = Literal["count", "share", "plain"]

WINDOW = 24
"""Figures before it by which a figure is judged."""
REACH = 4.5
"""In standard errors: passed by chance about 7 times in a million."""
YEAR = 12


class Bounds(NamedTuple):
    """`low` to `high` in the unit of the figure (NaN: no history yet), their `centre`, and what lies outside.

    `season`: outside, but so it was in the same month of a year before.
    """

    low: Matrix
    high: Matrix
    centre: Matrix
    below: Flags
    above: Flags
    season: Flags


def bounds(
    n: Matrix,
    of: Matrix,
    kind: Kind,
    *,
    shown: int,
    least: int,
    slack: float,
    chance: Matrix | None = None,
    yearly: bool = True,
) -> Bounds:
    """Judge the newest `shown` figures of each row.

    `slack` is a share of the centre for counts, and in the unit of the figure otherwise. `chance` is the
    spread of a plain figure by chance alone. `yearly`: columns are months, so that years can be compared.
    """
    value, own = _scaled(n, of, kind, chance)
    parts = [_judge(value, own, lag, kind, least, slack, yearly) for lag in range(min(shown, n.shape[1]))]
    return Bounds(*(np.stack(found, axis=1) for found in zip(*parts, strict=True)))


def _scaled(n: Matrix, of: Matrix, kind: Kind, chance: Matrix | None) -> tuple[Matrix, Matrix]:
    """The figures on the scale on which they are judged, and their variance there by chance alone."""
    if kind == "count":
        return 2 * np.sqrt(n + 3 / 8), np.where(np.isnan(n), np.nan, 1.0)
    if kind == "share":
        usable = np.where(of > 0, of, np.nan)
        return 2 * np.arcsin(np.sqrt((n + 3 / 8) / (usable + 3 / 4))), 1 / (usable + 1 / 2)
    return n, np.zeros_like(n) if chance is None else chance**2


def _judge(
    value: Matrix, own: Matrix, lag: int, kind: Kind, least: int, slack: float, yearly: bool
) -> tuple[npt.NDArray[np.generic], ...]:
    """One figure of each row, against those before it."""
    now, past = value[:, lag], value[:, lag + 1 : lag + 1 + WINDOW]
    known = (~np.isnan(past)).sum(axis=1) >= least
    centre = np.where(known, median(past), np.nan)
    spread = 1.4826 * median(np.abs(past - centre[:, None]))
    between = np.maximum(0.0, spread**2 - median(own[:, lag + 1 : lag + 1 + WINDOW]))
    reach = np.sqrt(_multiple(past) ** 2 * between + REACH**2 * own[:, lag])
    low, high, middle = (_unscaled(edge, kind) for edge in (centre - reach, centre + reach, centre))
    least_move = slack * middle if kind == "count" else slack
    low, high = np.minimum(low, middle - least_move), np.maximum(high, middle + least_move)
    if kind == "share":
        low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    natural = _unscaled(now, kind)
    below, above = natural < low, natural > high
    season = (below | above) & _as_in_a_year_before(value, lag, reach) if yearly else np.zeros_like(below)
    return low, high, middle, below & ~season, above & ~season, season


def _multiple(past: Matrix) -> Matrix:
    """How many spreads are as improbable as `REACH` standard errors, for as many figures as there are."""
    freedom = np.maximum((~np.isnan(past)).sum(axis=1) - 1, 1)
    return np.asarray(stdtrit(freedom, ndtr(REACH)))


def _unscaled(value: Matrix, kind: Kind) -> Matrix:
    """Back to counts and shares."""
    if kind == "count":
        return np.maximum(0.0, (np.maximum(value, 0.0) / 2) ** 2 - 3 / 8)
    if kind == "share":
        return np.sin(np.clip(value, 0.0, np.pi) / 2) ** 2
    return value


def _as_in_a_year_before(value: Matrix, lag: int, reach: Matrix) -> Flags:
    """Whether the figure is within reach of that of the same month one or two years earlier."""
    same = np.zeros(value.shape[0], dtype=np.bool_)
    for years in (1, 2):
        before = lag + years * YEAR
        if before < value.shape[1]:
            same |= np.abs(value[:, lag] - value[:, before]) <= reach
    return same


def median(values: Matrix) -> Matrix:
    """The median of each row without its NaN; NaN where there is nothing else. Faster than nanmedian."""
    if values.shape[1] == 0:
        return np.full(values.shape[0], np.nan)
    ordered = np.sort(values, axis=1)  # NaN come last
    last = np.maximum((~np.isnan(values)).sum(axis=1) - 1, 0)
    rows = np.arange(values.shape[0])
    return (ordered[rows, last // 2] + ordered[rows, (last + 1) // 2]) / 2
