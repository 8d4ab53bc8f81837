"""Who oversees a spell of care: statutory reviews, and the social workers responsible.

Reviews come after four weeks, three months, and then every six months, as the regulations have it; what is
said of how children took part, and how often social workers change, is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.recording import choose, choose_by, days

_FIRST, _SECOND, _LATER = 25, 110, 180
_PART: Final[Mapping[str, Mapping[str, float]]] = {
    "under 4": {"PN0": 1},
    "child": {"PN1": 42, "PN2": 6, "PN3": 4, "PN4": 4, "PN5": 6, "PN6": 30, "PN7": 8},
}
_YEARS_A_WORKER: Final = 1.1
_WORKERS: Final = 120  # on a council's books, per block of people
_WHY: Final = {"MANAGE": 24, "FCONTA": 4, "LEFTRL": 36, "ORGRST": 10, "TSPROC": 16, "ABSENC": 7, "CHCHAN": 3}


def spells_of_care(episodes: pl.DataFrame) -> pl.DataFrame:
    """One row per spell: who, supplier, spell, start, stop, cin."""
    columns = ("who", "supplier", "spell", "start", "stop", "cin")
    return episodes.select(columns).unique("spell", keep="first", maintain_order=True)


def reviews(lives: Lives, spells: pl.DataFrame) -> pl.DataFrame:
    """Reviews of children looked after: who, supplier, day, how they took part."""
    random = lives.block.random("care reviews")
    number = 2 + np.maximum(spells["stop"].to_numpy() - spells["start"].to_numpy() - _SECOND, 0) // _LATER
    rows = spells[np.repeat(np.arange(spells.height), number)]
    nth = rows.select(pl.int_range(pl.len()).over("spell")).to_series().to_numpy()
    due = np.where(nth == 0, _FIRST, _SECOND + (nth - 1) * _LATER) + random.integers(-10, 4, rows.height)
    day = rows["start"].to_numpy() + due
    young = lives.age(rows["who"].to_numpy(), day) < 4
    group = pl.Series(np.where(young, "under 4", "child").astype(str), dtype=pl.String)
    rows = rows.with_columns(day=pl.Series(day), code=choose_by(random, _PART, group))
    return rows.filter(pl.col("day") < pl.col("stop")).select("who", "supplier", "day", "code")


def social_workers(lives: Lives, spells: pl.DataFrame) -> pl.DataFrame:
    """Stretches of responsibility: who, supplier, worker (number), since, until, why (null: care ended)."""
    random = lives.block.random("social workers")
    length = spells["stop"].to_numpy() - spells["start"].to_numpy()
    cuts = random.poisson(length / 365 / _YEARS_A_WORKER)
    spell = np.repeat(np.arange(spells.height), cuts)
    within = 1 + (random.random(len(spell)) * np.maximum(length[spell] - 2, 1)).astype(np.int64)
    start = spells["start"].to_numpy()
    turns = pl.DataFrame({"row": spell, "since": start[spell] + within}).unique()
    first = pl.DataFrame({"row": np.arange(spells.height), "since": start})
    rows = pl.concat([first, turns]).unique(["row", "since"]).sort("row", "since")
    rows = rows.with_columns(until=pl.col("since").shift(-1).over("row"))
    about = spells[rows["row"].to_numpy()].select("who", "supplier", "stop")
    worker = _another_each_time(random, rows)
    rows = pl.concat([rows, about], how="horizontal").with_columns(
        worker=worker,
        why=pl.when(pl.col("until").is_not_null()).then(choose(random, _WHY, rows.height)),
        until=pl.coalesce("until", "stop"),
    )
    return rows.select("who", "supplier", "worker", "since", "until", "why")


def _another_each_time(random: Random, rows: pl.DataFrame) -> pl.Series:
    """Numbers of social workers; the next one of a child is never the one before."""
    step = 1 + days(random, _WORKERS / 4, rows.height) % (_WORKERS - 1)
    walked = rows.select("row", step=pl.Series(step)).select(pl.col("step").cum_sum().over("row"))
    return walked.to_series() % _WORKERS
