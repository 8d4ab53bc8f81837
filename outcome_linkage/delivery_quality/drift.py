"""Code drift: how far the codes of a column are from those of its own past, and codes that are new.

The distance is the total variation distance: half the sum of differences of shares, from 0 (the same codes
as often) to 1 (no code in common). By chance alone it is never 0. Of n rows now and N before its mean is at
most half the sum of sqrt(p (1 - p) / m), with 1/m = 1/n + 1/N, and it exceeds its mean by more than
sqrt(ln(1/a) / (2 m)) with a probability of at most a, since one row changes it by 1/n or 1/N: McDiarmid C. On
the method of bounded differences. In: Surveys in Combinatorics. Cambridge: CUP; 1989:148-88.

A code is new when it was never seen before, and so often now that it cannot well be chance: were the rows
now like those before, all k of its rows would fall into the n of now and none into the N of before with a
probability of about (n / (N + n)) ** k. Pure numpy.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from outcome_linkage.delivery_quality.bounds import REACH, WINDOW, Flags, Matrix, median

BY_CHANCE = 1e-6
"""The probability of a warning by chance that is put up with."""
SLACK = 0.10
"""A distance up to this is never told."""


class Drift(NamedTuple):
    """A row per column of codes: `distance`, the `high` that it may reach (NaN: no history yet), and `above`.

    `is_new` has a row per code.
    """

    distance: Matrix
    high: Matrix
    above: Flags
    is_new: Flags


def drift(n: Matrix, of_column: npt.NDArray[np.int64], *, shown: int, least: int) -> Drift:
    """Judge the newest `shown` figures: `n` counts rows by code (a row) and time (newest first).

    `of_column` says to which column a code belongs, in order, numbered from 0. Counts are NaN at a time at
    which the column was not delivered or not filled.
    """
    starts = np.searchsorted(of_column, np.arange(of_column.max() + 1 if of_column.size else 0))
    filled, there = np.nan_to_num(n), ~np.isnan(n)[starts]
    width = n.shape[1]
    distance = np.full((starts.size, width), np.nan)
    chance, is_new = distance.copy(), np.zeros(n.shape, dtype=np.bool_)
    for lag in range(width):
        before = filled[:, lag + 1 : lag + 1 + WINDOW].sum(axis=1)
        times = there[:, lag + 1 : lag + 1 + WINDOW].sum(axis=1)
        totals = np.add.reduceat(filled[:, lag], starts), np.add.reduceat(before, starts)
        usable = (totals[0] > 0) & (totals[1] > 0) & (times >= least)
        now, past = (np.where(usable, total, np.nan) for total in totals)
        shares = filled[:, lag] / now[of_column], before / past[of_column]
        apart = 0.5 * np.add.reduceat(np.abs(shares[0] - shares[1]), starts)
        size = now * past / (now + past)
        mean = 0.5 * np.add.reduceat(np.sqrt(shares[1] * (1 - shares[1]) / size[of_column]), starts)
        distance[:, lag] = apart
        chance[:, lag] = mean + np.sqrt(-log(BY_CHANCE) / (2 * size))
        never = (filled[:, lag] > 0) & (before == 0) & usable[of_column]
        rare = filled[:, lag] * np.log((now / (now + past))[of_column])
        is_new[:, lag] = never & (rare < log(BY_CHANCE))
    high = np.fmax(_usual(distance), np.maximum(chance, SLACK))
    return Drift(distance[:, :shown], high[:, :shown], (distance > high)[:, :shown], is_new[:, :shown])


def _usual(distance: Matrix) -> Matrix:
    """The most that distances before would let expect; NaN before there are any."""
    found = np.full(distance.shape, np.nan)
    for lag in range(distance.shape[1]):
        past = distance[:, lag + 1 : lag + 1 + WINDOW]
        centre = median(past)
        found[:, lag] = centre + REACH * 1.4826 * median(np.abs(past - centre[:, None]))
    return found
