"""Clones, weighted and estimated as those of a study with `clone_censor_weight` are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import polars as pl

from benchmarks.evaluation import generators as made
from benchmarks.evaluation.by_design import DAY_0, Found, answered, connection, study
from benchmarks.evaluation.starting import GRACE, NEVER, Starters, in_time, starters
from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.engine.clones import make_weights

CLONED = study(
    {"events": "count", "first": "time_to_event"},
    assignment={"strategy": "clone_censor_weight"},
)
_CLONES = """
create or replace temp table ev_person as
select m.person_id as person_key, m.person_id as cluster_key, m.* exclude (person_id), x.x_x,
    e.weight as o_events_w, f.weight as o_first_w
from study_member as m
inner join cov_wide as x on x.candidate_id = m.candidate_id
left join study_weight as e on e.candidate_id = m.candidate_id and e.item = 'events'
left join study_weight as f on f.candidate_id = m.candidate_id and f.item = 'first'
"""


def cloned(random: np.random.Generator, effect: float, size: int = 1000) -> Found:
    """Everybody in both arms until they leave one, weights and estimates out."""
    member = clones_of(random, starters(random, size, 80), effect).with_row_index("candidate_id")
    people = ("candidate_id", "person_id", "trial_no", "arm", "index_date", pl.col("^o_.*$"))
    followed = [_followed(member, number, item) for number, item in ((1, "events"), (2, "first"))]
    times = member.select("candidate_id", item_no=2, item=pl.lit("first"), t="o_first_t", d="o_first_d", e=0)
    put(connection(), "study_member", member.select(*people))
    put(connection(), "study_followup", pl.concat(followed))
    put(connection(), "study_time", times)
    put(connection(), "cov_wide", member.select("candidate_id", "x_x"))
    make_weights(connection(), CLONED)
    connection().execute(_CLONES)
    return answered(CLONED)


def clones_of(random: np.random.Generator, of: Starters, effect: float) -> pl.DataFrame:
    """Two clones of each person, and what was seen of them until they left; who starts does so in time."""
    started, size = of.starts <= GRACE, len(of.x)
    starts = np.where(started, of.starts, NEVER)
    happens, events = of.first(starts, effect), of.events(random, starts, of.leaves, effect)
    keeps = {made.A: np.where(started, NEVER, GRACE), made.B: np.where(started, starts - 1, NEVER)}
    rows = []
    for arm, until in keeps.items():
        last = np.minimum(until, of.leaves)
        columns = {
            "person_id": [f"p{n}" for n in range(size)],
            "x_x": of.x,
            "last_day": last.astype(int),
            "has_left": until < of.leaves,
            "o_events": events.astype(int),
            "o_first_t": np.minimum(happens, last).astype(int),
            "o_first_d": (happens <= last).astype(int),
        }
        rows.append(pl.DataFrame(columns).with_columns(arm=pl.lit(arm)))
    seen = pl.when(pl.col("last_day") > 0)
    return pl.concat(rows).with_columns(
        trial_no=1,
        index_date=pl.lit(DAY_0).str.to_date(),
        o_events_pt="last_day",
        o_first_pt=seen.then("o_first_t").otherwise(0),
        o_first_t=seen.then("o_first_t"),
        o_first_d=seen.then("o_first_d"),
    )


def _followed(member: pl.DataFrame, number: int, item: str) -> pl.DataFrame:
    """`study_followup` of an outcome."""
    left = pl.when("has_left").then(pl.lit("arm_switch")).otherwise(pl.lit("coverage_end"))
    return member.select(
        "candidate_id",
        item_no=number,
        item=pl.lit(item),
        opens=pl.col("index_date") + pl.duration(days=1),
        fu_end=pl.col("index_date") + pl.duration(days="last_day"),
        fu_days="last_day",
        censor_reason=left,
    )


@cache
def truth(effect: float, size: int) -> Mapping[str, float]:
    """What becomes of people who all start in time, and of the same people if none does.

    Until the days of grace are over a first event finds people who have not started yet among those who will:
    they do so on the day after. Events are counted of those who started, from day 1 on.
    """
    random = np.random.default_rng(2_033)
    of, counts, risks, days = starters(random, size, 80), [], [], []
    never = np.full(size, NEVER)
    for starts, begins in ((in_time(random, of), np.minimum(of.starts, GRACE + 1)), (never, never)):
        first = of.first(begins, effect)
        counts.append(of.events(random, starts, of.leaves, effect).sum())
        risks.append((first <= made.HORIZON).mean())
        days.append(np.minimum(first, made.HORIZON).mean())
    return {
        "events irr": counts[0] / counts[1],
        "first rd": risks[0] - risks[1],
        "first rr": risks[0] / risks[1],
        "first rmst_diff": days[0] - days[1],
    }
