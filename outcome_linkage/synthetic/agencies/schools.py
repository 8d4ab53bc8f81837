"""Which school each pupil is at from when to when, and what each termly census says of them.

A child goes to a primary school of the council from the September after the fourth birthday, and to a
secondary school from the one after the eleventh; a school is mostly that of the area. Who is permanently
excluded goes on at another one."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.education import state_educated
from outcome_linkage.synthetic.agencies.terms import terms
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.organisations import PRIMARY, SECONDARY, school_ids, schools_of
from outcome_linkage.synthetic.randomness import Ints
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES

_STARTS: Final = (4, 11)  # the school year in which these ages were reached before it began
_ENDS: Final = (11, 16)
_ELSEWHERE: Final = 0.15  # at another school than that of their area
_AWAY: Final = 20  # days between a permanent exclusion and the next school


def enrolments(lives: Lives, excluded: pl.DataFrame) -> pl.DataFrame:
    """Stretches at one school: who, supplier, school_id, phase, entry, leaving (days); by who and entry.

    `excluded` are the exclusions: who, supplier, day, category.
    """
    random = lives.block.random("schools")
    rows = _in_phases(lives, _in_councils(lives))
    near = pl.Series(_of_area(lives, rows))
    size = rows.height
    phase = rows["phase"].to_numpy()
    number = np.where(phase == PRIMARY, *(schools_of(lives.places, p) for p in (PRIMARY, SECONDARY)))
    other = random.integers(0, 1_000, size) % number
    at = np.where(random.random(size) < _ELSEWHERE, other, near.to_numpy())
    rows = _split(rows.with_columns(at=pl.Series(at), schools=pl.Series(number)), excluded)
    ids = school_ids(*(rows[name].to_numpy() for name in ("authority", "phase", "at")))
    supplier = pl.Series(list(LOCAL_AUTHORITIES)).gather(rows["authority"])
    return rows.select(
        "who", supplier.alias("supplier"), ids.alias("school_id"), "phase", "entry", "leaving"
    ).sort("who", "entry")


def _in_councils(lives: Lives) -> pl.DataFrame:
    """Unbroken stretches of residence of pupils in one of the councils: who, authority, since, until,
    area."""
    stays = lives.residences.stays
    stays = stays.filter(pl.Series(state_educated(lives)[stays["who"].to_numpy()]))
    dwelling = stays["dwelling"].to_numpy()
    rows = stays.select(
        "who",
        "since",
        "until",
        authority=pl.Series(lives.authority(dwelling)),
        area=pl.Series(lives.residences.area(dwelling)),
    )
    moved = (pl.col("authority") != pl.col("authority").shift(1)) | (
        pl.col("since") > pl.col("until").shift(1) + 1
    )
    rows = rows.with_columns(run=moved.fill_null(True).cum_sum().over("who"))
    joined = rows.group_by("who", "run", maintain_order=True).agg(
        pl.col("authority").first(), pl.col("since").min(), pl.col("until").max(), pl.col("area").first()
    )
    return joined.filter(pl.col("authority") < len(LOCAL_AUTHORITIES)).drop("run")


def _in_phases(lives: Lives, rows: pl.DataFrame) -> pl.DataFrame:
    """The stretches cut to the school years of each phase: with phase, entry and leaving, the last day."""
    birth = lives.column("birth")[rows["who"].to_numpy()]
    parts = []
    for phase in (PRIMARY, SECONDARY):
        first, last = (_september(birth, age) for age in (_STARTS[phase], _ENDS[phase]))
        part = rows.with_columns(
            phase=pl.lit(phase),
            entry=pl.max_horizontal("since", pl.Series(first)),
            leaving=pl.min_horizontal("until", pl.Series(last - 42)),
        )
        parts.append(part.filter(pl.col("leaving") - pl.col("entry") > 7))
    return pl.concat(parts).sort("who", "entry")


def _september(birth: Ints, age: int) -> Ints:
    """1 September after the birthday at `age`, or on it."""
    month = birth.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    year = month // 12 + (month % 12 >= 8)
    return ((year + age) * 12 + 8).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _of_area(lives: Lives, rows: pl.DataFrame) -> Ints:
    """The number of the school of each area, among those of its council and phase."""
    authority, area = rows["authority"].to_numpy(), rows["area"].to_numpy()
    first = np.searchsorted(lives.places.authority, np.arange(len(LOCAL_AUTHORITIES) + 1))
    within = (area - first[authority]) / (first[authority + 1] - first[authority])
    size = np.where(
        rows["phase"].to_numpy() == PRIMARY, *(schools_of(lives.places, p) for p in (PRIMARY, SECONDARY))
    )
    return np.clip((within * size).astype(np.int64), 0, size - 1)


def _split(rows: pl.DataFrame, excluded: pl.DataFrame) -> pl.DataFrame:
    """The stretches, cut by the first permanent exclusion in each: the pupil goes on at the next school."""
    rows = rows.with_row_index("row")
    banned = excluded.filter(pl.col("category") == "PERM").select("who", out="day")
    cut = rows.join(banned, on="who", maintain_order="left").filter(
        (pl.col("out") > pl.col("entry")) & (pl.col("out") < pl.col("leaving") - _AWAY - 7)
    )
    cut = cut.unique("row", keep="first", maintain_order=True)
    rows = rows.join(cut.select("row", "out"), on="row", how="left", maintain_order="left")
    before = rows.with_columns(leaving=pl.coalesce("out", "leaving"))
    after = rows.filter(pl.col("out").is_not_null()).with_columns(
        entry=pl.col("out") + _AWAY, at=(pl.col("at") + 1) % pl.col("schools")
    )
    return pl.concat([before, after]).drop("row", "out").sort("who", "entry")


def in_census(enrolled: pl.DataFrame) -> pl.DataFrame:
    """Pupils in each termly census: the enrolment with year, term, start, end and possible (half-days), and
    roll: on where they were there on census day, off where they had left since the one before."""
    calendar = terms().with_columns(before=pl.col("census").shift(1).fill_null(0))
    rows = enrolled.join_where(
        calendar, pl.col("entry") <= pl.col("census"), pl.col("leaving") >= pl.col("before")
    )
    rows = rows.filter(pl.col("leaving") >= pl.col("start"))
    on = pl.col("leaving") >= pl.col("census")
    inside = pl.min_horizontal("leaving", "end") - pl.max_horizontal("entry", "start") + 1
    share = inside / (pl.col("end") - pl.col("start") + 1)
    return rows.with_columns(
        roll=pl.when(on).then(pl.lit("on")).otherwise(pl.lit("off")),
        possible=(pl.col("possible") * share).floor().cast(pl.Int64),
    ).sort("who", "census", "entry")


def at_school(events: pl.DataFrame, enrolled: pl.DataFrame) -> pl.DataFrame:
    """The events (who, day) with the school_id of the school that the pupil was at; null between schools."""
    where = enrolled.select("who", "school_id", "entry", "leaving").sort("who", "entry")
    found = (
        events.with_row_index("row")
        .sort("who", "day")
        .join_asof(
            where, left_on="day", right_on="entry", by="who", strategy="backward", check_sortedness=False
        )
    )
    there = pl.when(pl.col("day") <= pl.col("leaving")).then("school_id")
    return found.with_columns(school_id=there).sort("row").drop("row", "entry", "leaving")
