"""Whom the police met otherwise: missing people, people in custody, people who were searched. Invented rates.

Custody follows from the same offences as crimes; a search finds people whom the force knows as suspects. Of
children missing from care most are reported, and some other people are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage
from outcome_linkage.synthetic.agencies.offences import POSITIVE
from outcome_linkage.synthetic.agencies.police import PoliceRecords
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.planted import planted
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.recording import choose, choose_by, days
from outcome_linkage.synthetic.window import WINDOW_END, WINDOW_START, YEAR

_REPORTED_FROM_CARE: Final = 0.82
# From age: times a year that others are reported missing.
_MISSING: Final = ((0, 0.0003), (10, 0.004), (13, 0.014), (18, 0.003), (60, 0.001), (75, 0.003))
_RISK: Final = {"none": 4, "low": 16, "medium": 66, "high": 14}
_FOUND: Final = {
    "returned": 46, "police": 26, "family": 9, "care": 8, "other_agency": 3, "public": 3, "hospital": 3,
    "custody": 2,
}  # fmt: skip
_ARRESTED: Final = {"positive": 0.62, "other": 0.30}
_CRIMINAL: Final = 10  # years
_DISPOSALS: Final[Mapping[str, Mapping[str, float]]] = {
    "1": {"charged": 82, "summonsed": 18},
    "2": {"youth_caution": 1},
    "3": {"adult_caution": 1},
    "8": {"community_resolution": 1},
    "22": {"diversion": 1},
    "other": {"no_further_action": 52, "bailed": 24, "released_under_investigation": 24},
}
_SEARCHES: Final = 0.25  # for each time that somebody is a suspect
_OBJECTS: Final = {
    "Controlled drugs": 62,
    "Offensive weapons": 17,
    "Stolen goods": 13,
    "Article for use in theft": 8,
}
_POWERS: Final[Mapping[str, Mapping[str, float]]] = {
    "Controlled drugs": {"Misuse of Drugs Act 1971 (section 23)": 1},
    "Offensive weapons": {
        "Police and Criminal Evidence Act 1984 (section 1)": 92,
        "Criminal Justice and Public Order Act 1994 (section 60)": 8,
    },
    "Stolen goods": {"Police and Criminal Evidence Act 1984 (section 1)": 1},
    "Article for use in theft": {"Police and Criminal Evidence Act 1984 (section 1)": 1},
}
_SEARCH_OUTCOMES: Final = {
    "A no further action disposal": 70, "Arrest": 12, "Community resolution": 9,
    "Khat or Cannabis warning": 3,
    "Penalty Notice for Disorder": 2, "Summons / charged by post": 3, "Caution (simple or conditional)": 1,
}  # fmt: skip


@dataclass(frozen=True)
class PoliceContacts:
    """missing: who, since, until and how the force saw it. arrests: who, day, offence and disposal.
    searches: who, day and what was looked for. Times of day are minutes."""

    missing: pl.DataFrame
    arrests: pl.DataFrame
    searches: pl.DataFrame

    def known(self) -> pl.DataFrame:
        """Who is known from these, and since which day: who, known."""
        return self.missing.group_by("who").agg(pl.col("since").min().alias("known")).sort("who")


def police_contacts(
    lives: Lives, found: PoliceRecords, missing_from_care: pl.DataFrame, needs: Disadvantage
) -> PoliceContacts:
    """What the police record of a block beside crimes and incidents; `missing_from_care`: who, since,
    until."""
    random = lives.block.random("police contacts")
    suspects = _suspects(lives, found)
    return PoliceContacts(
        _missing(random, lives, missing_from_care),
        _arrests(random, suspects, needs),
        _searches(random, lives, suspects),
    )


def _suspects(lives: Lives, found: PoliceRecords) -> pl.DataFrame:
    """Suspects and offenders of 10 and older: who, day on which the crime was recorded, code, outcome,
    age."""
    crimes = found.crimes.filter(~pl.col("no_crime")).select("case", "recorded", "code", "outcome")
    rows = found.persons.filter(pl.col("role").is_in(["suspect", "offender"])).select("case", "who")
    rows = rows.join(crimes, on="case", maintain_order="left").sort("recorded", "who", "case")
    age = pl.Series(lives.age(rows["who"].to_numpy(), rows["recorded"].to_numpy()))
    return rows.with_columns(age=age).filter(pl.col("age") >= _CRIMINAL)


def _missing(random: Random, lives: Lives, from_care: pl.DataFrame) -> pl.DataFrame:
    told = from_care.filter(pl.Series(random.random(from_care.height) < _REPORTED_FROM_CARE))
    rows = pl.concat([told.select("who", "since", "until"), _others_missing(random, lives)])
    rows = lives.placed(rows.sort("who", "since", "until").rename({"since": "day"})).rename({"day": "since"})
    latest = pl.col("until").cum_max().shift(1).over("who").fill_null(0)
    rows = rows.filter((pl.col("since") > latest) & pl.col("since").is_between(WINDOW_START, WINDOW_END))
    size = rows.height
    return rows.sort("since", "who").with_columns(
        risk=choose(random, _RISK, size),
        found_how=choose(random, _FOUND, size),
        minute=pl.Series(random.integers(0, 1440, size)),
        back=pl.Series(random.integers(0, 1440, size)),
    )


def _others_missing(random: Random, lives: Lives) -> pl.DataFrame:
    most = max(rate for _, rate in _MISSING)
    size = lives.people.height
    who = np.repeat(np.arange(size), random.poisson((WINDOW_END - WINDOW_START) / YEAR * most, size))
    day = random.integers(WINDOW_START, WINDOW_END + 1, len(who))
    age = lives.age(who, day)
    ages = [low for low, _ in _MISSING]
    rate = np.array([r for _, r in _MISSING])[np.maximum(np.searchsorted(ages, age, side="right") - 1, 0)]
    kept = (random.random(len(who)) * most < rate) & (age >= 0) & (lives.column("death")[who] > day)
    until = np.minimum(day + days(random, 0.8, len(who)), lives.column("death")[who])
    return pl.DataFrame({"who": who[kept], "since": day[kept], "until": until[kept]})


def _arrests(random: Random, suspects: pl.DataFrame, needs: Disadvantage) -> pl.DataFrame:
    """Arrests on suspicion of a crime, fewer of people whom the coordinated service helps."""
    positive = suspects["outcome"].is_in(POSITIVE).to_numpy()
    chance = np.where(positive, _ARRESTED["positive"], _ARRESTED["other"])
    who = suspects["who"].to_numpy()
    helped = needs.served_on(who, suspects["recorded"].to_numpy())
    chance = np.where(helped, chance * planted("multiple_disadvantage", "arrest into custody"), chance)
    rows = suspects.filter(pl.Series(random.random(suspects.height) < chance))
    size = rows.height
    kind = pl.when(pl.col("outcome").is_in(list(_DISPOSALS))).then("outcome").otherwise(pl.lit("other"))
    rows = rows.with_columns(
        day=pl.Series(rows["recorded"].to_numpy() + days(random, 3, size)),
        disposal=choose_by(random, _DISPOSALS, rows.select(kind.alias("kind"))["kind"]),
        authorised=pl.Series(random.random(size) < 0.98),
        minute=pl.Series(random.integers(0, 1440, size)),
        attended=(pl.col("age") < 18) | pl.Series(random.random(size) < 0.12),
    )
    return _as_old(rows).filter(pl.col("day") <= WINDOW_END).sort("day", "who", "case")


def _as_old(rows: pl.DataFrame) -> pl.DataFrame:
    """Youth cautions for those under 18, adult cautions for others."""
    caution = pl.when(pl.col("age") < 18).then(pl.lit("youth_caution")).otherwise(pl.lit("adult_caution"))
    is_caution = pl.col("disposal").is_in(["youth_caution", "adult_caution"])
    return rows.with_columns(disposal=pl.when(is_caution).then(caution).otherwise("disposal"))


def _searches(random: Random, lives: Lives, suspects: pl.DataFrame) -> pl.DataFrame:
    rows = suspects.filter(pl.Series(random.random(suspects.height) < _SEARCHES)).select("who", "recorded")
    size = rows.height
    rows = rows.with_columns(day=pl.Series(rows["recorded"].to_numpy() + days(random, 60, size)))
    rows = lives.placed(rows.filter(pl.col("day") <= WINDOW_END)).sort("day", "who", "recorded")
    size = rows.height
    sought = choose(random, _OBJECTS, size)
    outcome = choose(random, _SEARCH_OUTCOMES, size)
    age: Ints = lives.age(rows["who"].to_numpy(), rows["day"].to_numpy())
    return rows.with_columns(
        age=pl.Series(age),
        search_type=choose(random, {"Person search": 78, "Person and Vehicle search": 22}, size),
        operation=pl.Series(random.random(size) < 0.06),
        sought=sought,
        power=choose_by(random, _POWERS, sought),
        outcome=outcome,
        linked=pl.Series(random.random(size) < 0.85) & (outcome != "A no further action disposal"),
        more_clothing=pl.Series(random.random(size) < 0.03),
        minute=pl.Series(random.integers(0, 1440, size)),
    )
