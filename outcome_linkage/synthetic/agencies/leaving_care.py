"""How young people are who have left care, in the year of a birthday, 17th to 21st: the module OC3.

Shares are invented, near those that the Department for Education publishes for England.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.recording import choose
from outcome_linkage.synthetic.window import YEAR, DeliveryPlan

_TURNING: Final = (17, 18, 19, 20, 21)
_LEFT_AT: Final = 16
_IN_TOUCH: Final = {"YES": 90, "NO": 4, "REFU": 2, "NREQ": 2, "RHOM": 2}
_NOTHING_MORE: Final = ("DIED", "RHOM")
_ACTIVITY: Final[Mapping[str, float]] = {
    "F1": 6, "F2": 22, "P2": 3, "F4": 3, "F5": 20, "P5": 5, "G4": 13, "G5": 22, "G6": 6,
}  # fmt: skip
_HOME: Final[Mapping[str, float]] = {
    "B1": 13, "C1": 2, "D1": 16, "E1": 6, "K1": 3, "U1": 33, "Z1": 9, "Y1": 3, "S2": 2, "W2": 1, "X2": 4,
    "V2": 1, "R2": 7,
}  # fmt: skip


def care_leavers(lives: Lives, spells: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
    """Who left a council's care at 16 or later and turns 17 to 21 in the year: who and the columns of OC3."""
    random = lives.block.random(f"care leavers {plan.supplier} {plan.collection_year}")
    who = spells["who"].to_numpy()
    birth = lives.column("birth")[who]
    left = (spells["stop"].to_numpy() - birth >= _LEFT_AT * YEAR) & (spells["stop"].to_numpy() <= plan.end)
    died_in_care = lives.column("death")[who] == spells["stop"].to_numpy()
    birthday = np.any([_turns(birth, age, plan) for age in _TURNING], axis=0)
    rows = spells.filter(pl.Series(left & birthday & ~died_in_care)).select("who").unique(maintain_order=True)
    size = rows.height
    died = pl.Series(lives.column("death")[rows["who"].to_numpy()] <= plan.end)
    touch = pl.select(
        pl.when(died).then(pl.lit("DIED")).otherwise(choose(random, _IN_TOUCH, size))
    ).to_series()
    told = ~touch.is_in(_NOTHING_MORE) & ((touch == "YES") | pl.Series(random.random(size) < 0.3))
    return rows.with_columns(
        in_touch=touch,
        activ=pl.when(told).then(choose(random, _ACTIVITY, size)).otherwise(pl.lit("0")),
        accom=pl.when(told).then(choose(random, _HOME, size)).otherwise(pl.lit("0")),
    )


def _turns(birth: np.ndarray, age: int, plan: DeliveryPlan) -> np.ndarray:
    born = birth.astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    birthday = (month + age * 12).astype("datetime64[D]") + (born - month.astype("datetime64[D]"))
    day = birthday.astype(np.int64)
    return (day >= plan.start) & (day <= plan.end)
