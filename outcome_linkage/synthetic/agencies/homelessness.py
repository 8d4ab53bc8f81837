"""What councils record of homelessness: cases of households, the duties owed to them, and who is in them.

Who becomes homeless when stands in `disadvantage`. Weights are invented, near published tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.recording import choose, choose_by, days
from outcome_linkage.synthetic.window import ADULT, LOCAL_AUTHORITIES, NEVER, YEAR

_LOSS: Final[Mapping[str, Mapping[str, float]]] = {
    "abused": {"domestic abuse": 70, "non-violent relationship breakdown": 30},
    "others": {
        "family or friends no longer willing or able to accommodate": 34,
        "end of private rented tenancy - AST": 26,
        "non-violent relationship breakdown": 9,
        "end of social rented tenancy": 6,
        "eviction from supported housing": 6,
        "left institution with no accommodation": 6,
        "other violence or harassment": 4,
        "other / not known": 9,
    },
}
_PREVENTED: Final = 0.45  # cases that begin with the duty to prevent
_ENDS: Final[Mapping[str, Mapping[str, float]]] = {
    "prevention": {
        "secured accommodation 6+ months": 54, "homeless (incl. intentionally)": 22, "contact lost": 9,
        "56 days or more, no further action": 7, "withdrew or deceased": 8,
    },
    "relief": {
        "secured accommodation 6+ months": 36, "56 days elapsed": 42, "contact lost": 12,
        "withdrew or deceased": 7, "refused final offer": 3,
    },
    "main": {"accepted offer of housing": 78, "ceased to occupy": 10, "became intentionally homeless": 6,
             "refused offer of housing": 6},
}  # fmt: skip
_GOES_ON: Final = {"prevention": "homeless (incl. intentionally)", "relief": "56 days elapsed"}
_MAIN: Final = {True: 0.9, False: 0.35}  # owed the main duty, with and without children
_LASTS: Final = {"prevention": 40, "relief": 56, "main": 260}
_HOUSED: Final = {
    "bed and breakfast": 24, "nightly paid, self-contained": 22, "hostel or refuge": 28,
    "private rented, leased": 12, "council or housing association": 14,
}  # fmt: skip
_SUPPORT: Final = {
    "mental_health": ("history of mental health problems", 0.8),
    "offending": ("offending history", 0.7),
    "substance_misuse": ("drug dependency", 0.6),
    "domestic_abuse": ("at risk of / experienced domestic abuse", 0.8),
}


@dataclass(frozen=True)
class HomelessRecords:
    """cases: case, who (who applies), supplier, day, kind of household and reason. duties: case, duty,
    start, end (NEVER), end_reason, housed and when. people: case, who, role. needs: case, support need."""

    cases: pl.DataFrame
    duties: pl.DataFrame
    people: pl.DataFrame
    needs: pl.DataFrame

    def of(self, supplier: str) -> HomelessRecords:
        """Those of one council."""
        own = self.cases.filter(pl.col("supplier") == supplier)
        parts = (
            table.join(own.select("case"), on="case", how="semi", maintain_order="left")
            for table in (self.duties, self.people, self.needs)
        )
        return HomelessRecords(own, *parts)


def homeless_records(lives: Lives, needs: Disadvantage) -> HomelessRecords:
    """Everything that councils record of the homeless households of a block."""
    random = lives.block.random("homelessness records")
    placed = lives.placed(needs.homeless.sort("day", "who"))
    authority = lives.authority(placed["dwelling"].to_numpy())
    cases = placed.with_columns(supplier=pl.Series(list(LOCAL_AUTHORITIES)).gather(np.clip(authority, 0, 2)))
    cases = cases.filter(pl.Series(authority < len(LOCAL_AUTHORITIES))).with_row_index("case")
    people = _people(lives, cases)
    size = cases.height
    abused = needs.since["domestic_abuse"][cases["who"].to_numpy()] < cases["day"].to_numpy()
    why = choose_by(
        random, _LOSS, pl.Series(np.where(abused, "abused", "others").astype(str), dtype=pl.String)
    )
    kinds = _kinds(cases, people)
    cases = cases.with_columns(
        assessed=pl.col("day") + pl.Series(days(random, 6, size)), loss_reason=why, household_type=kinds
    )
    return HomelessRecords(cases, _duties(random, cases), people, _support(random, lives, cases, needs))


def _people(lives: Lives, cases: pl.DataFrame) -> pl.DataFrame:
    """Who applies, and who of the household lives with them then."""
    household = lives.people["household"].gather(cases["who"])
    members = lives.people.select(person="who", household="household", role="role")
    rows = cases.select("case", "who", "day", "dwelling", household=household).join(
        members, on="household", maintain_order="left_right"
    )
    there = (
        lives.residences.on(rows["person"].to_numpy(), rows["day"].to_numpy()) == rows["dwelling"].to_numpy()
    )
    age = lives.age(rows["person"].to_numpy(), rows["day"].to_numpy())
    role = (
        pl.when(pl.col("person") == pl.col("who"))
        .then(pl.lit("main_applicant"))
        .when(pl.Series(age) < ADULT)
        .then(pl.lit("child"))
        .when(pl.col("role").is_in([0, 1]))
        .then(pl.lit("partner"))
        .otherwise(pl.lit("other_adult"))
    )
    rows = rows.with_columns(place=role).filter(pl.Series(there))
    return rows.select("case", "day", who="person", role="place")


def _kinds(cases: pl.DataFrame, people: pl.DataFrame) -> pl.Series:
    counts = people.group_by("case").agg(
        (pl.col("role") == "child").any().alias("children"), (pl.col("role") != "child").sum().alias("adults")
    )
    rows = cases.select("case").join(counts, on="case", how="left", maintain_order="left")
    kind = (
        pl.when(pl.col("adults") > 2)
        .then(pl.lit("three or more adults"))
        .when((pl.col("adults") == 2) & pl.col("children"))
        .then(pl.lit("couple with children"))
        .when(pl.col("adults") == 2)
        .then(pl.lit("couple without children"))
        .when(pl.col("children"))
        .then(pl.lit("single parent"))
        .otherwise(pl.lit("single adult"))
    )
    return rows.select(kind.alias("kind")).to_series()


def _duties(random: Random, cases: pl.DataFrame) -> pl.DataFrame:
    """One duty after another: to prevent, to relieve, and the main one to those in priority need."""
    prevented = random.random(cases.height) < _PREVENTED
    rows = cases.select("case", "household_type", start="assessed")
    first = _duty(random, rows.filter(pl.Series(prevented)), "prevention")
    onward = _next(first, "prevention")
    relieved = pl.concat([rows.filter(~pl.Series(prevented)), onward]).sort("case")
    second = _duty(random, relieved, "relief")
    with_children = _next(second, "relief")
    owed = with_children["household_type"].is_in(["single parent", "couple with children"])
    chance = np.where(owed.to_numpy(), _MAIN[True], _MAIN[False])
    third = _duty(random, with_children.filter(pl.Series(random.random(len(owed)) < chance)), "main")
    return pl.concat([first, second, third]).sort("case", "start")


def _duty(random: Random, rows: pl.DataFrame, duty: str) -> pl.DataFrame:
    size = rows.height
    housed = (random.random(size) < 0.55) if duty != "prevention" else np.zeros(size, dtype=bool)
    end = rows["start"].to_numpy() + 5 + days(random, _LASTS[duty], size)
    when = pl.when(pl.Series(housed))
    return rows.with_columns(
        duty=pl.lit(duty),
        end=pl.Series(end),
        end_reason=choose(random, _ENDS[duty], size),
        housed=when.then(choose(random, _HOUSED, size)),
        housed_from=when.then(pl.col("start") + 1),
        housed_to=when.then(pl.Series(end)),
    )


def _next(duties: pl.DataFrame, duty: str) -> pl.DataFrame:
    """The cases that go on from this duty to the next: case, household_type, start."""
    on = duties.filter(pl.col("end_reason") == _GOES_ON[duty])
    return on.select("case", "household_type", start=pl.col("end") + 1)


def _support(random: Random, lives: Lives, cases: pl.DataFrame, needs: Disadvantage) -> pl.DataFrame:
    """Support needs of a household: those of who applies, and what age and care bring."""
    who, day = cases["who"].to_numpy(), cases["day"].to_numpy()
    age = lives.age(who, day)
    told = {
        text: (needs.since[need][who] < day) & (random.random(len(who)) < share)
        for need, (text, share) in _SUPPORT.items()
    }
    left_care = (lives.column("care_to")[who] < NEVER) & (
        lives.column("care_to")[who] - lives.column("birth")[who] > 16 * YEAR
    )
    told["young person aged 18-25"] = age <= 25
    told["care leaver 18-20"] = left_care & (age < 21)
    told["care leaver 21-24"] = left_care & (age >= 21) & (age < 25)
    told["old age"] = age >= 70
    told["physical ill health and disability"] = random.random(len(who)) < 0.18
    told["difficulties budgeting"] = random.random(len(who)) < 0.08
    parts = [cases.filter(pl.Series(flag)).select("case", need=pl.lit(text)) for text, flag in told.items()]
    return pl.concat(parts).sort("case", "need")
