"""Structured treatment for drugs or alcohol, given by the voluntary organisation. Invented weights."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.places import AUTHORITIES
from outcome_linkage.synthetic.recording import choose, days
from outcome_linkage.synthetic.window import NEVER, OUTSIDE, WINDOW_END, WINDOW_START

_TREATED: Final = 0.3
_SUBSTANCES: Final = {"alcohol": 44, "opiates": 26, "crack": 8, "cannabis": 10, "cocaine": 8, "ketamine": 4}
_SECOND: Final = {"alcohol": 34, "crack": 26, "cannabis": 24, "benzodiazepines": 10, "nicotine": 6}
_KINDS: Final = {
    "psychosocial": 64,
    "pharmacological": 28,
    "recovery_support": 5,
    "detoxification": 2,
    "rehabilitation": 1,
}
_SETTINGS: Final = {"community": 90, "primary_care": 8, "residential": 2}
_SOURCES: Final = {
    "self": 50,
    "gp": 14,
    "probation": 12,
    "hospital": 8,
    "adult_social_care": 4,
    "housing": 6,
    "mental_health": 6,
}
_ENDS: Final = {
    "completed_drug_free": 34, "completed_occasional": 14, "dropped_out": 34, "transferred": 9, "declined": 4,
    "transferred_custody": 3, "prison": 2,
}  # fmt: skip
_LASTS: Final = 200


def treatment(lives: Lives, needs: Disadvantage) -> pl.DataFrame:
    """Interventions: who, referred, triaged, started, ended, end_reason, source, kind, setting, one, two,
    children."""
    random = lives.block.random("substance treatment")
    first = needs.since["substance_misuse"]
    who = np.flatnonzero((first < WINDOW_END) & (first >= WINDOW_START - 700))
    who = who[random.random(len(who)) < _TREATED]
    referred = np.maximum(first[who], WINDOW_START) + 30 + days(random, 300, len(who))
    rows = pl.DataFrame({"who": who, "day": referred}).filter(pl.col("day") < WINDOW_END)
    rows = lives.placed(rows.sort("day", "who"))
    inside = lives.authority(rows["dwelling"].to_numpy()) != AUTHORITIES.index(OUTSIDE)
    rows = rows.filter(pl.Series(inside & (lives.age(rows["who"].to_numpy(), rows["day"].to_numpy()) >= 18)))
    size = rows.height
    triaged = rows["day"].to_numpy() + 2 + days(random, 6, size)
    started = triaged + 1 + days(random, 8, size)
    death = lives.column("death")[rows["who"].to_numpy()]
    ended = np.minimum(started + 20 + days(random, _LASTS, size), death)
    died = pl.Series(ended == death)
    parent = np.isin(rows["who"].to_numpy(), lives.people.select("mother", "father").to_numpy())
    substance = choose(random, _SUBSTANCES, size)
    second = choose(random, _SECOND, size)
    two = pl.Series(random.random(size) < 0.45) & (substance != second)
    return rows.select("who", referred="day").with_columns(
        triaged=pl.Series(np.where(triaged <= death, triaged, NEVER)),
        started=pl.Series(np.where(started <= death, started, NEVER)),
        ended=pl.Series(ended),
        end_reason=pl.when(died).then(pl.lit("died")).otherwise(choose(random, _ENDS, size)),
        source=choose(random, _SOURCES, size),
        kind=choose(random, _KINDS, size),
        setting=choose(random, _SETTINGS, size),
        one=substance,
        two=pl.when(two).then(second),
        children=pl.Series(parent),
    )
