"""What children's social care records of children looked after: a spell of care, cut into episodes."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies import concerns
from outcome_linkage.synthetic.agencies.care_course import course
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.recording import choose, choose_by
from outcome_linkage.synthetic.window import ADULT, LOCAL_AUTHORITIES, NEVER, YEAR

_DAYS_AN_EPISODE: Final = 320


def care_episodes(lives: Lives) -> pl.DataFrame:
    """Episodes: who, supplier, spell, start and stop (of the spell), decom, dec, rne, ls, cin, place,
    place_provider, rec, reason_place_change, home and placed (dwellings), urn, last; by who and decom. `dec`
    is the last day, the next episode's first."""
    random = lives.block.random("care episodes")
    spells = _spells(random, lives)
    episodes = _episodes(random, spells)
    size = episodes.height
    age = lives.age(episodes["who"].to_numpy(), episodes["decom"].to_numpy())
    episodes = course(random, episodes.with_columns(age=pl.Series(age)), _end_ages(lives, episodes))
    place = episodes["place"]
    moved = pl.col("next").is_in(["P", "B", "T", "U"])
    set_then = pl.when(pl.col("rne") != "L")
    return (
        episodes.with_columns(
            place_provider=set_then.then(choose_by(random, concerns.PROVIDERS, place.str.head(1))),
            reason_place_change=pl.when(moved).then(choose(random, concerns.CHANGES, size)),
            urn=set_then.then(_urn(random, place).fill_null("")),
            placed=set_then.then(pl.Series(_placed_at(random, lives, episodes))),
        )
        .with_columns(
            pl.col("place_provider", "urn", "placed").forward_fill().over("spell"),
        )
        .with_columns(pl.col("urn").replace("", None))
    )


def _end_ages(lives: Lives, episodes: pl.DataFrame) -> pl.Series:
    """How a spell may end that ends with this episode: adult, young, child, or died."""
    who, day = episodes["who"].to_numpy(), episodes["dec"].to_numpy()
    exact = (day - lives.column("birth")[who]) / YEAR
    group = np.where(exact >= ADULT - 0.01, "adult", np.where(exact < 5, "young", "child"))
    died = lives.column("death")[who] == day
    return pl.Series(np.where(died, "died", group).astype(str), dtype=pl.String)


def _spells(random: Random, lives: Lives) -> pl.DataFrame:
    """Spells of care whose home lies in one of the three councils: who, supplier, start, stop, home, cin."""
    start = lives.column("care_from")
    who = np.flatnonzero(start < NEVER)
    home = lives.residences.on(who, start[who] - 1)
    authority = np.where(home >= 0, lives.authority(np.maximum(home, 0)), -1)
    ours = (authority >= 0) & (authority < len(LOCAL_AUTHORITIES))
    ours &= lives.column("care_to")[who] > start[who] + 1
    spells = pl.DataFrame(
        {
            "who": who,
            "supplier": pl.Series(list(LOCAL_AUTHORITIES)).gather(np.clip(authority, 0, 2)),
            "start": start[who],
            "stop": lives.column("care_to")[who],
            "home": home,
        }
    ).filter(pl.Series(ours))
    need = choose(random, {"N1": 64, "N2": 4, "N3": 4, "N4": 8, "N5": 13, "N6": 2, "N8": 5}, spells.height)
    return spells.with_columns(cin=need)


def _episodes(random: Random, spells: pl.DataFrame) -> pl.DataFrame:
    """Each spell cut at random days; reason for new episode S first, then what changed."""
    length = (spells["stop"] - spells["start"]).to_numpy()
    cuts = np.minimum(random.poisson(length / _DAYS_AN_EPISODE), np.maximum(length // 7, 0))
    spell = np.repeat(np.arange(spells.height), cuts)
    within = 2 + (random.random(len(spell)) * np.maximum(length[spell] - 3, 1)).astype(np.int64)
    turns = pl.DataFrame({"spell": spell, "decom": spells["start"].to_numpy()[spell] + within}).unique()
    first = pl.DataFrame({"spell": np.arange(spells.height), "decom": spells["start"]})
    rows = pl.concat([first, turns]).sort("spell", "decom")
    starts = rows["spell"].to_numpy() != np.roll(rows["spell"].to_numpy(), 1)
    starts[:1] = True
    reason = np.where(starts, "S", choose(random, concerns.NEXT_REASON, rows.height).to_numpy())
    rows = rows.with_columns(rne=pl.Series(reason.astype(str), dtype=pl.String)).with_columns(
        dec=pl.col("decom").shift(-1).over("spell"), next=pl.col("rne").shift(-1).over("spell")
    )
    about = spells[rows["spell"].to_numpy()].select("who", "supplier", "start", "stop", "home", "cin")
    return pl.concat([rows, about], how="horizontal").with_columns(
        last=pl.col("dec").is_null(), dec=pl.col("dec").fill_null(pl.col("stop"))
    )


def _urn(random: Random, place: pl.Series) -> pl.Series:
    number = pl.Series(random.integers(100_000, 999_999, len(place))).cast(pl.String)
    return pl.select(
        pl.when(place.str.starts_with("K"))
        .then("SC" + number)
        .when(place.str.starts_with("U"))
        .then("1" + number)
    ).to_series()


def _placed_at(random: Random, lives: Lives, episodes: pl.DataFrame) -> Ints:
    """The dwelling of each episode: where the child lives, another after a change of carer, home for P1."""
    first = lives.residences.on(episodes["who"].to_numpy(), episodes["decom"].to_numpy() + 1)
    other = random.integers(0, lives.residences.dwellings.height, episodes.height)
    elsewhere = episodes["rne"].is_in(["P", "B"]).to_numpy() | (first < 0)
    away = np.where(elsewhere, other, first)
    return np.where((episodes["place"] == "P1").to_numpy(), episodes["home"].to_numpy(), away)
