"""What general practices code: diagnoses that other events bring, and measurements. Invented rates.

SNOMED CT concepts are from general knowledge.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.organisations import PRACTICES
from outcome_linkage.synthetic.recording import choose
from outcome_linkage.synthetic.window import WINDOW_END, WINDOW_START, YEAR

# What happened: days until the practice codes it, share that is coded, concepts by weight.
_CODED: Final = {
    "mh_referral": (-10, 0.7, {"35489007": 55, "197480006": 45}),
    "self_harm_admission": (6, 0.6, {"248062006": 1}),
    "ed_attendance": (3, 0.05, {"417746004": 1}),
}
_BODY_MASS, _SMOKER, _ASTHMA = "60621009", "77176002", "195967001"
_MEASURED: Final = 0.12  # a year, from 18
_EVER: Final = {_SMOKER: (0.13, 18), _ASTHMA: (0.09, 5)}  # share, and from which age


def practice_of(lives: Lives, dwelling: np.ndarray) -> pl.Series:
    """The practice of each dwelling's area."""
    return pl.Series(list(PRACTICES)).gather(lives.residences.area(dwelling) % len(PRACTICES))


def coded_events(lives: Lives, registered: pl.DataFrame) -> pl.DataFrame:
    """Coded events of registered people: who, day, concept, value, practice."""
    random = lives.block.random("general practice")
    parts = []
    for kind, (after, share, concepts) in _CODED.items():
        rows = lives.events(kind).sort("day", "who")
        rows = rows.filter(pl.Series(random.random(rows.height) < share))
        concept = choose(random, concepts, rows.height)
        parts.append(
            rows.select("who", day=pl.col("day") + after, concept=concept, value=pl.lit(None, pl.Float64))
        )
    size = lives.people.height
    for ever, (share, low) in _EVER.items():
        who = np.flatnonzero(random.random(size) < share)
        day = lives.column("birth")[who] + ((low + 10 * random.random(len(who))) * YEAR).astype(np.int64)
        day = np.where(day < WINDOW_START, WINDOW_START + random.integers(0, 900, len(who)), day)
        parts.append(
            pl.DataFrame({"who": who, "day": day}).select(
                "who", "day", concept=pl.lit(ever), value=pl.lit(None, pl.Float64)
            )
        )
    who = np.repeat(np.arange(size), random.poisson((WINDOW_END - WINDOW_START) / YEAR * _MEASURED, size))
    day = random.integers(WINDOW_START, WINDOW_END + 1, len(who))
    grown = lives.age(who, day) >= 18
    mass = np.round(np.clip(random.normal(27, 5, len(who)), 15, 60), 1)
    measured = pl.DataFrame({"who": who, "day": day, "value": mass}).filter(pl.Series(grown))
    parts.append(measured.select("who", "day", concept=pl.lit(_BODY_MASS), value="value"))
    rows = lives.placed(pl.concat(parts).filter(pl.col("day").is_between(WINDOW_START, WINDOW_END)))
    rows = rows.join(
        registered.select("who", "dwelling").unique(),
        on=["who", "dwelling"],
        how="semi",
        maintain_order="left",
    )
    rows = rows.sort("day", "who", "concept", "value")
    return rows.with_columns(practice=practice_of(lives, rows["dwelling"].to_numpy()))
