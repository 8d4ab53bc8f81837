"""The life of a block: adversities, deaths, care, where people live, and the outcomes that follow.

This is the truth, complete and without error; what an agency records of it belongs in `agencies`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.adversities import Onsets, adversities
from outcome_linkage.synthetic.effects import DEATH, LOOKED_AFTER, OUTCOMES
from outcome_linkage.synthetic.hazards import Risk, events, first_days
from outcome_linkage.synthetic.people import Block, invent
from outcome_linkage.synthetic.places import Places
from outcome_linkage.synthetic.randomness import Flags, Ints
from outcome_linkage.synthetic.residence import Residences, residences
from outcome_linkage.synthetic.window import ADULT, NEVER, WINDOW_END, WINDOW_START, YEAR

_YEARS_IN_CARE: Final = 2.4
_SETTLED_STAYS: Final = 2


@dataclass(frozen=True)
class Lives:
    """A block's people and what happens to them.

    `people` has quintile and home_area (of their household's first home), death, care_from and care_to (days,
    NEVER without) beside what `invent` gives. `onset`: the first day of each adversity by person. `happened`:
    who, day, kind, of adversities and outcomes alike.
    """

    block: Block
    places: Places
    people: pl.DataFrame
    onset: Onsets
    happened: pl.DataFrame
    residences: Residences

    @property
    def postcodes(self) -> pl.Series:
        """The text of each postcode number."""
        return self.places.postcodes["postcode"]

    @cached_property
    def mobile(self) -> Flags:
        """For each person, whether they moved at least twice in the window or were ever in care."""
        stays = self.residences.stays.filter(pl.col("until") >= WINDOW_START)
        number = np.bincount(stays["who"].to_numpy(), minlength=self.people.height)
        return (number > _SETTLED_STAYS) | (self.column("care_from") < NEVER)

    def placed(self, found: pl.DataFrame) -> pl.DataFrame:
        """Those of the events `found` (who, day) that happen to residents, with their dwelling."""
        dwelling = self.residences.on(found["who"].to_numpy(), found["day"].to_numpy())
        return found.with_columns(dwelling=pl.Series(dwelling)).filter(pl.col("dwelling") >= 0)

    def authority(self, dwelling: Ints) -> Ints:
        """The position in AUTHORITIES of each dwelling's authority."""
        return self.places.authority[self.residences.area(dwelling)]

    def lsoa(self, dwelling: Ints) -> pl.Series:
        """The small area of each dwelling."""
        return self.places.areas["lsoa21"].gather(self.residences.area(dwelling))

    def events(self, *kinds: str) -> pl.DataFrame:
        """The events of some kinds: who, day, kind."""
        return self.happened.filter(pl.col("kind").is_in(kinds))

    def column(self, name: str) -> Ints:
        """A column of people as an array, by who."""
        return self.people[name].to_numpy()

    def age(self, who: Ints, day: Ints) -> Ints:
        """Whole years of age of `who` on `day`."""
        return ((day - self.column("birth")[who]) // YEAR).astype(np.int64)


def live(block: Block, places: Places) -> Lives:
    """Everything that happens to the people of a block."""
    homes, people = invent(block, places)
    quintile = places.quintile[homes["area"].to_numpy()][people["household"].to_numpy()]
    onset, suffered = adversities(block, people, quintile)
    death = _deaths(block, people, quintile, onset)
    care = _care(block, people, quintile, onset, death)
    lived = residences(
        block,
        places,
        homes,
        people,
        death=death,
        care=care,
        separated=_separations(people, onset),
    )
    onset["looked_after"] = care[0]
    people = people.with_columns(
        pl.Series("quintile", quintile),
        pl.Series("home_area", homes["area"].gather(people["household"])),
        pl.Series("death", death),
        pl.Series("care_from", care[0]),
        pl.Series("care_to", care[1]),
    )
    followed = _outcomes(block, people, quintile, onset, lived.stays)
    ends = [_once("death", death), _once("looked_after", care[0])]
    happened = pl.concat([suffered, *ends, followed]).filter(pl.col("day") <= WINDOW_END)
    happened = happened.filter(pl.col("day") <= pl.Series(death).gather(happened["who"]))
    return Lives(block, places, people, onset, happened, lived)


def _deaths(block: Block, people: pl.DataFrame, quintile: Ints, onset: Onsets) -> Ints:
    birth = people["birth"].to_numpy()
    start = np.maximum(birth, WINDOW_START)
    risk = Risk(birth, people["female"].to_numpy(), quintile, start, np.full(len(birth), WINDOW_END + 1))
    return first_days(events(block.random("death"), DEATH, risk, onset), people.height)


def _care(
    block: Block, people: pl.DataFrame, quintile: Ints, onset: Onsets, death: Ints
) -> tuple[Ints, Ints]:
    """The first and last day of a child's one spell of care; it ends at 18, at death, or before."""
    birth, random = people["birth"].to_numpy(), block.random("care")
    adult = birth + int(ADULT * YEAR)
    start = np.maximum(birth + 1, WINDOW_START - int(3 * YEAR))
    stop = np.minimum(np.minimum(adult - 60, death), WINDOW_END)
    risk = Risk(birth, people["female"].to_numpy(), quintile, start, stop)
    children = np.flatnonzero(people["role"].to_numpy() < 0)
    first = first_days(events(random, LOOKED_AFTER, risk, onset, only=children), len(birth))
    lasts = 3 + random.gamma(0.9, _YEARS_IN_CARE / 0.9 * YEAR, len(birth)).astype(np.int64)
    last = np.minimum(np.minimum(first + lasts, adult), death)
    return first, np.where(first < NEVER, last, NEVER)


def _separations(people: pl.DataFrame, onset: Onsets) -> Ints:
    """The day on which the parents of each person's household separate."""
    days = people.select("household", day=pl.Series(onset["parental_separation"]))
    return days.select(pl.col("day").min().over("household")).to_series().to_numpy()


def _outcomes(
    block: Block, people: pl.DataFrame, quintile: Ints, onset: Onsets, stays: pl.DataFrame
) -> pl.DataFrame:
    """Outcomes while living in the region, within the window."""
    present = stays.group_by("who").agg(pl.col("since").min(), pl.col("until").max()).sort("who")
    who = present["who"].to_numpy()
    start, stop = np.zeros(people.height, dtype=np.int64), np.zeros(people.height, dtype=np.int64)
    start[who] = np.maximum(present["since"].to_numpy(), WINDOW_START)
    stop[who] = np.minimum(present["until"].to_numpy(), WINDOW_END) + 1
    risk = Risk(people["birth"].to_numpy(), people["female"].to_numpy(), quintile, start, stop)
    return pl.concat(
        events(block.random(process.name), process, risk, onset).with_columns(kind=pl.lit(process.name))
        for process in OUTCOMES
    )


def _once(kind: str, day: Ints) -> pl.DataFrame:
    who = np.flatnonzero(day < NEVER)
    return pl.DataFrame({"who": who, "day": day[who]}).with_columns(kind=pl.lit(kind))
