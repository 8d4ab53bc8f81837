"""How much of what happens an agency comes to know: the chance that an event of an adversity is recorded.

The table is data; one draw serves all children of a family, so that siblings are referred together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import polars as pl

from outcome_linkage.synthetic.effects import ADVERSITIES
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.window import WINDOW_START

Channel = Literal["police", "referral", "ed", "admission", "parent_health"]
RECORDING: Final[Mapping[str, Mapping[Channel, float]]] = {
    "parental_substance_misuse": {"referral": 0.12, "parent_health": 0.15},
    "parental_mental_illness": {"referral": 0.08, "parent_health": 0.35, "police": 0.02},
    "domestic_abuse": {"police": 0.30, "referral": 0.12},
    "parental_separation": {"referral": 0.02},
    "neglect": {"police": 0.04, "referral": 0.25, "admission": 0.010},
    "physical_abuse": {"police": 0.14, "referral": 0.25, "ed": 0.08, "admission": 0.020},
    "emotional_abuse": {"police": 0.02, "referral": 0.20, "admission": 0.004},
    "sexual_abuse": {"police": 0.20, "referral": 0.30, "ed": 0.03, "admission": 0.006},
    "exploitation": {"police": 0.25, "referral": 0.40},
    "community_violence": {"police": 0.32, "referral": 0.03, "ed": 0.30, "admission": 0.03},
}
_FAMILY: Final = [adversity.name for adversity in ADVERSITIES if adversity.family]


def recorded(random: Random, lives: Lives, channel: Channel) -> pl.DataFrame:
    """The events that reach an agency through `channel` while the child lives in the region, in the window:
    who, day, kind, household, dwelling."""
    rates = {kind: row[channel] for kind, row in RECORDING.items() if channel in row}
    found = lives.events(*rates).filter(pl.col("day") >= WINDOW_START)
    found = lives.placed(found)
    found = found.with_columns(household=lives.people["household"].gather(found["who"]))
    shared = pl.when(pl.col("kind").is_in(_FAMILY)).then(pl.col("household")).otherwise(-1 - pl.col("who"))
    found = found.with_columns(heard=shared)
    occasions = found.select("kind", "day", "heard").unique(maintain_order=True)
    chance = occasions["kind"].replace_strict(rates, return_dtype=pl.Float64).to_numpy()
    known = occasions.filter(pl.Series(random.random(occasions.height) < chance))
    return found.join(known, on=["kind", "day", "heard"], how="semi", maintain_order="left").drop("heard")


def choose(random: Random, weights: Mapping[str, float], size: int) -> pl.Series:
    """`size` codes, each by its weight."""
    edges = np.cumsum(list(weights.values()))
    found = np.searchsorted(edges, random.random(size) * edges[-1], side="right")
    return pl.Series(list(weights), dtype=pl.String).gather(found)


def choose_by(random: Random, table: Mapping[str, Mapping[str, float]], rows: pl.Series) -> pl.Series:
    """One code for each entry of `rows`, by the weights that `table` gives for it."""
    chosen = pl.Series([None] * len(rows), dtype=pl.String)
    for name, weights in table.items():
        at = np.flatnonzero((rows == name).to_numpy())
        chosen = chosen.scatter(at, choose(random, weights, len(at)))
    return chosen.rename("code")


def days(random: Random, mean: float, size: int) -> Ints:
    """Waiting times in whole days, exponential."""
    return np.floor(random.exponential(mean, size)).astype(np.int64)
