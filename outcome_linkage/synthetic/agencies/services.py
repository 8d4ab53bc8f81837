"""What an invented voluntary organisation does: services after adversity, contacts, scores, treatment.

Children come after an adversity or a protection plan, victims and parents after domestic abuse, and adults
with several needs to the coordinated service (see `disadvantage`). Shares are invented; what support does to
scores stands in `planted`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.organisations import TEAMS_OF_A_SERVICE
from outcome_linkage.synthetic.places import AUTHORITIES
from outcome_linkage.synthetic.randomness import Ints, Random
from outcome_linkage.synthetic.recording import choose, choose_by, days
from outcome_linkage.synthetic.window import ADULT, NEVER, OUTSIDE, WINDOW_END, WINDOW_START, YEAR

# What happened: the service, and the share of first events that brings a referral to it.
_REFERRED: Final[Mapping[str, tuple[str, float]]] = {
    "neglect": ("therapeutic_support", 0.20),
    "physical_abuse": ("therapeutic_support", 0.34),
    "emotional_abuse": ("therapeutic_support", 0.30),
    "sexual_abuse": ("sexual_violence_support", 0.35),
    "exploitation": ("exploitation_support", 0.35),
    "community_violence": ("violence_reduction", 0.14),
    "parental_separation": ("parenting_programme", 0.05),
    "domestic_abuse": ("domestic_abuse_support", 0.20),
}
_AFTER_PLAN: Final = 0.35
"""Share of first plans of protection that brings a referral to therapeutic support."""
_OF_PARENTS: Final = ("parenting_programme", "domestic_abuse_support")
_SOURCES: Final[Mapping[str, Mapping[str, float]]] = {
    "therapeutic_support": {
        "childrens_social_care": 46,
        "school": 26,
        "gp": 8,
        "mental_health": 12,
        "family": 8,
    },
    "sexual_violence_support": {
        "police": 34,
        "childrens_social_care": 22,
        "self": 22,
        "school": 12,
        "gp": 10,
    },
    "exploitation_support": {"police": 36, "childrens_social_care": 44, "school": 20},
    "violence_reduction": {"hospital": 52, "police": 34, "school": 14},
    "parenting_programme": {"early_help": 44, "self": 30, "school": 26},
    "domestic_abuse_support": {"police": 48, "self": 26, "childrens_social_care": 14, "gp": 12},
    "multiple_disadvantage": {
        "housing": 34,
        "probation": 22,
        "mental_health": 18,
        "hospital": 14,
        "voluntary": 12,
    },
}
_TURNED_DOWN, _NEVER_CAME = 0.14, 0.10
_ENDS: Final = {"completed": 48, "goals_met": 14, "dropped_out": 18, "lost_contact": 10, "transferred": 10}
_LASTS: Final = {"multiple_disadvantage": 330, "therapeutic_support": 190}
_USUALLY: Final = 120
_CONTACT_EVERY, _MOST_CONTACTS = 12, 60
_HELD: Final = {"face_to_face": 58, "telephone": 18, "home_visit": 8, "video": 6, "group": 6, "text": 4}


@dataclass(frozen=True)
class ServiceEpisodes:
    """episodes: n, who, service, source, referred, accepted, started, ended (NEVER while not), end_reason,
    team. contacts: c, n, who, day, kind, minutes, attended."""

    episodes: pl.DataFrame
    contacts: pl.DataFrame

    def known(self) -> pl.DataFrame:
        """Who is known, and since which day: who, known."""
        return self.episodes.group_by("who").agg(pl.col("referred").min().alias("known")).sort("who")


def service_episodes(lives: Lives, needs: Disadvantage, plans: pl.DataFrame) -> ServiceEpisodes:
    """Everyone of a block whom the organisation's services know. `plans` of protection: who, start."""
    random = lives.block.random("voluntary services")
    came = [_after_adversity(random, lives), _after_plan(random, lives, plans), _coordinated(random, needs)]
    asked = _in_region(lives, pl.concat(came))
    episodes = _course(random, lives, asked.sort("day", "who", "service")).with_row_index("n")
    return ServiceEpisodes(episodes, _contacts(random, episodes))


def _in_region(lives: Lives, rows: pl.DataFrame) -> pl.DataFrame:
    rows = lives.placed(rows.filter(pl.col("day").is_between(WINDOW_START, WINDOW_END - 1)))
    outside = lives.authority(rows["dwelling"].to_numpy()) == AUTHORITIES.index(OUTSIDE)
    return rows.filter(~pl.Series(outside))


def _after_adversity(random: Random, lives: Lives) -> pl.DataFrame:
    """Referrals after the first event of an adversity: who, day, service, started (NEVER: not settled
    yet)."""
    parts = []
    for kind, (service, share) in _REFERRED.items():
        first = lives.onset[kind]
        child = np.flatnonzero(first < NEVER)
        chosen = child[random.random(len(child)) < share]
        who = _parent(lives, chosen) if service in _OF_PARENTS else chosen
        day = first[chosen] + 10 + days(random, 40, len(chosen))
        fits = (who >= 0) & ((lives.age(np.maximum(who, 0), day) >= 4) | np.isin(service, _OF_PARENTS))
        rows = pl.DataFrame({"who": who[fits], "day": day[fits]}).unique(
            "who", keep="first", maintain_order=True
        )
        parts.append(rows.with_columns(service=pl.lit(service), started=pl.lit(NEVER, pl.Int64)))
    return pl.concat(parts)


def _after_plan(random: Random, lives: Lives, plans: pl.DataFrame) -> pl.DataFrame:
    """Referrals of children by their social worker, some weeks after their first plan began."""
    first = plans.group_by("who").agg(pl.col("start").min()).sort("who")
    chosen = first.filter(pl.Series(random.random(first.height) < _AFTER_PLAN))
    who, start = chosen["who"].to_numpy(), chosen["start"].to_numpy()
    day = start + 5 + days(random, 25, len(who))
    fits = lives.age(who, day) >= 4
    rows = pl.DataFrame({"who": who[fits], "day": day[fits]}, schema={"who": pl.Int64, "day": pl.Int64})
    return rows.with_columns(service=pl.lit("therapeutic_support"), started=pl.lit(NEVER, pl.Int64))


def _parent(lives: Lives, child: Ints) -> Ints:
    mother, father = lives.column("mother")[child], lives.column("father")[child]
    return np.where(mother >= 0, mother, father)


def _coordinated(random: Random, needs: Disadvantage) -> pl.DataFrame:
    """Those whom the coordinated service takes on, on the day on which it does, and some whom it never
    reaches."""
    served = needs.served.filter(pl.col("started") < NEVER)
    before = served["started"].to_numpy() - 7 - days(random, 15, served.height)
    day = np.maximum(before, served["many"].to_numpy())
    return served.select(
        "who", day=pl.Series(day), service=pl.lit("multiple_disadvantage"), started="started"
    )


def _course(random: Random, lives: Lives, asked: pl.DataFrame) -> pl.DataFrame:
    size, settled = asked.height, (asked["started"] < NEVER).to_numpy()
    referred = asked["day"].to_numpy()
    down = (random.random(size) < _TURNED_DOWN) & ~settled
    absent = (random.random(size) < _NEVER_CAME) & ~settled & ~down
    accepted = referred + 1 + days(random, 9, size)
    accepted = np.where(settled, np.minimum(accepted, asked["started"].to_numpy()), accepted)
    started = np.where(settled, asked["started"].to_numpy(), accepted + 3 + days(random, 25, size))
    lasts = asked["service"].replace_strict(_LASTS, default=_USUALLY, return_dtype=pl.Int64).to_numpy()
    ended = started + 14 + np.floor(random.exponential(1.0, size) * lasts).astype(np.int64)
    ended = np.where(down, referred + 4, np.where(absent, accepted + 30, ended))
    death = lives.column("death")[asked["who"].to_numpy()]
    died = death <= ended
    usual = choose(random, _ENDS, size).to_numpy()
    reason = np.where(died, "died", np.where(down, "not_accepted", np.where(absent, "declined", usual)))
    gone = down | (accepted > death)
    rows = asked.select("who", "service", referred="day").with_columns(
        source=choose_by(random, _SOURCES, asked["service"]),
        accepted=pl.Series(np.where(gone, NEVER, accepted)),
        started=pl.Series(np.where(gone | absent | (started > death), NEVER, started)),
        ended=pl.Series(np.minimum(ended, death)),
        end_reason=pl.Series(reason.astype(str)),
        team=pl.Series(1 + lives.residences.area(asked["dwelling"].to_numpy()) % TEAMS_OF_A_SERVICE),
    )
    return rows.filter(pl.Series(death > referred))


def _contacts(random: Random, episodes: pl.DataFrame) -> pl.DataFrame:
    """Contacts from the start to the end, none after the window."""
    rows = episodes.filter(pl.col("started") <= WINDOW_END)
    last = np.minimum(rows["ended"].to_numpy(), WINDOW_END)
    length = last - rows["started"].to_numpy() + 1
    number = np.minimum(1 + random.poisson(length / _CONTACT_EVERY), _MOST_CONTACTS)
    row = np.repeat(np.arange(rows.height), number)
    first = (
        np.flatnonzero(row != np.roll(row, 1))
        if rows.height > 1
        else np.zeros(min(len(row), 1), dtype=np.int64)
    )
    within = (random.random(len(row)) * length[row]).astype(np.int64)
    within[first] = 0
    found = rows[row].select("n", "who", day=pl.col("started") + pl.Series(within)).sort("n", "day")
    size = found.height
    came = (random.random(size) < 0.84) | found["n"].is_first_distinct().to_numpy()
    return found.with_columns(
        kind=choose(random, _HELD, size),
        minutes=pl.Series(10 + 5 * random.integers(0, 20, size)),
        attended=pl.Series(came),
    ).with_row_index("c")


def grown(lives: Lives, rows: pl.DataFrame, day: str) -> np.ndarray:
    """Whether who is in each row is an adult on the day in a column."""
    return lives.column("birth")[rows["who"].to_numpy()] + int(ADULT * YEAR) <= rows[day].to_numpy()
