"""What becomes of a referral to mental-health services: contacts, stays in hospital and on wards, restraint,
scores.

Rates are invented. How much restraint a ward uses stands with the ward, what training does to it in
`planted`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.organisations import WARDS
from outcome_linkage.synthetic.planted import planted
from outcome_linkage.synthetic.randomness import Floats, Ints, Random
from outcome_linkage.synthetic.recording import choose, days
from outcome_linkage.synthetic.rollout import trained_from
from outcome_linkage.synthetic.window import NEVER, WINDOW_END

_DAYS_A_CONTACT, _MOST_CONTACTS = 18, 40
_ATTENDED: Final = {"5": 70, "6": 7, "3": 11, "2": 6, "4": 5, "7": 1}
_HELD: Final = {"01": 62, "02": 22, "11": 16}
_ADMITTED: Final = {"child": 0.025, "adult": 0.07, "older": 0.09}
_WAIT, _STAY_SHAPE, _STAY_SCALE = 40, 1.2, 28.0  # days
_MOVED: Final = 0.3  # of stays of more than two weeks
_METHODS: Final = {"2A": 16, "21": 12, "25": 42, "28": 14, "11": 16}
_TYPES: Final = {"07": 18, "11": 16, "13": 16, "08": 12, "10": 6, "09": 7, "01": 4, "14": 9, "05": 9, "16": 3}
_REASONS: Final = {"10": 30, "11": 24, "12": 14, "13": 10, "14": 8, "15": 6, "98": 8}
_TWO_TYPES: Final = 0.15
_PHQ_9, _GAD_7 = "720433000", "445455005"  # scores in SNOMED CT, from general knowledge
_SCORED: Final[Mapping[str, tuple[float, float, int]]] = {_PHQ_9: (14.5, 5.5, 27), _GAD_7: (12.5, 4.5, 21)}
_BETTER: Final = 3.5  # points from the first contact to the last


@dataclass(frozen=True)
class MentalHealthRecords:
    """Tables by `n`, the referral: contacts (c, day, …), spells (s, start, end), stays (w, s, ward, start,
    end), interventions (i, incident, w, day, …), scores (c, day, tool, score). `end` is NEVER while it
    lasts."""

    contacts: pl.DataFrame
    spells: pl.DataFrame
    stays: pl.DataFrame
    interventions: pl.DataFrame
    scores: pl.DataFrame


def mental_health_records(lives: Lives, referrals: pl.DataFrame) -> MentalHealthRecords:
    """What follows the referrals (n, who, day, rejected, discharged) of a block that were accepted."""
    random = lives.block.random("mental health")
    death = lives.column("death")[referrals["who"].to_numpy()]
    last = np.minimum(np.minimum(referrals["discharged"].to_numpy(), death), WINDOW_END)
    taken = referrals.with_columns(last=pl.Series(last)).filter(
        (pl.col("rejected") == NEVER) & (pl.col("last") > pl.col("day") + 3)
    )
    contacts = _contacts(random, taken)
    spells = _spells(random, lives, taken)
    stays = _stays(random, spells)
    return MentalHealthRecords(
        contacts, spells, stays, _interventions(random, stays), _scores(random, lives, contacts)
    )


def _contacts(random: Random, taken: pl.DataFrame) -> pl.DataFrame:
    length = (taken["last"] - taken["day"]).to_numpy()
    number = np.minimum(random.poisson(length / _DAYS_A_CONTACT), _MOST_CONTACTS)
    row = np.repeat(np.arange(taken.height), number)
    day = taken["day"].to_numpy()[row] + 1 + (random.random(len(row)) * (length[row] - 1)).astype(np.int64)
    rows = taken[row].select("n", "who").with_columns(day=pl.Series(day)).sort("n", "day")
    size = rows.height
    return rows.with_columns(
        attended=choose(random, _ATTENDED, size),
        mechanism=choose(random, _HELD, size),
        minutes=pl.Series(15 + 5 * random.integers(0, 14, size)),
    ).with_row_index("c")


def _spells(random: Random, lives: Lives, taken: pl.DataFrame) -> pl.DataFrame:
    start = taken["day"].to_numpy() + days(random, _WAIT, taken.height)
    age = lives.age(taken["who"].to_numpy(), start)
    group = pl.Series(np.where(age < 18, "child", np.where(age < 65, "adult", "older")).astype(str))
    chance = group.replace_strict(_ADMITTED, return_dtype=pl.Float64).to_numpy()
    stay = 2 + random.gamma(_STAY_SHAPE, _STAY_SCALE, taken.height).astype(np.int64)
    death = lives.column("death")[taken["who"].to_numpy()]
    rows = taken.select("n", "who").with_columns(
        group=group,
        start=pl.Series(start),
        end=pl.Series(np.minimum(start + stay, death)),
        method=choose(random, _METHODS, taken.height),
    )
    admitted = (random.random(taken.height) < chance) & (start < taken["last"].to_numpy())
    rows = rows.filter(pl.Series(admitted)).sort("who", "start")
    earlier = pl.col("end").cum_max().shift(1).over("who").fill_null(0)
    return rows.filter(pl.col("start") > earlier).sort("start", "n").with_row_index("s")


def _stays(random: Random, spells: pl.DataFrame) -> pl.DataFrame:
    """One ward for each spell, and another one later in some long ones; both for people of that age."""
    length = (spells["end"] - spells["start"]).to_numpy()
    moved = (length > 14) & (random.random(spells.height) < _MOVED)
    turn = spells["start"].to_numpy() + np.maximum(
        (length * random.uniform(0.2, 0.8, spells.height)), 1
    ).astype(int)
    one, other = _two_wards(random, spells["group"])
    first = spells.select(
        "n",
        "who",
        "s",
        "start",
        ward=pl.Series(one),
        end=pl.when(pl.Series(moved)).then(pl.Series(turn)).otherwise("end"),
    )
    second = spells.select("n", "who", "s", start=pl.Series(turn), ward=pl.Series(other), end=pl.col("end"))
    rows = pl.concat([first, second.filter(pl.Series(moved)).select(first.columns)])
    return rows.sort("s", "start").with_row_index("w")


def _two_wards(random: Random, group: pl.Series) -> tuple[Ints, Ints]:
    """For each row two positions in WARDS for that group; the same where there is only one."""
    one, other = np.zeros(len(group), dtype=np.int64), np.zeros(len(group), dtype=np.int64)
    for name in _ADMITTED:
        fitting = np.array([number for number, ward in enumerate(WARDS) if _takes(ward.ward_type) == name])
        at = np.flatnonzero((group == name).to_numpy())
        pick = random.integers(0, len(fitting), len(at))
        step = random.integers(1, max(len(fitting), 2), len(at))
        one[at], other[at] = fitting[pick], fitting[(pick + step) % len(fitting)]
    return one, other


def _takes(ward_type: str) -> str:
    return {"01": "child", "06": "older"}.get(ward_type, "adult")


def _interventions(random: Random, stays: pl.DataFrame) -> pl.DataFrame:
    """Incidents in proportion to days on the ward, fewer after its training; some with two types."""
    start = stays["start"].to_numpy()
    length = np.maximum(np.minimum(stays["end"].to_numpy(), WINDOW_END) - start, 0)
    ward = stays["ward"].to_numpy()
    rate: Floats = np.array([ward.restraint for ward in WARDS])[ward] / 1000
    row = np.repeat(np.arange(stays.height), random.poisson(length * rate))
    day = start[row] + (random.random(len(row)) * length[row]).astype(np.int64)
    trained = day > trained_from(np.arange(len(WARDS)))[ward[row]]
    ratio = planted("training of the ward", "incident with restraint")
    kept = ~trained | (random.random(len(row)) < ratio)
    rows = stays[row[kept]].select("n", "who", "s", "w").with_columns(day=pl.Series(day[kept]))
    rows = rows.sort("day", "w").with_row_index("incident")
    rows = rows[np.repeat(np.arange(rows.height), 1 + (random.random(rows.height) < _TWO_TYPES))]
    size = rows.height
    minute = random.integers(0, 1400, size)
    return rows.with_columns(
        kind=choose(random, _TYPES, size),
        reason=choose(random, _REASONS, size),
        minute=pl.Series(minute),
        until=pl.Series(minute + random.integers(1, 39, size)),
        patient_injured=pl.Series(random.random(size) < 0.03),
        staff_injured=pl.Series(random.random(size) < 0.07),
        reviewed=pl.Series(random.random(size) < 0.55),
    ).with_row_index("i")


def _scores(random: Random, lives: Lives, contacts: pl.DataFrame) -> pl.DataFrame:
    """Scores of adults at their first and last attended contact, better at the last."""
    seen = contacts.filter(pl.col("attended").is_in(["5", "6"]))
    grown = lives.age(seen["who"].to_numpy(), seen["day"].to_numpy()) >= 18
    seen = seen.filter(pl.Series(grown))
    several = seen.filter(pl.len().over("n") > 1)
    first = several.unique("n", keep="first", maintain_order=True).with_columns(gain=pl.lit(0.0))
    last = several.unique("n", keep="last", maintain_order=True).with_columns(gain=pl.lit(_BETTER))
    parts = []
    for tool, (mean, spread, most) in _SCORED.items():
        severity = random.normal(mean, spread, first.height)
        for part in (first, last):
            score = severity + random.normal(0, 2, part.height) - part["gain"].to_numpy()
            score = np.clip(np.round(score), 0, most)
            parts.append(part.select("n", "who", "c", "day", tool=pl.lit(tool), score=pl.Series(score)))
    return pl.concat(parts).sort("c", "tool").with_row_index("a")
