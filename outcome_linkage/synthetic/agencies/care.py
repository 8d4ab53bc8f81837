"""What children's social care records of children looked after: a spell of care, cut into episodes."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies import concerns
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.recording import choose, choose_by
from outcome_linkage.synthetic.window import ADULT, LOCAL_AUTHORITIES, NEVER, YEAR

_DAYS_AN_EPISODE: Final = 320


def care_episodes(lives: Lives) -> pl.DataFrame:
    """Episodes: who, supplier, decom, dec, rne, ls, cin, place, place_provider, rec, reason_place_change,
    home and placed (dwellings), urn; by who and decom. `dec` is the last day, the next episode's first."""
    random = lives.block.random("care episodes")
    spells = _spells(random, lives)
    episodes = _episodes(random, spells)
    size = episodes.height
    age = lives.age(episodes["who"].to_numpy(), episodes["decom"].to_numpy())
    place = _placements(random, episodes, age)
    episodes = episodes.with_columns(
        ls=_legal_status(random, episodes),
        place=place,
        place_provider=choose_by(random, concerns.PROVIDERS, place.str.head(1)),
        reason_place_change=choose(random, concerns.CHANGES, size),
        urn=_urn(random, place),
        placed=pl.Series(_placed_at(random, lives, episodes, place)),
    )
    return episodes.with_columns(
        rec=pl.when(pl.col("last")).then(_end_reasons(random, lives, episodes)).otherwise(pl.lit("X1")),
        reason_place_change=pl.when(pl.col("next").is_in(["P", "B", "T", "U"])).then("reason_place_change"),
    )


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
    about = spells[rows["spell"].to_numpy()].select("who", "supplier", "stop", "home", "cin")
    return pl.concat([rows, about], how="horizontal").with_columns(
        last=pl.col("dec").is_null(), dec=pl.col("dec").fill_null(pl.col("stop"))
    )


def _legal_status(random: Random, episodes: pl.DataFrame) -> pl.Series:
    """Set at the start, changed with reasons L, B and U."""
    size = episodes.height
    first, later = (choose(random, t, size) for t in (concerns.FIRST_STATUS, concerns.LATER_STATUS))
    start, change = pl.col("rne") == "S", pl.col("rne").is_in(["L", "B", "U"])
    status = episodes.select("spell", ls=pl.when(start).then(first).when(change).then(later))
    return status.select(pl.col("ls").forward_fill().over("spell")).to_series()


def _placements(random: Random, episodes: pl.DataFrame, age: Ints) -> pl.Series:
    """Set at the start, changed with reasons P, B, T and U; supported accommodation from 16 only."""
    drawn = choose(random, concerns.PLACEMENTS, episodes.height)
    drawn = pl.Series(np.where((drawn == "K3").to_numpy() & (age < 16), "U6", drawn.to_numpy()).astype(str))
    changes = pl.col("rne").is_in(["S", "P", "B", "T", "U"])
    placed = episodes.select("spell", place=pl.when(changes).then(drawn))
    return placed.select(pl.col("place").forward_fill().over("spell")).to_series()


def _urn(random: Random, place: pl.Series) -> pl.Series:
    number = pl.Series(random.integers(100_000, 999_999, len(place))).cast(pl.String)
    return pl.select(
        pl.when(place.str.starts_with("K"))
        .then("SC" + number)
        .when(place.str.starts_with("U"))
        .then("1" + number)
    ).to_series()


def _placed_at(random: Random, lives: Lives, episodes: pl.DataFrame, place: pl.Series) -> Ints:
    """The dwelling of each episode: where the child lives, another after a change of carer, home for P1."""
    first = lives.residences.on(episodes["who"].to_numpy(), episodes["decom"].to_numpy() + 1)
    other = random.integers(0, lives.residences.dwellings.height, episodes.height)
    elsewhere = episodes["rne"].is_in(["P", "B"]).to_numpy() | (first < 0)
    away = np.where(elsewhere, other, first)
    return np.where((place == "P1").to_numpy(), episodes["home"].to_numpy(), away)


def _end_reasons(random: Random, lives: Lives, episodes: pl.DataFrame) -> pl.Series:
    who, day = episodes["who"].to_numpy(), episodes["dec"].to_numpy()
    exact = (day - lives.column("birth")[who]) / YEAR
    group = np.where(exact >= ADULT - 0.01, "adult", np.where(exact < 5, "young", "child"))
    reason = choose_by(random, concerns.ENDS, pl.Series(group.astype(str), dtype=pl.String))
    died = lives.column("death")[who] == day
    return reason.scatter(np.flatnonzero(died), "E2")
