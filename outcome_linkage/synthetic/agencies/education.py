"""What schools tell the council: who is on the roll of a state school, and who was suspended or excluded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.places import AUTHORITIES
from outcome_linkage.synthetic.randomness import Flags
from outcome_linkage.synthetic.recording import choose, choose_by
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, OUTSIDE, WINDOW_END, WINDOW_START, YEAR

_STATE_SCHOOL: Final = 0.93
_STARTS: Final = 4.5
_ENDS: Final = 16.8
_SEN: Final[Mapping[str, Mapping[str, float]]] = {
    "suspended": {"N": 55, "K": 33, "E": 12},
    "others": {"N": 84, "K": 12, "E": 4},
}
_REASONS: Final = {
    "DB": 40,
    "PP": 14,
    "VA": 16,
    "PA": 5,
    "VP": 4,
    "DA": 4,
    "DM": 3,
    "OW": 3,
    "BU": 2,
    "SM": 1,
}


def state_educated(lives: Lives) -> Flags:
    """Whether each person is, was or will be at a state school."""
    return lives.block.random("school").random(lives.people.height) < _STATE_SCHOOL


def on_roll(lives: Lives) -> pl.DataFrame:
    """Pupils of each council in the window: who, supplier, known (first day on its roll)."""
    stays = lives.residences.stays.filter(pl.col("until") >= WINDOW_START)
    who = stays["who"].to_numpy()
    birth = lives.column("birth")[who]
    since = np.maximum(np.maximum(stays["since"].to_numpy(), birth + int(_STARTS * YEAR)), WINDOW_START)
    until = np.minimum(np.minimum(stays["until"].to_numpy(), birth + int(_ENDS * YEAR)), WINDOW_END)
    authority = lives.authority(stays["dwelling"].to_numpy())
    pupil = (since <= until) & (authority < len(LOCAL_AUTHORITIES)) & state_educated(lives)[who]
    rows = pl.DataFrame({"who": who, "authority": authority, "known": since}).filter(pl.Series(pupil))
    return _by_supplier(rows)


def exclusions(lives: Lives) -> pl.DataFrame:
    """Suspensions and permanent exclusions from state schools: who, supplier, day and what was reported."""
    random = lives.block.random("exclusions")
    rows = lives.placed(lives.events("suspension")).sort("day", "who")
    authority = lives.authority(rows["dwelling"].to_numpy())
    told = state_educated(lives)[rows["who"].to_numpy()] & (authority != AUTHORITIES.index(OUTSIDE))
    rows = rows.with_columns(authority=pl.Series(authority)).filter(pl.Series(told))
    size = rows.height
    permanent = random.random(size) < 0.025
    more = pl.Series(random.random(size) < 0.25)
    supplier = pl.Series(list(LOCAL_AUTHORITIES)).gather(rows["authority"])
    return rows.select("who", "day").with_columns(
        supplier=supplier,
        category=pl.Series(np.where(permanent, "PERM", "SUSP"), dtype=pl.String),
        sessions=pl.Series(np.where(permanent, 0, np.minimum(random.geometric(0.3, size), 45))),
        reason1=choose(random, _REASONS, size),
        reason2=pl.select(pl.when(more).then(choose(random, _REASONS, size))).to_series(),
    )


def special_needs(lives: Lives) -> pl.Series:
    """What provision each person has for special educational needs, for all of school; more often those who
    are suspended."""
    random, size = lives.block.random("special needs"), lives.people.height
    suspended = np.zeros(size, dtype=bool)
    suspended[lives.events("suspension")["who"].to_numpy()] = True
    return choose_by(random, _SEN, pl.Series(np.where(suspended, "suspended", "others").astype(str)))


def _by_supplier(rows: pl.DataFrame) -> pl.DataFrame:
    first = rows.group_by("who", "authority").agg(pl.col("known").min()).sort("who", "authority")
    supplier = pl.Series(list(LOCAL_AUTHORITIES)).gather(first["authority"])
    return first.select("who", "known").with_columns(supplier=supplier)
