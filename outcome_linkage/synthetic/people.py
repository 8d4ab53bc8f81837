"""The people of one block: who they are and what they are called, for life.

A person is a row; `who` is its number in the block and `person` its number in the region. Days are integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.cultures import CULTURES
from outcome_linkage.synthetic.households import households, members
from outcome_linkage.synthetic.names import Names, load_names
from outcome_linkage.synthetic.places import Places
from outcome_linkage.synthetic.randomness import Flags, Ints, Random, stream
from outcome_linkage.synthetic.window import NEVER, WINDOW_END, WINDOW_START, YEAR, day

BLOCK: Final = 25_000
_DOUBLE_BARRELLED: Final = 0.03
_MARRIES: Final = 0.05
_RENAMED_CHILD: Final = 0.012


@dataclass(frozen=True)
class Block:
    """Which people: numbers `first` to `first + size - 1`, drawn from `seed` and `number` alone."""

    seed: int
    number: int
    first: int
    size: int

    def random(self, purpose: str) -> Random:
        """The random numbers of this block for one purpose."""
        return stream(self.seed, self.number, purpose)


def blocks(people: int, seed: int) -> list[Block]:
    """The blocks that together hold `people` people."""
    starts = range(0, people, BLOCK)
    return [Block(seed, n, first, min(BLOCK, people - first)) for n, first in enumerate(starts)]


def invent(block: Block, places: Places) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The households and the people of a block.

    People: who, person, household, role, female, birth, culture, ethnic, mother and father (who, -1 if not in
    the region), forename, middle, surname and hyphenated (positions in Names, -1 none), and renamed (day),
    new_surname.
    """
    homes = households(block.random("households"), places, int(block.size * 0.6) + 200)
    people = members(block.random("members"), homes).join(
        homes.select("household", "leave"), on="household", maintain_order="left"
    )
    people = people.filter(pl.col("birth") < pl.col("leave") - 60).drop("leave").head(block.size)
    if people.height < block.size:
        raise AssertionError(f"block {block.number}: too few households for {block.size} people")
    homes = homes.head(int(people["household"][-1]) + 1)
    people = people.with_row_index("who").with_columns(pl.col("who").cast(pl.Int64))
    people = people.with_columns(person=pl.col("who") + block.first)
    first_of = people.group_by("household", maintain_order=True).agg(pl.col("who").first().alias("first"))
    people = people.join(first_of, on="household", maintain_order="left").with_columns(
        pl.when(pl.col(parent) >= 0).then(pl.col("first") + pl.col(parent)).otherwise(-1).alias(parent)
        for parent in ("mother", "father")
    )
    return homes, _named(block, people).drop("first", "place")


def _named(block: Block, people: pl.DataFrame) -> pl.DataFrame:
    names, random = load_names(), block.random("names")
    female, culture = people["sex"].to_numpy(), people["culture"].to_numpy()
    forename = _different_siblings(names, random, people)
    middle = np.where(random.random(people.height) < 0.6, _forenames(names, random, culture, female), -1)
    surname, hyphenated = _surnames(names, random, people)
    renamed, new_surname = _renamings(names, random, people, surname)
    return people.rename({"sex": "female"}).with_columns(
        pl.Series("birth", _first_of_january(random, people)),
        pl.Series("forename", forename),
        pl.Series("middle", middle),
        pl.Series("surname", surname),
        pl.Series("hyphenated", hyphenated),
        pl.Series("renamed", renamed),
        pl.Series("new_surname", new_surname),
    )


def _forenames(names: Names, random: Random, culture: Ints, female: Flags) -> Ints:
    return np.where(
        female, names.draw(random, culture, "forename_f"), names.draw(random, culture, "forename_m")
    )


def _different_siblings(names: Names, random: Random, people: pl.DataFrame) -> Ints:
    """Forenames, drawn again (three times at most) where a household would have the same one twice."""
    culture, female = people["culture"].to_numpy(), people["sex"].to_numpy()
    forename = _forenames(names, random, culture, female)
    for _ in range(3):
        again = people.select("household", pl.Series("forename", forename)).is_duplicated().to_numpy()
        again &= people["role"].to_numpy() < 0
        forename[again] = _forenames(names, random, culture[again], female[again])
    return forename


def _surnames(names: Names, random: Random, people: pl.DataFrame) -> tuple[Ints, Ints]:
    """Own surnames; a partner's is the first adult's where the culture has family names; a child's is the
    father's, else the mother's, in some families both with a hyphen."""
    culture, female = people["culture"].to_numpy(), people["sex"].to_numpy()
    role, first = people["role"].to_numpy(), people["first"].to_numpy()
    own = np.where(female, names.draw(random, culture, "surname_f"), names.draw(random, culture, "surname_m"))
    shared = _one_draw_a_household(random, first) < _family_name(culture)
    surname = np.where(((role == 1) | (role == 3)) & shared, own[first], own)
    other = np.where(_british(culture), names.draw(random, culture, "surname_m"), -1)
    hyphenated = np.where(random.random(len(own)) < _DOUBLE_BARRELLED, other, -1)
    return _children_named(random, people, surname, hyphenated, own)


def _children_named(
    random: Random, people: pl.DataFrame, surname: Ints, hyphenated: Ints, own: Ints
) -> tuple[Ints, Ints]:
    role, first, culture = (people[c].to_numpy() for c in ("role", "first", "culture"))
    mother, father = people["mother"].to_numpy(), people["father"].to_numpy()
    custom = _one_draw_a_household(random, first)
    heir = np.where((father >= 0) & ((custom < 0.75) | (mother < 0)), father, mother)
    heir = np.maximum(heir, 0)
    own_name = (_family_name(culture) < 0.1) & (random.random(len(own)) < 0.5)
    child = role < 0
    both = child & (father >= 0) & (mother >= 0) & _british(culture) & (custom > 0.92)
    both &= surname[np.maximum(father, 0)] != surname[np.maximum(mother, 0)]
    named = np.where(child & ~own_name, surname[heir], surname)
    second = np.where(child, np.where(own_name, -1, hyphenated[heir]), hyphenated)
    second = np.where(both, surname[np.maximum(father, 0)], second)
    return named, np.where(second == named, -1, second)


def _one_draw_a_household(random: Random, first: Ints) -> np.ndarray:
    return random.random(len(first))[first]


def _family_name(culture: Ints) -> np.ndarray:
    return np.array([c.family_name for c in CULTURES])[culture]


def _british(culture: Ints) -> Flags:
    return np.array([c.ethnic in ("WBRI", "WIRI") or c.ethnic[0] == "M" for c in CULTURES])[culture]


def _renamings(names: Names, random: Random, people: pl.DataFrame, surname: Ints) -> tuple[Ints, Ints]:
    """The day on which someone takes another surname, and which: on marriage, or with a new family."""
    age = (WINDOW_START - people["birth"].to_numpy()) / YEAR
    size = people.height
    marries = people["sex"].to_numpy() & (age > 18) & (age < 45) & (random.random(size) < _MARRIES)
    child = (age < 14) & (random.random(size) < _RENAMED_CHILD)
    when = random.integers(WINDOW_START + 60, WINDOW_END - 60, size)
    when = np.maximum(when, people["birth"].to_numpy() + 300)
    other = names.draw(random, people["culture"].to_numpy(), "surname_m")
    changes = (marries | child) & (other != surname) & (when < WINDOW_END)
    return np.where(changes, when, NEVER), np.where(changes, other, surname)


def _first_of_january(random: Random, people: pl.DataFrame) -> Ints:
    """Births, moved to 1 January for some of those born abroad."""
    birth, culture = people["birth"].to_numpy(), people["culture"].to_numpy()
    abroad = np.array([c.abroad for c in CULTURES])[culture]
    share = np.array([c.first_january for c in CULTURES])[culture]
    grown = birth < day(date(2004, 1, 1))
    chosen = random.random(len(birth)) < share * np.where(grown, abroad, abroad * 0.15)
    years = birth.astype("datetime64[D]").astype("datetime64[Y]")
    january = years.astype("datetime64[D]").astype(np.int64)
    return np.where(chosen, january, birth)
