"""What emergency departments note beside the diagnosis, and attendances after violence that the police
recorded.

How often such violence leads to an attendance stands in `planted`; the rest is invented.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.health import attended, on_register
from outcome_linkage.synthetic.agencies.police import PoliceRecords
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.organisations import CLINICS
from outcome_linkage.synthetic.planted import planted
from outcome_linkage.synthetic.recording import choose
from outcome_linkage.synthetic.window import WINDOW_END, WINDOW_START

VIOLENT: Final = ("8N", "5D", "34B")
"""Home Office codes of offences that injure: assault with injury, grievous harm, robbery."""
_NEXT_DAY: Final = 0.2
_SITES: Final = dict(zip(CLINICS, (50, 42, 8), strict=True))


def attendances(
    lives: Lives, registered: pl.DataFrame, found: pl.DataFrame, police: PoliceRecords
) -> pl.DataFrame:
    """The attendances `found` and those of victims of violence, with injury, departure and site."""
    random = lives.block.random("injuries")
    hurt = attended(random, _victims(lives, registered, found, police))
    rows = pl.concat([found, hurt.select(found.columns)]).sort("day", "who", "why", "arrival_time")
    size, injured = rows.height, rows["injury_intent"].is_not_null()
    before = random.random(size) < 0.1
    minute = rows["arrival_time"].str.head(2).cast(pl.Int64) * 60 + rows["arrival_time"].str.tail(2).cast(
        pl.Int64
    )
    left = minute + pl.Series(random.integers(40, 420, size))
    earlier = pl.Series(np.maximum(minute.to_numpy() - random.integers(20, 240, size), 0))
    return rows.with_columns(
        injury_day=pl.when(injured).then(pl.col("day") - pl.Series(before).cast(pl.Int64)),
        injury_minute=pl.when(injured & ~pl.Series(before)).then(earlier),
        departure_day=pl.col("day") + left // 1440,
        departure_minute=left % 1440,
        site=choose(random, _SITES, size),
    )


def _victims(
    lives: Lives, registered: pl.DataFrame, found: pl.DataFrame, police: PoliceRecords
) -> pl.DataFrame:
    """Victims of recorded violence who come to an emergency department, that day or the next: who, day, why,
    admitted."""
    random = lives.block.random("violence in emergency departments")
    crimes = police.crimes.filter(pl.col("code").is_in(VIOLENT) & ~pl.col("no_crime"))
    victims = crimes.filter(pl.col("victim") >= 0).select("case", "day", who="victim").sort("case")
    share = planted("violence recorded by the police", "emergency attendance")
    came = victims.filter(pl.Series(random.random(victims.height) < share))
    later = pl.Series((random.random(came.height) < _NEXT_DAY).astype(np.int64))
    came = came.with_columns(day=pl.col("day") + later)
    alive = lives.column("death")[came["who"].to_numpy()] >= came["day"].to_numpy()
    inside = pl.col("day").is_between(WINDOW_START, WINDOW_END)
    came = on_register(lives, registered, came.filter(pl.Series(alive) & inside).select("who", "day"))
    came = came.unique(["who", "day"]).sort("day", "who").select("who", "day")
    known = found.filter(pl.col("why") == "violence").select("who", "day")
    new = came.join(known, on=["who", "day"], how="anti", maintain_order="left")
    return new.with_columns(why=pl.lit("violence"), admitted=pl.lit(False))
