"""What young people of 16 and 17 do, as councils report it each month. Invented weights, worse after
adversity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Ints
from outcome_linkage.synthetic.recording import choose_by
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, WINDOW_END, day

_MONTHS: Final = np.arange(np.datetime64("2023-09"), np.datetime64("2026-11"))
_ACTIVITIES: Final[Mapping[str, Mapping[str, float]]] = {
    "usual": {"210": 78, "320": 7, "410": 5, "310": 3, "610": 3, "620": 1, "810": 3},
    "troubled": {"210": 50, "320": 9, "410": 9, "310": 4, "610": 15, "620": 4, "630": 2, "810": 7},
}
_TROUBLE: Final = ("neglect", "sexual_abuse", "exploitation", "domestic_abuse", "looked_after")
_TERM: Final = 6  # months between changes
_COUNCIL: Final = ("801", "802", "803")


def activities(lives: Lives) -> pl.DataFrame:
    """One row per resident of 16 or 17 and month: who, supplier, day (the last of the month), dwelling,
    activity, since."""
    last = (_MONTHS + 1).astype("datetime64[D]").astype(np.int64) - 1
    last = last[last <= WINDOW_END]
    birth = lives.column("birth")
    young = np.flatnonzero((birth > day(date(2005, 1, 1))) & (birth < day(date(2010, 12, 1))))
    who, days_of = np.repeat(young, len(last)), np.tile(last, len(young))
    age = lives.age(who, days_of)
    asked = (age >= 16) & (age < 18) & (lives.column("death")[who] > days_of)
    rows = lives.placed(pl.DataFrame({"who": who[asked], "day": days_of[asked]}))
    authority = lives.authority(rows["dwelling"].to_numpy())
    rows = rows.with_columns(authority=pl.Series(authority)).filter(
        pl.col("authority") < len(LOCAL_AUTHORITIES)
    )
    state = _states(lives, rows)
    ours = rows["authority"]
    return rows.with_columns(
        supplier=pl.Series(list(LOCAL_AUTHORITIES)).gather(ours),
        council=pl.Series(_COUNCIL).gather(ours),
        activity=state["activity"],
        since=state["since"],
    ).drop("authority")


def _states(lives: Lives, rows: pl.DataFrame) -> pl.DataFrame:
    """The activity of each row, the same for half a year from 1 September or 1 March, and since when."""
    random = lives.block.random("activity at 16 and 17")
    start = _half_year(rows["day"].to_numpy())
    spans = pl.DataFrame({"who": rows["who"], "since": start}).unique(maintain_order=True)
    who = spans["who"].to_numpy()
    troubled = np.any([lives.onset[name][who] < spans["since"].to_numpy() for name in _TROUBLE], axis=0)
    group = pl.Series(np.where(troubled, "troubled", "usual").astype(str), dtype=pl.String)
    spans = spans.with_columns(activity=choose_by(random, _ACTIVITIES, group))
    asked = pl.DataFrame({"who": rows["who"], "since": start})
    return asked.join(spans, on=["who", "since"], how="left", maintain_order="left")


def _half_year(days_of: Ints) -> Ints:
    """The 1 September or 1 March on or before each day."""
    month = days_of.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = (month - 2) // _TERM * _TERM + 2
    return first.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
