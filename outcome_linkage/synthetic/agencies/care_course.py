"""The course of a spell of care: which legal status and placement follow which, and how it ends.

A later episode changes what its reason for new episode says, and nothing else. Emergency orders, of a few
days, and short breaks are left out.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies import concerns
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.recording import choose, choose_by

_STATUS: Final = {"L", "B", "U"}
_PLACE: Final = {"P", "B", "T", "U"}
_ADOPTED: Final = ("E11", "E12")


def course(random: Random, episodes: pl.DataFrame, ends: pl.Series) -> pl.DataFrame:
    """The episodes (spell, rne, next, last, age) with ls, place and rec, and rne and next as they then are.

    `ends` is the row of `concerns.ENDS` for a spell that ends with this episode.
    """
    statuses = _statuses(random, episodes)
    episodes = statuses.with_columns(
        place=_placements(random, statuses), rec=_reasons(random, statuses, ends)
    )
    episodes = _adopted(random, episodes)
    return episodes.with_columns(next=pl.col("rne").shift(-1).over("spell"))


def _statuses(random: Random, episodes: pl.DataFrame) -> pl.DataFrame:
    """Each spell goes through the statuses of one path; once at its end, only the placement changes."""
    spells = episodes["spell"].n_unique()
    path = choose(random, concerns.STATUS_PATHS, spells).gather(episodes["spell"])
    steps = path.str.split(" ")
    to_go = steps.list.len().cast(pl.Int64) - 1
    asked = episodes.select(n=pl.col("rne").is_in(_STATUS).cast(pl.Int64).cum_sum().over("spell"))["n"]
    late = pl.Series(asked > to_go)
    rne = pl.col("rne")
    return episodes.with_columns(
        ls=steps.list.get(pl.select(pl.min_horizontal(asked, to_go)).to_series()),
        rne=pl.when(late & rne.is_in(["L", "B"]))
        .then(pl.lit("P"))
        .when(late & (rne == "U"))
        .then(pl.lit("T"))
        .otherwise(rne),
    )


def _placements(random: Random, episodes: pl.DataFrame) -> pl.Series:
    """Set at the start, another one at each change; what age or legal status forbids gives way."""
    names = pl.Series(list(concerns.PLACEMENTS))
    first = names.to_list().index
    drawn = choose(random, concerns.PLACEMENTS, episodes.height).to_list()
    number = np.array([first(name) for name in drawn], dtype=np.int64)
    number = _never_the_same(random, episodes, number, len(names))
    age, agreed = episodes["age"].to_numpy(), (episodes["ls"] == "V2").to_numpy()
    place = names.gather(number).to_numpy()
    place = np.where((place == "K3") & (age < 16), "U5", place)
    place = np.where((place == "P1") & agreed, "U2", place)
    changes = pl.col("rne").is_in(["S", *_PLACE])
    placed = episodes.select("spell", place=pl.when(changes).then(pl.Series(place.astype(str))))
    return placed.select(pl.col("place").forward_fill().over("spell")).to_series()


def _never_the_same(random: Random, episodes: pl.DataFrame, drawn: Ints, kinds: int) -> Ints:
    """The first placement of a spell as drawn, each later one a step of 1 to `kinds` - 1 further."""
    step = random.integers(1, kinds, episodes.height)
    moves = episodes["rne"].is_in(_PLACE).to_numpy()
    step = np.where((episodes["rne"] == "S").to_numpy(), drawn, np.where(moves, step, 0))
    total = episodes.select("spell", step=pl.Series(step)).select(pl.col("step").cum_sum().over("spell"))
    return total.to_series().to_numpy() % kinds


def _reasons(random: Random, episodes: pl.DataFrame, ends: pl.Series) -> pl.Series:
    """Why each episode ceased: X1 while care goes on."""
    drawn = choose_by(random, concerns.ENDS, ends)
    return pl.select(pl.when(episodes["last"]).then(drawn).otherwise(pl.lit("X1"))).to_series()


def _adopted(random: Random, episodes: pl.DataFrame) -> pl.DataFrame:
    """Children are adopted from a placement with adopters under a placement order, after another episode;
    guardianship goes to former foster carers only of children who were fostered."""
    later = pl.col("rne") != "S"
    fostered = pl.col("place").str.starts_with("U")
    adopted = pl.col("rec").is_in(_ADOPTED) & later
    with_carer = pl.Series(random.random(episodes.height) < concerns.ADOPTED_BY_FOSTER_CARER)
    return episodes.with_columns(
        rec=pl.when(pl.col("rec").is_in(_ADOPTED) & ~later)
        .then(pl.lit("E4A"))
        .when(pl.col("rec").is_in(["E45", "E46"]) & ~fostered)
        .then(pl.lit("E47"))
        .otherwise("rec"),
        ls=pl.when(adopted).then(pl.lit("E1")).otherwise("ls"),
        place=pl.when(adopted & with_carer)
        .then(pl.lit("A5"))
        .when(adopted)
        .then(pl.lit("A6"))
        .otherwise("place"),
        rne=pl.when(adopted & with_carer).then(pl.lit("U")).when(adopted).then(pl.lit("B")).otherwise("rne"),
    )
