"""Adults who face several disadvantages at once, who becomes homeless, and who gets the coordinated service.

Needs come from what happens in a person's life; how often they bring homelessness, and to whom the service
goes, is invented. What the service does stands in `planted`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.hazards import first_days
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.planted import planted
from outcome_linkage.synthetic.randomness import Ints
from outcome_linkage.synthetic.recording import days
from outcome_linkage.synthetic.window import ADULT, NEVER, WINDOW_END, WINDOW_START, YEAR

NEEDS: Final = ("mental_health", "offending", "substance_misuse", "domestic_abuse", "homelessness")
_OWN_MISUSE: Final = 0.004  # a year, from 18 to 60
_HOMELESS: Final = 0.0035  # a year without any need, times this for each need
_EACH: Final = 2.1
_DEPRIVATION: Final = (1.7, 1.25, 0.95, 0.75, 0.55)
_MOST: Final = _HOMELESS * _EACH ** (len(NEEDS) - 1) * max(_DEPRIVATION)
_MANY: Final = 3
_SERVED: Final = 0.4
_WAIT, _STAY = 45, 330  # mean days


@dataclass(frozen=True)
class Disadvantage:
    """`since`: the first day of each need by person (NEVER without). `homeless`: who, day. `served`: who,
    many (the day from which needs are many), started (NEVER: not served), ended."""

    since: dict[str, Ints]
    homeless: pl.DataFrame
    served: pl.DataFrame

    def served_on(self, who: Ints, day: Ints) -> np.ndarray:
        """Whether the service had begun for each `who` before each `day`."""
        return day > self._start(int(who.max(initial=0)))[who]

    def _start(self, last: int) -> Ints:
        start = np.full(max(last, int(self.served["who"].max() or 0)) + 1, NEVER, dtype=np.int64)  # type: ignore[arg-type]
        start[self.served["who"].to_numpy()] = self.served["started"].to_numpy()
        return start


def disadvantage(lives: Lives) -> Disadvantage:
    """The needs of a block's adults and what comes of them."""
    random, size = lives.block.random("disadvantage"), lives.people.height
    since = {
        "mental_health": np.minimum(
            _as_adult(lives, "mh_referral"), _of_parent(lives, "parental_mental_illness", 1)
        ),
        "offending": _as_adult(lives, "police_suspect"),
        "domestic_abuse": _of_parent(lives, "domestic_abuse", 0),
    }
    adult = lives.column("birth") + int(ADULT * YEAR)
    begins = np.maximum(adult, WINDOW_START) + random.exponential(1 / _OWN_MISUSE * YEAR, size).astype(
        np.int64
    )
    own = np.where((begins < WINDOW_END) & (begins < lives.column("birth") + 60 * YEAR), begins, NEVER)
    since["substance_misuse"] = np.minimum(own, _of_parent(lives, "parental_substance_misuse", 2))
    homeless = _homeless(lives, since)
    since["homelessness"] = first_days(homeless, size)
    served = _served(lives, since)
    kept = _after_service(lives, homeless, served)
    return Disadvantage(since, kept, served)


def _as_adult(lives: Lives, kind: str) -> Ints:
    events = lives.events(kind)
    grown = lives.age(events["who"].to_numpy(), events["day"].to_numpy()) >= ADULT
    return first_days(events.filter(pl.Series(grown)), lives.people.height)


def _of_parent(lives: Lives, kind: str, turn: int) -> Ints:
    """The first day of a family's adversity for the parent whose it is: mostly the mother for turn 0, one of
    both by household otherwise."""
    first = lives.people.select("who", "household", "mother", "father", day=pl.Series(lives.onset[kind]))
    first = first.filter(pl.col("day") < NEVER)
    other = (pl.col("household") + turn) % (8 if turn == 0 else 2) == 1
    one = (
        pl.when((other & (pl.col("father") >= 0)) | (pl.col("mother") < 0)).then("father").otherwise("mother")
    )
    found = first.select("day", who=one).filter(pl.col("who") >= 0)
    return first_days(found, lives.people.height)


def _homeless(lives: Lives, since: dict[str, Ints]) -> pl.DataFrame:
    """Days on which adults lose their home, if no service helps: who, day; at most one in half a year."""
    random, size = lives.block.random("homeless"), lives.people.height
    start = np.maximum(lives.column("birth") + int(ADULT * YEAR), WINDOW_START)
    length = np.maximum(WINDOW_END - start, 0)
    who = np.repeat(np.arange(size), random.poisson(length / YEAR * _MOST))
    day = start[who] + (random.random(len(who)) * length[who]).astype(np.int64)
    needs = np.sum([day > first[who] for first in since.values()], axis=0)
    rate = _HOMELESS * _EACH**needs * np.array(_DEPRIVATION)[lives.column("quintile")[who] - 1]
    kept = random.random(len(who)) * _MOST < rate
    found = lives.placed(pl.DataFrame({"who": who[kept], "day": day[kept]}).sort("who", "day"))
    soon = pl.col("day").diff().over("who").fill_null(NEVER) < YEAR / 2
    return found.filter(~soon).select("who", "day")


def _served(lives: Lives, since: dict[str, Ints]) -> pl.DataFrame:
    random = lives.block.random("coordinated service")
    third = np.sort(np.stack(list(since.values())), axis=0)[_MANY - 1]
    who = np.flatnonzero((third < WINDOW_END) & (third >= WINDOW_START))
    many = third[who]
    started = many + 7 + days(random, _WAIT, len(who))
    there = (lives.residences.on(who, started) >= 0) & (random.random(len(who)) < _SERVED)
    started = np.where(there & (started < WINDOW_END), started, NEVER)
    ended = np.minimum(started + 60 + days(random, _STAY, len(who)), lives.column("death")[who])
    return pl.DataFrame({"who": who, "many": many, "started": started, "ended": ended})


def _after_service(lives: Lives, homeless: pl.DataFrame, served: pl.DataFrame) -> pl.DataFrame:
    """The homelessness that is left when the service prevents some."""
    random = lives.block.random("homelessness prevented")
    began = homeless.join(served.select("who", "started"), on="who", how="left", maintain_order="left")
    after = (began["day"] > began["started"]).fill_null(False)
    ratio = planted("multiple_disadvantage", "homelessness case")
    return homeless.filter(~after | pl.Series(random.random(homeless.height) < ratio))
