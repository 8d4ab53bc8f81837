"""Where everyone lives when: households that move, parents and grown children who leave, children in care.

A stay is a person at a dwelling from one day to another, both inclusive; `until` is NEVER while it lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.households import TYPES
from outcome_linkage.synthetic.people import Block
from outcome_linkage.synthetic.places import Places, dwellings
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.window import NEVER, WINDOW_END, WINDOW_START, YEAR

_MOST_MOVES: Final = 4
_SAME_AUTHORITY: Final = 0.75
_SAME_AUTHORITY_IN_CARE: Final = 0.70
_LEAVES_REGION: Final = 0.15


@dataclass(frozen=True)
class Residences:
    """`stays`: who, since, until, dwelling, in order of who and since. `dwellings`: one row each."""

    stays: pl.DataFrame
    dwellings: pl.DataFrame

    def on(self, who: Ints, day: Ints) -> Ints:
        """The dwelling of each `who` on each `day`; -1 for who does not live in the region then."""
        found = stay_on(self.stays, who, day)
        return np.where(found >= 0, self.stays["dwelling"].to_numpy()[np.maximum(found, 0)], -1)

    def area(self, dwelling: Ints) -> Ints:
        """The small area of each dwelling; -1 for none."""
        return np.where(dwelling >= 0, self.dwellings["area"].to_numpy()[np.maximum(dwelling, 0)], -1)


def stay_on(stays: pl.DataFrame, who: Ints, day: Ints) -> Ints:
    """The row of `stays` (by who and since) that holds each `who` on each `day`; -1 without one."""
    if not stays.height:
        return np.full(len(who), -1, dtype=np.int64)
    since = _sortable(stays["who"].to_numpy(), stays["since"].to_numpy())
    found = np.searchsorted(since, _sortable(who, day), side="right") - 1
    row = np.maximum(found, 0)
    holds = (found >= 0) & (stays["who"].to_numpy()[row] == who) & (stays["until"].to_numpy()[row] >= day)
    return np.where(holds, found, -1)


def _sortable(who: Ints, day: Ints) -> Ints:
    return who * 2**24 + day + 2**22


def residences(
    block: Block,
    places: Places,
    homes: pl.DataFrame,
    people: pl.DataFrame,
    *,
    death: Ints,
    care: tuple[Ints, Ints],
    separated: Ints,
) -> Residences:
    """The stays of a block's people. `death`, the first and last day of `care`, and the day on which the
    parents of a household `separated` are days by person (NEVER without)."""
    random = block.random("residence")
    stays, areas = _household_stays(random, places, homes)
    apart = _apart(random, places, homes, people, care, separated, first=len(areas))
    areas = np.concatenate([areas, apart["area"].to_numpy()])
    homes_of = (
        people.select("who", "household", "birth")
        .with_columns(pl.Series("end", death))
        .join(stays, on="household", maintain_order="left")
    )
    own = pl.concat([_at_home(homes_of, apart), _away(apart, people, death)])
    own = own.filter((pl.col("since") <= pl.col("until")) & (pl.col("since") <= WINDOW_END))
    built = dwellings(random, places, areas, block.number)
    return Residences(own.sort("who", "since"), built)


def _household_stays(random: Random, places: Places, homes: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """Stays of households, and the small area of each dwelling number that they use."""
    rate = np.array([kind.moves for kind in TYPES])[homes["type"].to_numpy()]
    arrive = np.maximum(homes["arrive"].to_numpy(), WINDOW_START)
    leave = np.minimum(homes["leave"].to_numpy(), WINDOW_END)
    number = np.minimum(random.poisson(rate * (leave - arrive) / YEAR), _MOST_MOVES)
    household = np.repeat(homes["household"].to_numpy(), number)
    day = (
        arrive[household]
        + 20
        + (random.random(len(household)) * (leave - arrive - 40)[household]).astype(int)
    )
    moves = pl.DataFrame({"household": household, "since": day}).unique().sort("household", "since")
    moves, areas = _destinations(random, places, homes, moves)
    first = homes.select(
        "household",
        since=pl.Series(homes["arrive"].to_numpy() - _lived_there(random, homes)),
        dwelling=pl.col("household"),
    )
    stays = pl.concat([first, moves.select(first.columns)]).sort("household", "since")
    until = pl.col("since").shift(-1).over("household") - 1
    left = homes["leave"].gather(stays["household"])
    return stays.with_columns(until=until.fill_null(left - 1)), areas


def _lived_there(random: Random, homes: pl.DataFrame) -> Ints:
    """Days for which a household had lived at its first address when the window opened; 0 for arrivals."""
    here = homes["arrive"].to_numpy() < WINDOW_START
    return np.where(here, random.exponential(2500, homes.height).astype(np.int64) + 30, 0)


def _destinations(
    random: Random, places: Places, homes: pl.DataFrame, moves: pl.DataFrame
) -> tuple[pl.DataFrame, Ints]:
    """Who moves for the first time mostly takes the dwelling that the one before them left, in the same
    authority and quintile; the others a new one, three in four within the authority."""
    home = homes["area"].gather(moves["household"]).to_numpy()
    market = places.authority[home] * 10 + places.quintile[home]
    moves = moves.with_columns(
        market=pl.Series(market), nth=pl.int_range(pl.len()).over("household"), row=pl.int_range(pl.len())
    )
    reused = (
        moves.filter(pl.col("nth") == 0)
        .sort("market", "since", "household")
        .select("row", vacated=pl.col("household").shift(1).over("market"))
    )
    moves = moves.join(reused, on="row", how="left", maintain_order="left")
    vacated = moves["vacated"].fill_null(-1).to_numpy()
    new = (vacated < 0) | (random.random(moves.height) < 0.3)
    areas = _nearby(random, places, home[new], _SAME_AUTHORITY)
    dwelling = vacated.copy()
    dwelling[new] = homes.height + np.arange(int(new.sum()))
    return moves.with_columns(dwelling=pl.Series(dwelling)), np.concatenate([homes["area"].to_numpy(), areas])


def _nearby(random: Random, places: Places, area: Ints, same: float) -> Ints:
    """Another small area for each: within the authority with chance `same`, else anywhere."""
    anywhere = places.draw(random, len(area))
    authority = places.authority
    first = np.searchsorted(authority, authority[area], side="left")
    last = np.searchsorted(authority, authority[area], side="right")
    within = first + (random.random(len(area)) * (last - first)).astype(np.int64)
    return np.where(random.random(len(area)) < same, within, anywhere)


def _apart(
    random: Random,
    places: Places,
    homes: pl.DataFrame,
    people: pl.DataFrame,
    care: tuple[Ints, Ints],
    separated: Ints,
    *,
    first: int,
) -> pl.DataFrame:
    """People who live away from their household: who, since, until, area, dwelling (-1: out of it all)."""
    household, role = people["household"].to_numpy(), people["role"].to_numpy()
    arrive = homes["arrive"].to_numpy()[household]
    arrive = np.where(arrive < WINDOW_START, -NEVER, arrive)
    grown = people["birth"].to_numpy() + (random.uniform(18.4, 25, people.height) * YEAR).astype(np.int64)
    flies = (role < 0) & (random.random(people.height) < 0.6)
    lodger = (role == 2) & (random.random(people.height) < 0.5)
    since = np.where(role == 1, separated, NEVER)
    since = np.where(flies, grown, since)
    since = np.where(lodger, random.integers(WINDOW_START, WINDOW_END, people.height), since)
    in_care = care[0] < NEVER
    since = np.where(in_care, care[0], since)
    since = np.where(since < NEVER, np.maximum(since, arrive + 1), NEVER)
    until = np.where(in_care, care[1], NEVER)
    rows = np.flatnonzero((since < np.minimum(until, WINDOW_END)) & (since > WINDOW_START - 3 * YEAR))
    home = homes["area"].to_numpy()[household[rows]]
    same = np.where(in_care[rows], _SAME_AUTHORITY_IN_CARE, _SAME_AUTHORITY)
    area = np.where(
        random.random(len(rows)) < same,
        _nearby(random, places, home, 1.0),
        _nearby(random, places, home, 0.0),
    )
    gone = ~in_care[rows] & (random.random(len(rows)) < _LEAVES_REGION)
    dwelling = np.where(gone, -1, first + np.arange(len(rows)))
    return pl.DataFrame(
        {"who": rows, "since": since[rows], "until": until[rows], "area": area, "dwelling": dwelling}
    )


def _at_home(homes_of: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    """Household stays, cut to a person's life and to the days on which they are not away."""
    rows = homes_of.with_columns(
        since=pl.max_horizontal("since", "birth"), until=pl.min_horizontal("until", "end")
    ).join(apart.select("who", left="since", back="until"), on="who", how="left", maintain_order="left")
    columns = ("who", "since", "until", "dwelling")
    whole = rows.filter(pl.col("left").is_null())
    cut = rows.filter(pl.col("left").is_not_null())
    before = cut.with_columns(until=pl.min_horizontal("until", pl.col("left") - 1))
    after = cut.filter(pl.col("back") < NEVER).with_columns(
        since=pl.max_horizontal("since", pl.col("back") + 1)
    )
    return pl.concat([part.select(columns) for part in (whole, before, after)])


def _away(apart: pl.DataFrame, people: pl.DataFrame, death: Ints) -> pl.DataFrame:
    end = pl.Series("end", death).gather(apart["who"])
    return (
        apart.with_columns(end)
        .filter(pl.col("dwelling") >= 0)
        .select("who", "since", pl.min_horizontal("until", "end").alias("until"), "dwelling")
    )
