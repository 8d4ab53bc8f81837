"""What the integrated care board holds: attendances, admissions, referrals, deaths, registration, opt-outs.

Of people registered with a practice in its three authorities. Days are integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies import diagnoses
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.places import AUTHORITIES
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.recording import choose, choose_by, days, recorded
from outcome_linkage.synthetic.window import NEVER, OUTSIDE, WINDOW_END, WINDOW_START

_UNREGISTERED: Final = 0.012
_OPTED_OUT: Final = {"supplier": 0.003, "project": 0.0006}
_ED_BEFORE: Final = {"emergency_admission": 0.7, "self_harm_admission": 0.95}


@dataclass(frozen=True)
class HealthRecords:
    """The board's tables of events, `who` in place of record_key."""

    attendances: pl.DataFrame
    admissions: pl.DataFrame
    referrals: pl.DataFrame
    deaths: pl.DataFrame
    opt_outs: pl.DataFrame


def register(lives: Lives) -> pl.DataFrame:
    """Stays within the board's area that reach into the window, of all but a few people: who, since, until,
    dwelling."""
    random = lives.block.random("register")
    stays = lives.residences.stays
    inside = lives.authority(stays["dwelling"].to_numpy()) != AUTHORITIES.index(OUTSIDE)
    never = random.random(lives.people.height) < _UNREGISTERED
    here = inside & ~never[stays["who"].to_numpy()] & (stays["until"].to_numpy() >= WINDOW_START)
    return stays.filter(pl.Series(here))


def known_patients(registered: pl.DataFrame) -> pl.DataFrame:
    """Who is on the register, and since which day: who, known."""
    return registered.group_by("who").agg(pl.col("since").min().alias("known")).sort("who")


def health_records(lives: Lives, registered: pl.DataFrame) -> HealthRecords:
    """Everything that the board records of the people on its register."""
    random = lives.block.random("health")
    came = on_register(lives, registered, lives.happened.filter(pl.col("day") >= WINDOW_START))
    admitted = _admitted(random, lives, registered, came)
    return HealthRecords(
        _attendances(random, lives, registered, came, admitted),
        _admissions(random, lives, admitted),
        _referrals(random, lives, registered, came),
        _deaths(random, lives, came),
        _opt_outs(random, registered),
    )


def on_register(lives: Lives, registered: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Those of the events that happen to people while registered, with their dwelling."""
    on_books = np.zeros(lives.people.height, dtype=bool)
    on_books[registered["who"].to_numpy()] = True
    placed = lives.placed(found.filter(pl.Series(on_books[found["who"].to_numpy()])))
    outside = AUTHORITIES.index(OUTSIDE)
    return placed.filter(pl.Series(lives.authority(placed["dwelling"].to_numpy()) != outside))


def _admitted(random: Random, lives: Lives, registered: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    """Why and when people were admitted: who, day, kind; births in hospital among them."""
    columns = ["who", "day", "kind"]
    plain = came.filter(
        pl.col("kind").is_in(["emergency_admission", "planned_admission", "self_harm_admission"])
    )
    harmed = on_register(lives, registered, recorded(random, lives, "admission").select(columns))
    drinking = _of_parents(random, lives, registered, "parental_substance_misuse")
    born = registered.filter(
        (pl.col("since") == lives.people["birth"].gather(registered["who"]))
        & (pl.col("since") >= WINDOW_START)
    ).select("who", pl.col("since").alias("day"), pl.lit("birth").alias("kind"))
    born = born.filter(pl.Series(random.random(born.height) < 0.97))
    parts = [plain.select(columns), harmed.select(columns), drinking.select(columns), born]
    return pl.concat(parts).sort("day", "who", "kind")


def _of_parents(random: Random, lives: Lives, registered: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Events of a child's adversity that bring a parent (mostly the mother) to a health service."""
    heard = recorded(random, lives, "parent_health").filter(pl.col("kind") == kind)
    heard = heard.unique(["household", "day"], keep="first", maintain_order=True)
    mother, father = (lives.column(name)[heard["who"].to_numpy()] for name in ("mother", "father"))
    chosen = np.where((random.random(heard.height) < 0.6) & (mother >= 0) | (father < 0), mother, father)
    rows = heard.select("day", "kind").with_columns(who=pl.Series(chosen)).filter(pl.col("who") >= 0)
    return on_register(lives, registered, rows.select("who", "day", "kind"))


def _attendances(
    random: Random, lives: Lives, registered: pl.DataFrame, came: pl.DataFrame, admitted: pl.DataFrame
) -> pl.DataFrame:
    """Emergency attendances: their own, those before an admission, and those that violence brings."""
    own = came.filter(pl.col("kind") == "ed_attendance").select("who", "day", pl.lit("ordinary").alias("why"))
    chance = admitted["kind"].replace_strict(_ED_BEFORE, default=0.0, return_dtype=pl.Float64)
    first = admitted.filter(pl.Series(random.random(admitted.height)) < chance).with_columns(
        why=pl.when(pl.col("kind") == "self_harm_admission")
        .then(pl.lit("self_harm"))
        .otherwise(pl.lit("ordinary"))
    )
    hurt = on_register(
        lives, registered, recorded(random, lives, "ed").select("who", "day", "kind")
    ).with_columns(why=pl.lit("violence"))
    columns = ["who", "day", "why", "admitted"]
    rows = pl.concat(
        [
            own.with_columns(admitted=pl.lit(False)).select(columns),
            first.with_columns(admitted=pl.lit(True)).select(columns),
            hurt.with_columns(admitted=pl.lit(False)).select(columns),
        ]
    )
    return attended(random, rows.sort("day", "who", "why"))


def attended(random: Random, rows: pl.DataFrame) -> pl.DataFrame:
    """Attendances (who, day, why, admitted) with what is written down on arrival."""
    size = rows.height
    minute = (random.beta(2.2, 1.6, size) * 1440).astype(np.int64) % 1440
    harm, violence = (rows["why"] == "self_harm"), (rows["why"] == "violence")
    none = pl.lit(None, dtype=pl.String)
    second = choose(random, {"35489007": 1, "197480006": 1}, size)
    diagnosis = choose_by(random, diagnoses.ED_DIAGNOSES, rows["why"])
    several = pl.Series(random.random(size) < 0.08)
    unread = pl.Series(random.random(size) < 0.12)
    return rows.with_columns(
        arrival_time=_clock(minute),
        department_type=choose(random, {"01": 78, "03": 14, "04": 6, "02": 2}, size),
        attendance_category=choose(random, {"1": 93, "2": 3, "3": 1, "4": 3}, size),
        chief_complaint=choose_by(random, diagnoses.COMPLAINTS, rows["why"]),
        diagnoses=pl.select(
            pl.when(unread).then(none).when(several).then(diagnosis + "," + second).otherwise(diagnosis)
        ).to_series(),
        injury_intent=pl.select(
            pl.when(harm)
            .then(pl.lit(diagnoses.SELF_INFLICTED))
            .when(violence)
            .then(pl.lit(diagnoses.ASSAULT))
            .when(pl.Series(random.random(size) < 0.2))
            .then(pl.lit(diagnoses.ACCIDENTAL))
        ).to_series(),
        discharge_destination=pl.when(pl.col("admitted")).then(pl.lit("1066331000000109")),
        accommodation_status=pl.when(pl.Series(random.random(size) < 0.004)).then(pl.lit("32911000")),
    )


def _clock(minute: Ints) -> pl.Series:
    hour = pl.Series(minute // 60).cast(pl.String).str.zfill(2)
    return hour + ":" + pl.Series(minute % 60).cast(pl.String).str.zfill(2)


def _admissions(random: Random, lives: Lives, admitted: pl.DataFrame) -> pl.DataFrame:
    """Finished consultant episodes: spell, order, first and last day, method, up to three diagnoses."""
    size, kind = admitted.height, admitted["kind"]
    planned, birth = (kind == "planned_admission").to_numpy(), (kind == "birth").to_numpy()
    stay = np.where(planned, days(random, 0.6, size), days(random, 2.5, size))
    death = lives.column("death")[admitted["who"].to_numpy()]
    out = np.minimum(admitted["day"].to_numpy() + stay, death)
    method = np.where(planned, choose(random, {"11": 60, "12": 25, "13": 15}, size).to_numpy(), "")
    urgent = choose(random, {"21": 78, "22": 10, "24": 4, "28": 4, "2A": 3, "2B": 1}, size).to_numpy()
    method = np.where(birth, "82", np.where(planned, method, urgent))
    secondary = choose_by(random, diagnoses.SECONDARY, kind)
    other = choose(random, {"I10X": 30, "Z870": 20, "E119": 14, "F329": 6, "J459": 10, "Z720": 20}, size)
    with_other = pl.Series(random.random(size) < 0.45)
    spells = admitted.with_columns(
        out=pl.Series(out),
        admimeth=pl.Series(method.astype(str)),
        classpat=pl.Series(np.where(planned & (stay == 0), "2", "1")),
        dismeth=pl.Series(np.where(out == death, "4", "1")),
        procode3=choose(random, {"RA7": 55, "RVJ": 40, "RA3": 5}, size),
        diag_01=choose_by(random, diagnoses.PRIMARY, kind),
        diag_02=pl.select(pl.coalesce(secondary, pl.when(with_other).then(other))).to_series(),
        diag_03=pl.select(pl.when(secondary.is_not_null() & with_other).then(other)).to_series(),
        epiorder=pl.lit(1),
    ).with_row_index("spell")
    moved = (stay > 3) & (random.random(size) < 0.25)
    turn = admitted["day"].to_numpy() + 1 + stay // 2
    second = spells.with_columns(start=pl.Series(turn), end=pl.col("out"), epiorder=pl.lit(2))
    first = spells.with_columns(
        start=pl.col("day"), end=pl.when(pl.Series(moved)).then(pl.Series(turn)).otherwise(pl.col("out"))
    )
    episodes = pl.concat([first, second.filter(pl.Series(moved)).select(first.columns)])
    return episodes.filter(pl.col("end") <= WINDOW_END).sort("end", "spell", "epiorder")


def _referrals(random: Random, lives: Lives, registered: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    own = came.filter(pl.col("kind") == "mh_referral").select("who", "day")
    parents = _of_parents(random, lives, registered, "parental_mental_illness").select("who", "day")
    rows = pl.concat([own, parents]).unique(maintain_order=True).sort("day", "who")
    size = rows.height
    age = lives.age(rows["who"].to_numpy(), rows["day"].to_numpy())
    group = pl.Series(np.where(age < 18, "child", "adult"), dtype=pl.String)
    rejected = random.random(size) < 0.15
    ends = rows["day"].to_numpy() + 5 + days(random, 150, size)
    return rows.with_columns(
        source=choose(random, {"A1": 46, "B1": 14, "C1": 8, "H1": 12, "F1": 6, "E1": 3, "C2": 11}, size),
        reason=choose_by(random, diagnoses.REASONS, group),
        priority=choose(random, {"3": 78, "2": 16, "1": 4, "4": 2}, size),
        team=choose_by(random, diagnoses.TEAMS, group),
        rejected=pl.Series(np.where(rejected, rows["day"].to_numpy() + 4 + days(random, 8, size), NEVER)),
        discharged=pl.Series(np.where(rejected, NEVER, ends)),
    )


def _deaths(random: Random, lives: Lives, came: pl.DataFrame) -> pl.DataFrame:
    rows = came.filter(pl.col("kind") == "death").select("who", "day").sort("day", "who")
    young = lives.age(rows["who"].to_numpy(), rows["day"].to_numpy()) < 40
    cause = pl.select(
        pl.when(pl.Series(young))
        .then(choose(random, diagnoses.YOUNG_CAUSES, rows.height))
        .otherwise(choose(random, diagnoses.CAUSES_OF_DEATH, rows.height))
    ).to_series()
    return rows.with_columns(
        registration=pl.Series(rows["day"].to_numpy() + 2 + days(random, 5, rows.height)),
        cause=cause,
        place=choose(lives.block.random("place of death"), diagnoses.PLACES_OF_DEATH, rows.height),
    )


def _opt_outs(random: Random, registered: pl.DataFrame) -> pl.DataFrame:
    people = registered.select(pl.col("who").unique().sort())
    kinds = {"supplier": "national_data_opt_out", "project": "local_objection"}
    parts = []
    for scope, share in _OPTED_OUT.items():
        chosen = people.filter(pl.Series(random.random(people.height) < share))
        since = random.integers(WINDOW_START, WINDOW_END - 200, chosen.height)
        parts.append(
            chosen.with_columns(scope=pl.lit(scope), kind=pl.lit(kinds[scope]), day=pl.Series(since))
        )
    return pl.concat(parts).sort("who", "scope")
