"""Children who go missing from care, as the council comes to know of it. Invented rates."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Floats
from outcome_linkage.synthetic.recording import days
from outcome_linkage.synthetic.window import WINDOW_START, YEAR

# From age: times a year.
_RATES: Final = ((0, 0.0), (8, 0.05), (12, 0.6), (14, 1.4), (16, 1.7))
_EXPLOITED: Final = 3.0  # times as often from the day on which exploitation begins
_AWAY: Final = 0.18  # away without authorisation, whereabouts known
_MEAN_DAYS: Final = 1.2
_MOST: Final = float(max(rate for _, rate in _RATES) * _EXPLOITED)


def missing_from_care(lives: Lives, spells: pl.DataFrame) -> pl.DataFrame:
    """Stretches missing or away from care in the window: who, supplier, since, until, away; none overlap."""
    random = lives.block.random("missing from care")
    start = np.maximum(spells["start"].to_numpy() + 1, WINDOW_START)
    length = np.maximum(spells["stop"].to_numpy() - start, 0)
    row = np.repeat(np.arange(spells.height), random.poisson(length / YEAR * _MOST))
    who = spells["who"].to_numpy()[row]
    day = start[row] + (random.random(len(row)) * length[row]).astype(np.int64)
    chance = _rate(lives.age(who, day))
    chance = np.where(day > lives.onset["exploitation"][who], chance * _EXPLOITED, chance)
    kept = random.random(len(row)) * _MOST < chance
    found = spells[row[kept]].select("who", "supplier", "stop").with_columns(since=pl.Series(day[kept]))
    ends = found["since"].to_numpy() + days(random, _MEAN_DAYS, found.height)
    found = found.with_columns(
        until=pl.min_horizontal(pl.Series(ends), "stop"), away=pl.Series(random.random(found.height) < _AWAY)
    ).sort("who", "since")
    latest = pl.col("until").cum_max().shift(1).over("who").fill_null(0)
    return found.filter(pl.col("since") > latest).drop("stop")


def _rate(age: np.ndarray) -> Floats:
    ages = [low for low, _ in _RATES]
    return np.array([rate for _, rate in _RATES])[np.searchsorted(ages, age, side="right") - 1]
