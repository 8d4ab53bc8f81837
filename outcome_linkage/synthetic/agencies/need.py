"""What children's social care records of children in need: referrals, assessments and their factors, plans.

A case is one referral and what follows until it is closed. Days are integers, NEVER while open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies import concerns
from outcome_linkage.synthetic.agencies.protection import (
    closed_for,
    enquiries,
    need_plans,
    on_a_working_day,
    plan_reviews,
    with_nothing_found,
)
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.recording import choose, choose_by, days, recorded
from outcome_linkage.synthetic.window import ADULT, LOCAL_AUTHORITIES, NEVER, WINDOW_START, YEAR

_SAME_CASE: Final = 150
_BEFORE_BIRTH: Final = ("parental_substance_misuse", "domestic_abuse", "neglect")
_UNBORN: Final = 0.3


@dataclass(frozen=True)
class NeedRecords:
    """cases: case, who, supplier, referral, closure and what the referral says. assessments: case, started,
    authorised. factors: case, factor. plans (of protection): case, start, end, categories, previous.
    enquiries: case, started, conference. need_plans: case, start, end. reviews: case, start, day."""

    cases: pl.DataFrame
    assessments: pl.DataFrame
    factors: pl.DataFrame
    plans: pl.DataFrame
    enquiries: pl.DataFrame
    need_plans: pl.DataFrame
    reviews: pl.DataFrame

    def of(self, supplier: str) -> NeedRecords:
        """Those of the cases of one council."""
        return replace(self, cases=self.cases.filter(pl.col("supplier") == supplier))

    def known(self) -> pl.DataFrame:
        """Who is known to which council since when: who, supplier, known."""
        return self.cases.group_by("who", "supplier").agg(pl.col("referral").min().alias("known"))

    def protected(self) -> pl.DataFrame:
        """Plans of protection of each child: who, start."""
        return self.plans.join(self.cases, on="case", maintain_order="left").select("who", "start")


def need_records(lives: Lives) -> NeedRecords:
    """Every case of a block's children that began in the window."""
    random = lives.block.random("children in need")
    contacts = _contacts(random, lives)
    cases = _cases(random, lives, contacts)
    reasons = contacts.select("case", "kind").unique(maintain_order=True).sort("case", "kind")
    plans = _plans(random, cases, reasons)
    cases = _closed(random, lives, cases, plans)
    plans = _within(cases, plans)
    assessments = _assessments(random, cases, plans)
    factors = _factors(random, cases, reasons)
    cases, factors = with_nothing_found(closed_for(cases, assessments, plans), factors)
    more = lives.block.random("protection")
    first = assessments.unique("case", keep="first", maintain_order=True)
    return NeedRecords(
        cases,
        assessments,
        factors,
        plans,
        enquiries(more, cases, plans, first),
        need_plans(more, cases, plans, first),
        plan_reviews(more, plans),
    )


def _contacts(random: Random, lives: Lives) -> pl.DataFrame:
    """What a council hears of a child under 18 living in it: case, who, day, kind, authority.

    A contact within 150 days of the one before belongs to the same case.
    """
    heard = recorded(random, lives, "referral").select("who", "day", "kind", "dwelling")
    own = lives.events(concerns.BACKGROUND, "looked_after").filter(pl.col("day") >= WINDOW_START)
    into_care = pl.col("kind") == "looked_after"  # the referral comes before the child leaves home
    own = own.with_columns(day=pl.when(into_care).then(pl.col("day") - 20).otherwise("day"))
    unborn = _before_birth(random, lives).select(heard.columns)
    rows = pl.concat([heard, lives.placed(own).select(heard.columns), unborn])
    age = lives.age(rows["who"].to_numpy(), rows["day"].to_numpy())
    authority = lives.authority(rows["dwelling"].to_numpy())
    council = (age < ADULT) & (authority < len(LOCAL_AUTHORITIES))
    rows = rows.with_columns(authority=pl.Series(authority)).filter(pl.Series(council))
    rows = rows.sort("who", "authority", "day", "kind")
    gap = pl.col("day").diff().over("who", "authority").fill_null(_SAME_CASE + 1)
    return rows.with_columns(case=(gap > _SAME_CASE).cum_sum().cast(pl.Int64))


def _before_birth(random: Random, lives: Lives) -> pl.DataFrame:
    """Referrals of unborn children, where a family's trouble is older than the child: who, day, kind, and
    dwelling (the mother's)."""
    birth, mother = lives.column("birth"), lives.column("mother")
    parts = []
    for kind in _BEFORE_BIRTH:
        worried = (lives.onset[kind] == birth) & (mother >= 0) & (birth > WINDOW_START + 150)
        who = np.flatnonzero(worried & (random.random(len(birth)) < _UNBORN))
        day = birth[who] - random.integers(20, 120, len(who))
        dwelling = lives.residences.on(mother[who], day)
        found = pl.DataFrame({"who": who, "day": day, "dwelling": dwelling})
        parts.append(found.with_columns(kind=pl.lit(kind)))
    return pl.concat(parts).filter(pl.col("dwelling") >= 0)


def _cases(random: Random, lives: Lives, contacts: pl.DataFrame) -> pl.DataFrame:
    abuse = pl.col("kind").is_in(concerns.ABUSE)
    cases = contacts.group_by("case", maintain_order=True).agg(
        pl.col("who").first(),
        pl.col("authority").first(),
        pl.col("day").first().alias("referral"),
        pl.col("day").last().alias("last"),
        abuse.any().alias("abuse"),
        (pl.col("kind") == "looked_after").any().alias("into_care"),
        pl.len().alias("contacts"),
    )
    size = cases.height
    group = pl.Series(np.where(cases["abuse"], "abuse", "other"), dtype=pl.String)
    light = (cases["contacts"] == 1) & ~cases["into_care"]
    chance = np.where(cases["abuse"], 0.12, 0.30)
    return cases.with_columns(
        supplier=pl.Series(list(LOCAL_AUTHORITIES)).gather(cases["authority"]),
        nfa=light & pl.Series(random.random(size) < chance),
        source=choose_by(random, concerns.SOURCES, group),
        need=choose_by(random, concerns.NEEDS, group),
    )


def _plans(random: Random, cases: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    """Protection plans: at most one a case, in the category of the gravest maltreatment, or several (MUL)."""
    order = {kind: n for n, kind in enumerate(concerns.PLANS)}
    chance = {kind: chance for kind, (chance, _) in concerns.PLANS.items()}
    category = {kind: category for kind, (_, category) in concerns.PLANS.items()}
    grave = reasons.filter(pl.col("kind").is_in(list(concerns.PLANS))).with_columns(
        rank=pl.col("kind").replace_strict(order, return_dtype=pl.Int64),
        chance=pl.col("kind").replace_strict(chance, return_dtype=pl.Float64),
    )
    grave = grave.filter(pl.Series(random.random(grave.height)) < grave["chance"])
    plans = (
        grave.sort("case", "rank")
        .group_by("case", maintain_order=True)
        .agg(pl.col("kind").first(), pl.len().alias("kinds"))
    )
    plans = plans.join(
        cases.filter(~pl.col("nfa")).select("case", "who", "referral"), on="case", maintain_order="left"
    )
    size = plans.height
    start = on_a_working_day(plans["referral"].to_numpy() + random.integers(22, 45, size))
    several = (plans["kinds"] > 1) & pl.Series(random.random(size) < 0.25)
    initial = (
        pl.when(several)
        .then(pl.lit("MUL"))
        .otherwise(pl.col("kind").replace_strict(category, return_dtype=pl.String))
    )
    plans = plans.with_columns(
        start=pl.Series(start),
        end=pl.Series(start + 90 + random.gamma(2, 110, size).astype(np.int64)),
        initial=initial,
    ).sort("who", "start")
    changed = pl.Series(random.random(size) < 0.1)
    return plans.with_columns(
        latest=pl.when(changed).then(pl.lit("NEG")).otherwise("initial"),
        previous=pl.int_range(pl.len()).over("who"),
    ).select("case", "start", "end", "initial", "latest", "previous")


def _closed(random: Random, lives: Lives, cases: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """When and why each case closes: before the next one, at 18, at death, and not before a plan ends."""
    size = cases.height
    who = cases["who"].to_numpy()
    rest = np.where(cases["nfa"], days(random, 5, size), 20 + days(random, 120, size))
    ended = cases.join(plans.select("case", "end"), on="case", how="left", maintain_order="left")["end"]
    closure = np.maximum(cases["last"].to_numpy() + 1 + rest, ended.fill_null(0).to_numpy() + 30)
    in_care = cases["into_care"].to_numpy()
    closure = np.where(in_care, np.maximum(closure, lives.column("care_to")[who] + 14), closure)
    adult = lives.column("birth")[who] + int(ADULT * YEAR)
    following = cases.select(pl.col("referral").shift(-1).over("who", "authority").fill_null(NEVER))
    closure = np.minimum(np.minimum(closure, adult), following.to_series().to_numpy() - 1)
    death = lives.column("death")[who]
    died = death <= closure
    reason = np.where(cases["nfa"], "RC7", choose(random, concerns.CLOSURES, size).to_numpy())
    return cases.with_columns(
        closure=pl.Series(np.where(died, death, closure)),
        reason=pl.Series(np.where(died, "RC2", np.where(closure >= adult, "RC6", reason)).astype(str)),
    )


def _within(cases: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """Plans that begin before their case closes, ending with it at the latest."""
    joined = plans.join(cases.select("case", "closure"), on="case", maintain_order="left")
    return (
        joined.filter(pl.col("start") < pl.col("closure"))
        .with_columns(end=pl.min_horizontal("end", "closure"))
        .drop("closure")
    )


def _assessments(random: Random, cases: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """One assessment a case that goes on, not complete before a conference, and another after half a year in
    some long ones."""
    assessed = cases.filter(~pl.col("nfa"))
    size = assessed.height
    first = assessed.select(
        "case", "closure", started=pl.Series(assessed["referral"].to_numpy() + random.integers(0, 9, size))
    )
    long = assessed.filter(
        (pl.col("closure") - pl.col("referral") > 240) & pl.Series(random.random(size) < 0.4)
    )
    later = long.select("case", "closure", started=pl.col("referral") + 190)
    rows = pl.concat([first, later]).filter(pl.col("started") <= pl.col("closure")).sort("case", "started")
    authorised = rows["started"].to_numpy() + random.integers(8, 62, rows.height)
    rows = rows.join(plans.select("case", met="start"), on="case", how="left", maintain_order="left")
    is_first = pl.col("case").is_first_distinct()
    complete = pl.max_horizontal(pl.Series(authorised), pl.when(is_first).then("met"))
    return rows.with_columns(authorised=pl.min_horizontal(complete, "closure")).drop("closure", "met")


def _factors(random: Random, cases: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    """The factors that the assessments of a case identify; `21`, none, stands alone."""
    table = pl.DataFrame(
        [
            {"kind": kind, "factor": factor, "chance": chance}
            for kind, row in concerns.FACTORS.items()
            for factor, chance in row.items()
        ]
    )
    pairs = reasons.join(table, on="kind", maintain_order="left_right")
    found = pairs.filter(pl.Series(random.random(pairs.height)) < pairs["chance"])
    found = found.select("case", "factor").unique().sort("case", "factor")
    none = cases.select("case").join(found, on="case", how="anti", maintain_order="left")
    return pl.concat([found, none.with_columns(factor=pl.lit("21"))]).sort("case", "factor")


def open_in(cases: pl.DataFrame, start: int, end: int) -> pl.DataFrame:
    """The cases open at any time from `start` to `end`; one that led to nothing only when it was new."""
    begun = pl.when("nfa").then(pl.col("referral") >= start).otherwise(pl.col("closure") >= start)
    return cases.filter((pl.col("referral") <= end) & begun)


def disabilities(lives: Lives) -> pl.Series:
    """The disability of each person in the codes of the census, for most of them NONE."""
    return choose(lives.block.random("disabilities"), concerns.DISABILITIES, lives.people.height)
