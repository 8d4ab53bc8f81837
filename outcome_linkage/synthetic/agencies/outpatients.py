"""Outpatient appointments around admissions to hospital. Intervals and shares are invented."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.organisations import CLINICS
from outcome_linkage.synthetic.recording import choose, days
from outcome_linkage.synthetic.window import WINDOW_END, WINDOW_START

# Kind of admission: appointments before it, after it.
_VISITS: Final = {"planned_admission": (1, 2), "emergency_admission": (0, 1), "self_harm_admission": (0, 1)}
_ATTENDED: Final = {"5": 76, "6": 6, "3": 8, "2": 5, "4": 5}
_SPECIALTIES: Final = {"100": 14, "110": 16, "130": 14, "300": 14, "320": 10, "330": 8, "420": 12, "502": 12}
_CHILDREN: Final = "420"


def appointments(lives: Lives, admissions: pl.DataFrame) -> pl.DataFrame:
    """Appointments of the people admitted: who, day, asked (day of the request) and how it went."""
    random = lives.block.random("outpatients")
    first = admissions.unique("spell", keep="first", maintain_order=True).sort("spell")
    first = first.filter(pl.col("kind").is_in(list(_VISITS)))
    parts = []
    for nth, side in enumerate(("before", "after")):
        number = first["kind"].replace_strict({k: v[nth] for k, v in _VISITS.items()}, return_dtype=pl.Int64)
        rows = first[np.repeat(np.arange(first.height), number.to_numpy())].select("who", "day", "out")
        gap = 14 + days(random, 45, rows.height)
        day = rows["day"].to_numpy() - gap if nth == 0 else rows["out"].to_numpy() + gap
        parts.append(rows.select("who", day=pl.Series(day), visit=pl.lit(side)))
    rows = pl.concat(parts)
    alive = lives.column("death")[rows["who"].to_numpy()] > rows["day"].to_numpy()
    born = lives.column("birth")[rows["who"].to_numpy()] < rows["day"].to_numpy()
    rows = rows.filter(pl.Series(alive & born) & pl.col("day").is_between(WINDOW_START, WINDOW_END))
    rows = rows.sort("day", "who", "visit")
    size = rows.height
    young = pl.Series(lives.age(rows["who"].to_numpy(), rows["day"].to_numpy()) < 16)
    attended = choose(random, _ATTENDED, size)
    seen = attended.is_in(["5", "6"])
    return rows.with_columns(
        asked=pl.col("day") - pl.Series(20 + days(random, 50, size)),
        attended=attended,
        first=pl.when(pl.col("visit") == "before").then(pl.lit("1")).otherwise(pl.lit("2")),
        outcome=pl.when(pl.Series(seen)).then(choose(random, {"1": 40, "2": 45, "3": 15}, size)),
        specialty=pl.when(young).then(pl.lit(_CHILDREN)).otherwise(choose(random, _SPECIALTIES, size)),
        site=choose(random, dict.fromkeys(CLINICS, 1), size),
    )
