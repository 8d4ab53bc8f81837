"""Invented people who start something on some day, or never: what becomes of them if they do and if not.

Days count from 1. Whoever has the higher `x` starts later and has outcomes sooner. What is started acts from
the day of the start on: it takes `1 - exp(-effect)` of what would happen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.evaluation.generators import HORIZON, Floats

GRACE, MONTH = 60, 30
NEVER = 1e9
"""A day that nobody lives to see."""


@dataclass(frozen=True)
class Starters:
    """People with a characteristic, the day on which each starts, and that on which they are last seen.

    `threshold` is the cumulated hazard at which the first outcome comes; `often` multiplies the rate of
    events.
    """

    x: Floats
    starts: Floats
    leaves: Floats
    threshold: Floats
    often: Floats

    def first(self, starts: Floats, effect: float) -> Floats:
        """Day of the first outcome of people who start on these days."""
        hazard, before = np.exp(0.5 * self.x) / 700, np.minimum(starts - 1, NEVER)
        left = self.threshold - hazard * before
        return np.ceil(np.where(left < 0, self.threshold / hazard, before + left * np.exp(effect) / hazard))

    def events(self, random: np.random.Generator, starts: Floats, until: Floats, effect: float) -> Floats:
        """Events by a day of people who start on these days."""
        rate, before = 0.003 * self.often * np.exp(0.4 * self.x), np.minimum(starts - 1, until)
        after = random.poisson(rate * (until - before) * np.exp(-effect))
        return np.asarray(random.poisson(rate * before) + after, dtype=np.float64)


def starters(random: np.random.Generator, size: int, mean_days: float) -> Starters:
    """People, of whom half are of either kind, who start after so many days on average; all stay for a while.

    Two kinds, so that a logistic model of who has started by a day and one of each day's starts both hold.
    """
    x = random.choice([-1.0, 1.0], size)
    starts = np.ceil(random.exponential(mean_days, size) * np.exp(0.6 * x))
    leaves = np.minimum(GRACE + np.ceil(random.exponential(900, size)), HORIZON)
    return Starters(x, starts, leaves, random.exponential(size=size), random.gamma(2.0, 0.5, size))


def in_time(random: np.random.Generator, of: Starters) -> Floats:
    """When people start who all do so in time: who does not, on a day of somebody of their kind."""
    found = of.starts.copy()
    for kind in np.unique(of.x):
        late = (of.x == kind) & (of.starts > GRACE)
        found[late] = random.choice(of.starts[(of.x == kind) & (of.starts <= GRACE)], late.sum())
    return found


@dataclass(frozen=True)
class Months:
    """Pieces of people's months, each exposed or not: days, events, and what exposure took away."""

    person: Floats
    month: Floats
    exposed: Floats
    days: Floats
    events: Floats
    first: Floats
    events_without: Floats
    first_without: Floats

    def frame(self, x: Floats) -> pl.DataFrame:
        """The rows of `ev_period`; periods that are split are numbered anew, as the product does."""
        table = pl.DataFrame(
            {
                "person_key": [f"p{n}" for n in self.person.astype(int)],
                "trial_no": 1,
                "whole_period": self.month.astype(int),
                "exposed": self.exposed.astype(bool),
                "x_x": x[self.person.astype(int)],
                "o_events": self.events.astype(int),
                "o_events_pt": self.days.astype(int),
                "o_first": np.minimum(self.first, 1).astype(int),
                "o_first_pt": self.days.astype(int),
            }
        )
        number = pl.int_range(pl.len()).over("person_key", order_by=["whole_period", "exposed"])
        return table.with_columns(period=number, cluster_key="person_key", arm=pl.lit(""))


def months(random: np.random.Generator, of: Starters, effect: float) -> Months:
    """Twelve months of people; rates fall by a tenth a month. `first` events know no frailty but `x`."""
    size, many = len(of.x), HORIZON // MONTH
    person, month = np.divmod(np.arange(size * many), many)
    opens, closes = month * MONTH, np.minimum((month + 1) * MONTH, of.leaves[person])
    turn = np.maximum(opens, of.starts[person] - 1)
    pieces = [np.clip(np.minimum(closes, turn) - opens, 0, None), np.clip(closes - turn, 0, None)]
    rows = []
    for exposed, days in enumerate(pieces):
        here = days > 0
        who, when = person[here], month[here]
        rate = np.exp(0.4 * of.x[who] - 0.1 * when) * days[here]
        without = [random.poisson(0.005 * of.often[who] * rate), random.poisson(0.004 * rate)]
        kept = [random.binomial(n, np.exp(-effect * exposed)) for n in without]
        rows.append(np.stack([who, when, np.full(len(who), exposed), days[here], *kept, *without]))
    return Months(*np.concatenate(rows, axis=1).astype(float))
