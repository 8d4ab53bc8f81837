"""Early help for children: before or instead of social care, or stepped down from it. Invented shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.need import NeedRecords
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.recording import choose, choose_by, days
from outcome_linkage.synthetic.window import ADULT, LOCAL_AUTHORITIES, NEVER, WINDOW_END, WINDOW_START

# What happened: the share that brings early help, and the main reasons by weight.
_HELPED: Final[Mapping[str, float]] = {
    "parental_substance_misuse": 0.07, "parental_mental_illness": 0.07, "domestic_abuse": 0.08,
    "neglect": 0.06,
    "parental_separation": 0.06, "exploitation": 0.08, "suspension": 0.09, "social_care_referral": 0.10,
}  # fmt: skip
_REASONS: Final[Mapping[str, Mapping[str, float]]] = {
    "parental_substance_misuse": {"substance_misuse": 1},
    "parental_mental_illness": {"mental_health_parent": 1},
    "domestic_abuse": {"domestic_abuse": 1},
    "neglect": {"neglect_concern": 70, "housing_money": 30},
    "parental_separation": {"family_support": 60, "parenting": 40},
    "exploitation": {"exploitation_offending": 1},
    "suspension": {"school_attendance": 55, "behaviour": 45},
    "social_care_referral": {
        "parenting": 26, "family_support": 22, "mental_health_child": 18, "disability": 10, "young_carer": 6,
        "behaviour": 12, "not_recorded": 6,
    },
    "step_down": {"step_down": 1},
}  # fmt: skip
_ENDS: Final = {
    "needs_met": 42, "needs_partly_met": 14, "stepped_up": 9, "to_universal": 16, "disengaged": 10,
    "consent_withdrawn": 4, "moved": 2, "not_recorded": 3,
}  # fmt: skip
_STEPPED_DOWN: Final = "RC9"
_MEAN_DAYS, _SHORTEST = 140, 25


def early_help(lives: Lives, need: NeedRecords) -> pl.DataFrame:
    """Episodes of early help: who, supplier, day, end, reason, end_reason; none of a child overlap."""
    random = lives.block.random("early help")
    found = lives.events(*_HELPED).filter(pl.col("day") >= WINDOW_START).sort("who", "day", "kind")
    chance = found["kind"].replace_strict(_HELPED, return_dtype=pl.Float64).to_numpy()
    found = lives.placed(found.filter(pl.Series(random.random(found.height) < chance)))
    authority = lives.authority(found["dwelling"].to_numpy())
    age = lives.age(found["who"].to_numpy(), found["day"].to_numpy())
    ours = (authority < len(LOCAL_AUTHORITIES)) & (age < ADULT)
    supplier = pl.Series(list(LOCAL_AUTHORITIES)).gather(np.clip(authority, 0, 2))
    own = (
        found.with_columns(supplier=supplier).filter(pl.Series(ours)).select("who", "supplier", "day", "kind")
    )
    after = need.cases.filter((pl.col("reason") == _STEPPED_DOWN) & (pl.col("closure") < WINDOW_END - 10))
    stepped = after.select("who", "supplier", day=pl.col("closure") + 7, kind=pl.lit("step_down"))
    rows = pl.concat([own, stepped]).sort("who", "day", "kind")
    ends = rows["day"].to_numpy() + _SHORTEST + days(random, _MEAN_DAYS, rows.height)
    death = lives.column("death")[rows["who"].to_numpy()]
    rows = rows.with_columns(
        end=pl.Series(np.minimum(ends, death)),
        reason=choose_by(random, _REASONS, rows["kind"]),
        end_reason=choose(random, _ENDS, rows.height),
    )
    latest = pl.col("end").cum_max().shift(1).over("who").fill_null(-NEVER)
    return rows.filter((pl.col("day") > latest) & pl.Series(death > rows["day"].to_numpy())).drop("kind")
