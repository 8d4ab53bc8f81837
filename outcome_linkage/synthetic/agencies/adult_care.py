"""Adult social care: a request, an assessment, perhaps a service and its review. Invented rates and
weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.recording import choose, choose_by, days
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, NEVER, WINDOW_END, WINDOW_START, YEAR

# From age: requests a year; those with several needs ask more often.
_RATES: Final = ((18, 0.006), (65, 0.035), (75, 0.10), (85, 0.25))
_IN_NEED: Final = 6.0
_MOST: Final = 0.25
_REASONS: Final[Mapping[str, Mapping[str, float]]] = {
    "in need": {"MHS": 62, "SOS-SMS": 24, "SOS-IO": 14},
    "adult": {"LDS": 34, "MHS": 30, "PS-PCS": 18, "PS-AMO": 12, "SS-SVI": 6},
    "older": {"PS-PCS": 52, "PS-AMO": 24, "SMC": 18, "SS-SHI": 3, "SOS-IO": 3},
}
_REQUESTED: Final = {"PRO-ASS": 52, "NFA-IA": 30, "PRO-R": 8, "NFA-SD": 6, "NFA-OTH": 4}
_ASSESSED: Final = {"PRO-SUP": 64, "NFA-NSO": 26, "NFA-SFC": 10}
_SERVICES: Final[Mapping[str, Mapping[str, float]]] = {
    "in need": {"CSL": 46, "OLTS": 20, "DP": 14, "PS": 20},
    "adult": {"CSL": 30, "DP": 30, "DS": 16, "SL": 4, "EQ": 20},
    "older": {"HS": 48, "LTRC": 18, "LTNC": 8, "EQ": 18, "M": 4, "DS": 4},
}
_REVIEWED: Final = {"NCP": 72, "PRO-RASS": 18, "OTH": 10}
_LASTS: Final = 500


def adult_care(lives: Lives, needs: Disadvantage) -> pl.DataFrame:
    """Events: who, supplier, day, end (NEVER while open), kind, reason, service, outcome, carer."""
    random = lives.block.random("adult social care")
    asked = _requests(random, lives, needs)
    size = asked.height
    reason = choose_by(random, _REASONS, asked["group"])
    asked = asked.with_columns(
        kind=pl.lit("request"),
        end=pl.col("day") + pl.Series(days(random, 4, size)),
        reason=reason,
        outcome=choose(random, _REQUESTED, size),
        carer=pl.Series(random.random(size) < 0.08),
    )
    assessed = _after(random, lives, asked, "PRO-ASS", "assessment", 30, _ASSESSED)
    served = _after(random, lives, assessed, "PRO-SUP", "service", 20, {"POS": 1})
    kind_of = choose_by(random, _SERVICES, served["group"])
    lasts = 14 + days(random, _LASTS, served.height)
    death = pl.Series(lives.column("death")[served["who"].to_numpy()])
    served = served.with_columns(
        end=pl.min_horizontal(pl.col("day") + pl.Series(lasts), death), service=kind_of
    )
    reviewed = _after(
        random, lives, served.filter(pl.col("end") - pl.col("day") > 300), "POS", "review", 250, _REVIEWED
    )
    columns = ["who", "supplier", "day", "end", "kind", "reason", "service", "outcome", "carer"]
    none = pl.lit(None, pl.String).alias("service")
    parts = [asked.with_columns(none), assessed.with_columns(none), served, reviewed.with_columns(none)]
    rows = pl.concat(part.select(columns) for part in parts)
    return rows.filter(pl.col("day") <= WINDOW_END).sort("day", "who", "kind")


def _requests(random: Random, lives: Lives, needs: Disadvantage) -> pl.DataFrame:
    size = lives.people.height
    who = np.repeat(np.arange(size), random.poisson((WINDOW_END - WINDOW_START) / YEAR * _MOST, size))
    day = random.integers(WINDOW_START, WINDOW_END + 1, len(who))
    age = lives.age(who, day)
    lows = [low for low, _ in _RATES]
    rates = np.array([0.0, *(rate for _, rate in _RATES)])[np.searchsorted(lows, age, side="right")]
    many = np.sum([first[who] < day for first in needs.since.values()], axis=0) >= 2
    rates = np.minimum(np.where(many, rates * _IN_NEED, rates), _MOST)
    group = np.where(age >= 65, "older", np.where(many, "in need", "adult")).astype(str)
    rows = pl.DataFrame({"who": who, "day": day, "group": pl.Series(group, dtype=pl.String)})
    rows = lives.placed(rows.filter(pl.Series(random.random(len(who)) * _MOST < rates)).sort("day", "who"))
    authority = lives.authority(rows["dwelling"].to_numpy())
    council = pl.Series(list(LOCAL_AUTHORITIES)).gather(np.clip(authority, 0, 2))
    return rows.with_columns(supplier=council).filter(pl.Series(authority < len(LOCAL_AUTHORITIES)))


def _after(
    random: Random,
    lives: Lives,
    rows: pl.DataFrame,
    outcome: str,
    kind: str,
    wait: int,
    led_to: Mapping[str, float],
) -> pl.DataFrame:
    """What follows the rows of an `outcome` after a mean `wait` of days, of those who are still alive."""
    on = rows.filter(pl.col("outcome") == outcome)
    day = on["day"].to_numpy() + wait // 2 + days(random, wait, on.height)
    alive = lives.column("death")[on["who"].to_numpy()] > day
    size = on.height
    return on.with_columns(
        day=pl.Series(day),
        end=pl.Series(np.where(day < NEVER, day + 7, NEVER)),
        kind=pl.lit(kind),
        outcome=choose(random, led_to, size),
    ).filter(pl.Series(alive))
