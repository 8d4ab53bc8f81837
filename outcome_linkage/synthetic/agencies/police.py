"""What the police record: crimes, the people in them, and public-protection incidents.

Cases (see `police_cases`) become crimes, incidents, or both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.offences import (
    BY_PARENT,
    DASH,
    OFFENCES,
    OUTCOMES,
    POSITIVE,
)
from outcome_linkage.synthetic.agencies.police_cases import police_cases
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.recording import choose, choose_by, days
from outcome_linkage.synthetic.window import WINDOW_END, WINDOW_START


@dataclass(frozen=True)
class PoliceRecords:
    """crimes: one row each. persons: crime, who, role, relationship. incidents: one row per person and role.

    `recorded` is the day on which a crime was recorded, `outcome_day` the day of its outcome.
    """

    crimes: pl.DataFrame
    persons: pl.DataFrame
    incidents: pl.DataFrame

    def known(self) -> pl.DataFrame:
        """Who is known, and since which day: who, known."""
        in_crimes = self.persons.join(self.crimes.select("case", "recorded"), on="case").select(
            "who", known="recorded"
        )
        in_incidents = self.incidents.select("who", known="day")
        return pl.concat([in_crimes, in_incidents]).group_by("who").agg(pl.col("known").min()).sort("who")


def police_records(lives: Lives) -> PoliceRecords:
    """Everything that the police record of a block in the window."""
    random = lives.block.random("police")
    cases = police_cases(random, lives)
    with_crime, with_incident = _how_recorded(random, cases)
    crimes = _crimes(random, lives, cases.filter(pl.Series(with_crime)))
    children = _children_present(lives, cases)
    persons = _persons(random, lives, crimes, children)
    incidents = _incidents(random, cases.filter(pl.Series(with_incident)), children)
    return PoliceRecords(crimes, persons, incidents)


def _how_recorded(random: Random, cases: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Whether each case became a crime, and whether an incident."""
    kind = cases["kind"]
    protection = kind.is_in(
        ["domestic_abuse", "neglect", "physical_abuse", "emotional_abuse", "sexual_abuse", "exploitation"]
    ).to_numpy()
    domestic, ill = (kind == "domestic_abuse").to_numpy(), (kind == "parental_mental_illness").to_numpy()
    draw = random.random(cases.height)
    crime = ~ill & (~domestic | (draw < 0.42))
    incident = ill | (domestic & (draw > 0.04)) | (protection & ~domestic & (draw < 0.6))
    return crime, incident


def _crimes(random: Random, lives: Lives, cases: pl.DataFrame) -> pl.DataFrame:
    size, kind = cases.height, cases["kind"]
    late = np.where(kind.is_in(["sexual_abuse", "exploitation"]).to_numpy(), days(random, 120, size), 0)
    recorded_on = cases["day"].to_numpy() + days(random, 1.5, size) + late
    known = cases["suspect"].to_numpy() >= 0
    outcome = choose_by(random, OUTCOMES, pl.Series(np.where(known, "suspect", "no_suspect")))
    rows = cases.with_columns(
        code=choose_by(random, OFFENCES, _offence_kind(lives, cases)),
        recorded=pl.Series(recorded_on),
        outcome=outcome,
        outcome_day=pl.Series(recorded_on + 3 + days(random, 45, size)),
        lsoa21=lives.lsoa(cases["dwelling"].to_numpy()),
        domestic=kind.is_in(["domestic_abuse", "neglect", "physical_abuse", "emotional_abuse"]),
        cse=(kind == "exploitation") & pl.Series(random.random(size) < 0.6),
        cce=(kind == "exploitation") & pl.Series(random.random(size) < 0.5),
        no_crime=pl.Series(random.random(size) < 0.02),
        alcohol=pl.Series(random.random(size) < 0.12),
        drug=pl.col("kind").is_in(["exploitation"]) | pl.Series(random.random(size) < 0.04),
        hate=pl.Series(random.random(size) < 0.02),
        online=pl.Series(random.random(size) < 0.05),
    )
    return rows.filter(pl.col("recorded").is_between(WINDOW_START, WINDOW_END)).sort("recorded", "case")


def _offence_kind(lives: Lives, cases: pl.DataFrame) -> pl.Series:
    """The row of OFFENCES for each case; sexual offences go by age and sex of the victim."""
    victim = np.maximum(cases["victim"].to_numpy(), 0)
    age = lives.age(victim, cases["day"].to_numpy())
    sex = np.where(lives.column("female")[victim], "girl", "boy")
    band = np.where(age < 13, "_under_13", np.where(age < 16, "_under_16", ""))
    sexual = pl.Series(np.char.add(np.char.add("sexual_abuse_", sex), band))
    without_victim = (cases["victim"] < 0) & (cases["kind"] == "police_victim")
    return pl.select(
        pl.when(cases["kind"] == "sexual_abuse")
        .then(sexual)
        .when(without_victim)
        .then(pl.lit("police_suspect"))
        .otherwise(cases["kind"])
    ).to_series()


def _children_present(lives: Lives, cases: pl.DataFrame) -> pl.DataFrame:
    """The children of the household of a domestic case, then living there: case, who."""
    domestic = cases.filter(pl.col("kind") == "domestic_abuse").select("case", "day", "victim", "dwelling")
    household = lives.people["household"].gather(domestic["victim"].clip(0))
    children = lives.people.filter(pl.col("role") < 0).select("who", "household")
    pairs = domestic.with_columns(household=household).join(children, on="household").sort("case", "who")
    who, day = pairs["who"].to_numpy(), pairs["day"].to_numpy()
    there = (lives.residences.on(who, day) == pairs["dwelling"].to_numpy()) & (lives.age(who, day) < 18)
    return pairs.filter(pl.Series(there)).select("case", "who")


def _persons(random: Random, lives: Lives, crimes: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    """case, who, role, relationship; a suspect with a positive outcome is an offender."""
    none = pl.lit(None, dtype=pl.String)
    victims = crimes.filter(pl.col("victim") >= 0).select(
        "case", pl.col("victim").alias("who"), pl.lit("victim").alias("role"), none.alias("relationship")
    )
    role = pl.when(pl.col("outcome").is_in(POSITIVE)).then(pl.lit("offender")).otherwise(pl.lit("suspect"))
    suspects = crimes.filter(pl.col("suspect") >= 0).select(
        "case", pl.col("suspect").alias("who"), role.alias("role"), "relationship"
    )
    involved = children.join(crimes.select("case"), on="case", how="semi").select(
        "case", "who", pl.lit("involved_child").alias("role"), none.alias("relationship")
    )
    seen = crimes.filter(pl.Series(random.random(crimes.height) < 0.06)).select("case", "day")
    who = random.integers(0, lives.people.height, seen.height)
    here = (lives.residences.on(who, seen["day"].to_numpy()) >= 0) & (
        lives.age(who, seen["day"].to_numpy()) >= 12
    )
    witnesses = (
        seen.with_columns(who=pl.Series(who))
        .filter(pl.Series(here))
        .select("case", "who", pl.lit("witness").alias("role"), none.alias("relationship"))
    )
    people = pl.concat([victims, suspects, involved, witnesses]).unique(
        ["case", "who"], keep="first", maintain_order=True
    )
    days_of = people.join(crimes.select("case", "day"), on="case", how="left", maintain_order="left")
    age = lives.age(people["who"].to_numpy(), days_of["day"].to_numpy())
    return days_of.with_columns(age=pl.Series(age)).sort("case", "role", "who")


def _incidents(random: Random, cases: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    """One row per person and role: case, who, role, day, kind of notice, and what was noted."""
    size, domestic = cases.height, (cases["kind"] == "domestic_abuse").to_numpy()
    number = children.group_by("case").agg(pl.len().cast(pl.Int64).alias("n_children"))
    dash = pl.select(pl.when(pl.Series(domestic)).then(choose(random, DASH, size))).to_series()
    of_child = cases["kind"].is_in([*BY_PARENT, "sexual_abuse", "exploitation"])
    noted = cases.select(
        "case",
        "day",
        "victim",
        "suspect",
        incident_type=pl.when(pl.Series(domestic))
        .then(pl.lit("domestic"))
        .when(of_child)
        .then(pl.lit("child"))
        .otherwise(pl.lit("adult")),
        dash_risk=dash,
        referred=pl.Series(random.random(size) < 0.55),
    ).join(number, on="case", how="left", maintain_order="left")
    noted = noted.with_columns(
        pl.when(of_child).then(1).otherwise(pl.col("n_children").fill_null(0)).alias("n_children")
    )
    roles = [
        noted.filter(pl.col(role) >= 0).with_columns(who=pl.col(role), role=pl.lit(role))
        for role in ("victim", "suspect")
    ]
    present = children.join(noted, on="case").with_columns(role=pl.lit("involved_child"))
    columns = [c for c in roles[0].columns if c not in ("victim", "suspect")]
    return pl.concat([part.select(columns) for part in (*roles, present)]).sort("case", "role", "who")
