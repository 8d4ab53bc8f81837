"""Events in continuous time, drawn by thinning: rate by age and sex, times deprivation, times hazard ratios.

Lewis and Shedler 1979: draw too many events at the highest rate that a person can have, then keep each with
the ratio of the rate on its day to that highest rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from outcome_linkage.synthetic.effects import Process, ratios
from outcome_linkage.synthetic.randomness import Flags, Floats, Ints, Random
from outcome_linkage.synthetic.window import NEVER, YEAR


@dataclass(frozen=True)
class Risk:
    """People at risk: birth, female, quintile, and the days from `start` to `stop` (exclusive)."""

    birth: Ints
    female: Flags
    quintile: Ints
    start: Ints
    stop: Ints


def events(
    random: Random, process: Process, risk: Risk, onset: Mapping[str, Ints], *, only: Ints | None = None
) -> pl.DataFrame:
    """Events of `process`: who (position in `risk`), day; by who and day.

    `onset` gives the first day of each adversity (NEVER without); its ratio acts from the next day. `only`
    names the people worth drawing for.
    """
    acting = {name: (onset[name], ratio) for name, ratio in ratios(process.name).items() if name in onset}
    table = _rate_table(process)
    peak = table.max(axis=1)[risk.female.astype(int)]
    peak = peak * np.array(process.gradient)[risk.quintile - 1]
    for first, ratio in acting.values():
        peak = np.where(first < risk.stop, peak * max(ratio, 1.0), peak)
    who, day = _candidates(random, peak, risk, only)
    rate = table[risk.female[who].astype(int), np.clip((day - risk.birth[who]) // YEAR, 0, 120).astype(int)]
    rate = rate * np.array(process.gradient)[risk.quintile[who] - 1]
    for first, ratio in acting.values():
        rate = np.where(day > first[who], rate * ratio, rate)
    kept = random.random(len(who)) * peak[who] < rate
    found = pl.DataFrame({"who": who[kept], "day": day[kept]}).sort("who", "day")
    return found.unique(subset="who", keep="first", maintain_order=True) if process.once else found


def first_days(found: pl.DataFrame, size: int) -> Ints:
    """The first day of an event for each of `size` people; NEVER without one."""
    first = np.full(size, NEVER, dtype=np.int64)
    np.minimum.at(first, found["who"].to_numpy(), found["day"].to_numpy())
    return first


def _candidates(random: Random, peak: Floats, risk: Risk, only: Ints | None) -> tuple[Ints, Ints]:
    rows = np.arange(len(peak)) if only is None else only
    length = np.maximum(risk.stop[rows] - risk.start[rows], 0)
    number = random.poisson(peak[rows] * length / YEAR)
    who = np.repeat(rows, number)
    within = np.repeat(length, number)
    day = risk.start[who] + (random.random(len(who)) * within).astype(np.int64)
    return who, day


def _rate_table(process: Process) -> Floats:
    """Rates by sex (male, female) and whole year of age."""
    table = np.zeros((2, 121))
    for age, female, male in process.rates:
        table[0, age:], table[1, age:] = male, female
    return table
