"""The adversities of a block: when each begins for whom, and every later event of it.

Family adversities begin for a household and reach each child then under 18, or born into it later.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.effects import ADVERSITIES, DEPRIVATION, Adversity, Process
from outcome_linkage.synthetic.hazards import Risk, events, first_days
from outcome_linkage.synthetic.people import Block
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.window import ADULT, CHILDREN_BORN_FROM, WINDOW_END, YEAR

Onsets = dict[str, Ints]
_YEARS_BEFORE: Final = 2


def adversities(block: Block, people: pl.DataFrame, quintile: Ints) -> tuple[Onsets, pl.DataFrame]:
    """For each adversity the first day for each person (NEVER without), and all events in childhood.

    `quintile` is that of each person. Events: who, day, kind; by kind, who, day.
    """
    onset: Onsets = {}
    found = []
    for adversity in ADVERSITIES:
        random = block.random(f"adversity {adversity.name}")
        draw = _in_families if adversity.family else _in_children
        happened = draw(random, adversity, people, quintile, onset)
        onset[adversity.name] = first_days(happened, people.height)
        found.append(happened.with_columns(kind=pl.lit(adversity.name)))
    return onset, pl.concat(found)


def _process(adversity: Adversity) -> Process:
    low, high = adversity.ages
    rates = ((0, 0.0, 0.0), (low, adversity.rate, adversity.rate), (high + 1, 0.0, 0.0))
    return Process(adversity.name, rates, DEPRIVATION, once=True)


def _in_children(
    random: Random, adversity: Adversity, people: pl.DataFrame, quintile: Ints, onset: Onsets
) -> pl.DataFrame:
    birth = people["birth"].to_numpy()
    stop = np.minimum(birth + int(ADULT * YEAR), WINDOW_END + 1)
    risk = Risk(birth, people["female"].to_numpy(), quintile, birth, stop)
    children = np.flatnonzero((people["role"].to_numpy() < 0) & (birth >= CHILDREN_BORN_FROM))
    first = events(random, _process(adversity), risk, onset, only=children)
    return _with_repeats(random, adversity, first, stop)


def _in_families(
    random: Random, adversity: Adversity, people: pl.DataFrame, quintile: Ints, onset: Onsets
) -> pl.DataFrame:
    """Drawn on the eldest child of each household for the family, then shared by its children."""
    children = people.filter(pl.col("role") < 0).select("who", "household", "birth", "mother", "father")
    if adversity.name == "parental_separation":
        children = children.filter((pl.col("mother") >= 0) & (pl.col("father") >= 0))
    eldest = children.sort("household", "birth", "who").unique("household", keep="first", maintain_order=True)
    rows = eldest["who"].to_numpy()
    last = eldest.join(
        children.group_by("household").agg(pl.col("birth").max().alias("youngest")),
        on="household",
        maintain_order="left",
    )["youngest"].to_numpy()
    start = eldest["birth"].to_numpy() - int(_YEARS_BEFORE * YEAR)
    stop = np.minimum(last + int(ADULT * YEAR), WINDOW_END + 1)
    # Family rates do not depend on a child's age: born at `start`, the family is always of age 0 to 120.
    process = Process(adversity.name, ((0, adversity.rate, adversity.rate),), DEPRIVATION, once=True)
    risk = Risk(start, np.zeros(len(rows), dtype=bool), quintile[rows], start, stop)
    first = events(random, process, risk, {name: days[rows] for name, days in onset.items()})
    family = _with_repeats(random, adversity, first, stop)
    household = eldest["household"].gather(family["who"]).alias("household")
    return _shared(family.select(household, "day"), children)


def _with_repeats(random: Random, adversity: Adversity, first: pl.DataFrame, stop: Ints) -> pl.DataFrame:
    """The first events and those that follow: who, day."""
    who, day = first["who"].to_numpy(), first["day"].to_numpy()
    if adversity.repeats == 0:
        return first
    until = day + random.exponential(adversity.years * YEAR, len(day)).astype(np.int64)
    length = np.maximum(np.minimum(until, stop[who]) - day - 1, 0)
    number = random.poisson(adversity.repeats * length / YEAR)
    again = np.repeat(day + 1, number) + (random.random(number.sum()) * np.repeat(length, number)).astype(int)
    more = pl.DataFrame({"who": np.repeat(who, number), "day": again.astype(np.int64)})
    return pl.concat([first, more]).unique().sort("who", "day")


def _shared(family: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    """What happens in a family happens to each child in it; what went before a birth counts from birth."""
    reach = family.join(children, on="household").with_columns(
        before=pl.col("day") < pl.col("birth"), at=pl.max_horizontal("day", "birth")
    )
    reach = reach.filter(pl.col("at") < pl.col("birth") + int(ADULT * YEAR))
    # Of the events before a birth only the state carries over: one event, on the day of birth.
    return reach.select("who", pl.col("at").alias("day")).unique().sort("who", "day")
