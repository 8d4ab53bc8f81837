"""Households and the people in them, one block at a time: couples, children, twins, grandparents, lodgers.

A block is a run of people with consecutive numbers; everything in it depends on the seed and the block only.
Adversities, moves and records belong elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.cultures import CULTURES, WITH_WHITE
from outcome_linkage.synthetic.places import Places
from outcome_linkage.synthetic.randomness import Flags, Floats, Ints, Random, pick_by_row
from outcome_linkage.synthetic.window import CHILDREN_BORN_FROM, NEVER, WINDOW_END, WINDOW_START, YEAR


@dataclass(frozen=True)
class HouseholdType:
    """A kind of household.

    `share` is per 1,000 households at average deprivation, multiplied by `gradient` once per quintile
    above the third. `adult_ages` bounds the age of its adults in mid-2022. `children` gives the weights of
    0, 1, 2 … children. `moves` is whole-household moves a year.
    """

    name: str
    share: float
    gradient: float
    adults: tuple[int, int]
    adult_ages: tuple[int, int]
    children: tuple[float, ...]
    moves: float
    passing: float
    couple: bool = False
    grandparent: bool = False


TYPES: Final[tuple[HouseholdType, ...]] = (
    HouseholdType("single_young", 80, 1.10, (1, 1), (19, 40), (1,), 0.25, 0.30),
    HouseholdType("single_mid", 90, 1.10, (1, 1), (40, 65), (1,), 0.08, 0.10),
    HouseholdType("single_old", 120, 1.00, (1, 1), (65, 96), (1,), 0.02, 0.03),
    HouseholdType("couple", 140, 0.95, (2, 2), (24, 64), (1,), 0.09, 0.12, couple=True),
    HouseholdType("couple_old", 110, 0.90, (2, 2), (63, 90), (1,), 0.02, 0.03, couple=True),
    HouseholdType("couple_children", 260, 0.92, (2, 2), (0, 0), (0, 42, 40, 13, 5), 0.08, 0.10, couple=True),
    HouseholdType("lone_parent", 95, 1.35, (1, 1), (0, 0), (0, 48, 33, 14, 5), 0.13, 0.10),
    HouseholdType("shared", 50, 1.10, (3, 5), (19, 32), (1,), 0.40, 0.40),
    HouseholdType("three_generations", 25, 1.30, (2, 2), (0, 0), (0, 35, 35, 20, 10), 0.06, 0.10, True, True),
)
ADULT_ROLES: Final = ("adult", "partner", "lodger", "grandparent")
_MID: Final = (WINDOW_START + WINDOW_END) // 2
_TWINS: Final = 0.016
_SAME_CULTURE: Final = 0.88
_MOTHER_ALONE: Final = 0.88


def households(random: Random, places: Places, size: int) -> pl.DataFrame:
    """`size` households: household, type, area, culture, adults, children, and in days eldest (birth of the
    eldest child), arrive, leave."""
    area = places.draw(random, size)
    deprivation = 3 - places.quintile[area]
    shares = np.array([[t.share * t.gradient**q for t in TYPES] for q in range(-2, 3)])
    kind = pick_by_row(random, shares, deprivation + 2)
    culture = _draw_culture(random, places.authority[area])
    adults = np.array([t.adults for t in TYPES])[kind]
    arrive, leave = _passing_through(random, kind)
    return pl.DataFrame(
        {
            "household": np.arange(size),
            "type": kind,
            "area": area,
            "culture": culture,
            "adults": random.integers(adults[:, 0], adults[:, 1] + 1),
            "children": pick_by_row(random, _children_weights(), kind),
            "eldest": random.integers(CHILDREN_BORN_FROM, WINDOW_END - 40, size),
            "arrive": arrive,
            "leave": leave,
        }
    )


def _draw_culture(random: Random, authority: Ints) -> Ints:
    shares = np.array([culture.shares for culture in CULTURES]).T
    return pick_by_row(random, shares, authority)


def _children_weights() -> Floats:
    width = max(len(t.children) for t in TYPES)
    return np.array([[*t.children, *[0.0] * (width - len(t.children))] for t in TYPES])


def _passing_through(random: Random, kind: Ints) -> tuple[Ints, Ints]:
    """Days of arrival in and departure from the region; most households are there throughout."""
    passing = np.array([t.passing for t in TYPES])[kind]
    days = random.integers(WINDOW_START + 30, WINDOW_END - 30, (2, len(kind)))
    arrive = np.where(random.random(len(kind)) < passing, days[0], WINDOW_START - 1)
    leave = np.where(random.random(len(kind)) < passing, days[1], NEVER)
    return arrive, np.where(leave > arrive + 180, leave, NEVER)


def members(random: Random, homes: pl.DataFrame) -> pl.DataFrame:
    """The people of `homes`, parents before children: household, role, place, sex, birth, culture, ethnic.

    `place` orders the members of a household; mother and father are the places of a child's parents.
    """
    adults = _adults(random, homes)
    children = _children(random, homes, adults)
    grandparents = _grandparents(random, homes, adults)
    people = pl.concat([adults, children, grandparents], how="vertical").sort("household", "place")
    return people.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over("household").alias("place"))


_COLUMNS: Final = ("household", "place", "role", "sex", "birth", "culture", "ethnic", "mother", "father")


def _adults(random: Random, homes: pl.DataFrame) -> pl.DataFrame:
    rows = homes.with_columns(pl.int_ranges(0, "adults").alias("nth")).explode("nth")
    place = rows["nth"].to_numpy()
    kind, culture = rows["type"].to_numpy(), rows["culture"].to_numpy()
    couple = np.array([t.couple for t in TYPES])[kind]
    second = couple & (place == 1)
    mixed = second & (random.random(len(rows)) > _SAME_CULTURE)
    culture = np.where(mixed, _draw_culture(random, np.zeros(len(rows), dtype=np.int64)), culture)
    return _frame(
        rows["household"].to_numpy(),
        place,
        np.where(second, 1, np.where(place == 0, 0, 2)),
        _adult_sex(random, kind, place, couple),
        _adult_births(random, rows, second),
        culture,
    )


def _adult_sex(random: Random, kind: Ints, place: Ints, couple: Flags) -> Flags:
    """Female first in couples with a man second (2% same sex); lone parents are mostly mothers."""
    size = len(kind)
    female = random.random(size) < 0.5
    lone = kind == [t.name for t in TYPES].index("lone_parent")
    female = np.where(lone, random.random(size) < _MOTHER_ALONE, female)
    same_sex = random.random(size) < 0.02
    return np.where(couple, (place == 0) ^ (same_sex & (place == 1)), female)


def _adult_births(random: Random, rows: pl.DataFrame, second: Flags) -> Ints:
    """Parents are 17 to 43 at the birth of the eldest child; a second adult is near the first in age."""
    ages = np.array([t.adult_ages for t in TYPES], dtype=float)[rows["type"].to_numpy()]
    household, size = rows["household"].to_numpy(), rows.height
    free = _MID - (ages[:, 0] + random.random(size) * (ages[:, 1] - ages[:, 0])) * YEAR
    parent = rows["eldest"].to_numpy() - np.clip(random.normal(29.5, 5.5, size), 17, 43) * YEAR
    birth = np.where(ages[:, 1] > 0, free, parent)
    first = np.zeros(int(household.max(initial=0)) + 1)
    first[household[::-1]] = birth[::-1]
    partner = np.clip(first[household] - random.normal(2, 4, size) * YEAR, None, _MID - 21 * YEAR)
    return np.where(second, partner, birth).astype(np.int64)


def _children(random: Random, homes: pl.DataFrame, adults: pl.DataFrame) -> pl.DataFrame:
    """Children spaced 14 months to five years apart, or twins; those not yet born are left out."""
    first = adults.filter(pl.col("place") == 0).rename({"sex": "first_sex"})
    second = adults.filter(pl.col("role") == 1).select(
        "household", second_culture="culture", second_sex="sex", has_second=True
    )
    rows = (
        homes.filter(pl.col("children") > 0)
        .select("household", "eldest", pl.int_ranges(0, "children").alias("order"))
        .explode("order")
        .join(
            first.select("household", "first_sex", "culture"),
            on="household",
            how="left",
            maintain_order="left",
        )
        .join(second, on="household", how="left", maintain_order="left")
    )
    rows = rows.with_columns(birth=_child_births(random, rows)).filter(pl.col("birth") <= WINDOW_END - 20)
    rows = rows.with_columns(pl.col("second_culture").fill_null(pl.col("culture")))
    culture = np.where(
        random.random(rows.height) < 0.5, rows["culture"].to_numpy(), rows["second_culture"].to_numpy()
    )
    frame = _frame(
        rows["household"].to_numpy(),
        10 + rows["order"].to_numpy(),
        np.full(rows.height, -1),
        random.random(rows.height) < 0.488,
        rows["birth"].to_numpy(),
        culture,
    )
    return frame.with_columns(
        _mixed(rows),
        pl.Series("mother", _parent(rows, female=True)),
        pl.Series("father", _parent(rows, female=False)),
    ).select(_COLUMNS)


def _child_births(random: Random, rows: pl.DataFrame) -> Ints:
    """The eldest child's birth, then a gap for each further child."""
    order = rows["order"].to_numpy()
    gap = np.where(random.random(rows.height) < _TWINS, 0, random.uniform(430, 1800, rows.height))
    total = np.cumsum(np.where(order > 0, gap, 0))
    since = total - np.maximum.accumulate(np.where(order == 0, total, 0))
    return (rows["eldest"].to_numpy() + since).astype(np.int64)


def _parent(rows: pl.DataFrame, *, female: bool) -> Ints:
    """The place of the parent of that sex: the first adult, else the second, else -1."""
    first = rows["first_sex"].to_numpy() == female
    second = rows["has_second"].fill_null(False).to_numpy() & (
        rows["second_sex"].fill_null(not female).to_numpy() == female
    )
    return np.where(first, 0, np.where(second, 1, -1)).astype(np.int64)


def _mixed(rows: pl.DataFrame) -> pl.Series:
    """A child's ethnic group: that of both parents, or the mixed group of the two."""
    codes = [culture.ethnic for culture in CULTURES]
    table = np.array([[_child_group(a, b) for b in codes] for a in codes])
    pair = table[rows["culture"].to_numpy(), rows["second_culture"].to_numpy()]
    return pl.Series("ethnic", pair.astype(str), dtype=pl.String)


def _child_group(one: str, other: str) -> str:
    if one == other or one[0] == other[0] == "W":
        return one
    if "W" not in (one[0], other[0]):
        return "MOTH"
    return WITH_WHITE.get(other if one[0] == "W" else one, "MOTH")


def _grandparents(random: Random, homes: pl.DataFrame, adults: pl.DataFrame) -> pl.DataFrame:
    three = [number for number, kind in enumerate(TYPES) if kind.grandparent]
    rows = adults.filter(pl.col("place") == 0).join(
        homes.filter(pl.col("type").is_in(three)).select("household"), on="household", maintain_order="left"
    )
    age = np.clip(random.normal(28, 5, rows.height), 18, 42) * YEAR
    return _frame(
        rows["household"].to_numpy(),
        np.full(rows.height, 5),
        np.full(rows.height, 3),
        random.random(rows.height) < 0.7,
        (rows["birth"].to_numpy() - age).astype(np.int64),
        rows["culture"].to_numpy(),
    )


def _frame(
    household: Ints, place: Ints, role: Ints, female: Flags, birth: Ints, culture: Ints
) -> pl.DataFrame:
    """The common columns; role is a position in ADULT_ROLES, -1 a child."""
    ethnic = pl.Series([c.ethnic for c in CULTURES]).gather(culture)
    return pl.DataFrame(
        {
            "household": household,
            "place": place.astype(np.int64),
            "role": role.astype(np.int64),
            "sex": female.astype(bool),
            "birth": birth.astype(np.int64),
            "culture": culture.astype(np.int64),
            "ethnic": ethnic,
            "mother": np.full(len(household), -1, dtype=np.int64),
            "father": np.full(len(household), -1, dtype=np.int64),
        }
    ).select(_COLUMNS)
