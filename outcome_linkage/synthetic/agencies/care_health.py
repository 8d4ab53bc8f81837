"""How children are who have been in care for the whole of a collection year: the module OC2 of the return.

Shares are invented, near those that the Department for Education publishes for England.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Flags, Ints, Random
from outcome_linkage.synthetic.recording import choose
from outcome_linkage.synthetic.window import DeliveryPlan

_UP_TO_DATE: Final = {
    "health_check": 0.88,
    "immunisations": 0.83,
    "teeth_check": 0.78,
    "health_assessment": 0.90,
}
_SCORED: Final = 0.77
_NO_SCORE: Final = {"SDQ2": 30, "SDQ3": 8, "SDQ4": 48, "SDQ5": 14}
_MALTREATED: Final = ("neglect", "physical_abuse", "emotional_abuse", "sexual_abuse", "domestic_abuse")
_SDQ_MEAN, _SDQ_EACH, _SDQ_SPREAD = 11.0, 1.4, 6.0  # points, and for each kind of maltreatment
_MISUSE, _HELPED = 0.06, 0.45


def health_in_care(lives: Lives, spells: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
    """Children of a council looked after from the first to the last day of the year: who and the columns of
    OC2, null where the return does not ask for a child of that age."""
    random = lives.block.random(f"health in care {plan.supplier} {plan.collection_year}")
    rows = spells.filter((pl.col("start") <= plan.start) & (pl.col("stop") > plan.end)).select("who")
    who = rows["who"].to_numpy()
    age, then = (lives.age(who, np.full(len(who), day)) for day in (plan.end, plan.start))
    asked = (age >= 4) & (then < 17)
    scored = asked & (random.random(len(who)) < _SCORED)
    misuses = (age >= 11) & (random.random(len(who)) < _MISUSE)
    helped = random.random(len(who)) < _HELPED
    marks = {name: random.random(len(who)) < share for name, share in _UP_TO_DATE.items()}
    return rows.with_columns(
        sdq_score=_where(scored, pl.Series(_score(random, lives, who, plan.end))),
        sdq_reason=_where(asked & ~scored, choose(random, _NO_SCORE, len(who))),
        convicted=_where(age >= 10, pl.Series(_convicted(lives, random, who, plan))),
        substance_misuse=pl.Series(misuses),
        intervention_received=_where(misuses, pl.Series(helped)),
        intervention_offered=_where(misuses & ~helped, pl.Series(random.random(len(who)) < 0.5)),
        **{name: pl.Series(mark) for name, mark in marks.items()},
    ).with_columns(health_check=_where(age < 5, pl.Series(marks["health_check"])))


def _score(random: Random, lives: Lives, who: Ints, day: int) -> Ints:
    """Total difficulties: higher the more kinds of maltreatment lie behind the child."""
    kinds = np.sum([lives.onset[name][who] <= day for name in _MALTREATED], axis=0)
    return np.clip(random.normal(_SDQ_MEAN + _SDQ_EACH * kinds, _SDQ_SPREAD), 0, 40).round().astype(np.int64)


def _convicted(lives: Lives, random: Random, who: Ints, plan: DeliveryPlan) -> Flags:
    """Whether one of the year's offences led to a conviction."""
    year = lives.events("police_suspect").filter(pl.col("day").is_between(plan.start, plan.end))
    return np.isin(who, year["who"].to_numpy()) & (random.random(len(who)) < 0.3)


def _where(asked: Flags, values: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.Series(asked)).then(values)).to_series()
