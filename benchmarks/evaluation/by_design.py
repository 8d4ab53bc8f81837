"""Studies whose arms the product makes: matched, cloned, changing. Its own steps and answers, from day 0 on.

What people are on day 0, and what became of them, is put into the working tables that the engine would have
made; matching (`make_match`), the weights of clones (`make_weights`) and every estimate (`cohort_answers`)
are the product's, asked as a study asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks.evaluation import generators as made
from benchmarks.evaluation.starting import GRACE, NEVER, Starters, in_time, months, starters
from outcome_linkage.evaluation.answers.cohorts import cohort_answers
from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.engine.clones import make_weights
from outcome_linkage.evaluation.engine.match import make_match
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.shape import shaped
from outcome_linkage.evaluation.spec.evaluation import Evaluation

Found = Mapping[str, Estimate]
DAY_0 = "2021-01-01"
STARTED = {"concept": "therapy_started", "source": "service_episodes", "window": [0, GRACE]}
MEASURED = {"concept": "score", "source": "service_episodes", "window": [-365, 0]}


def study(kinds: Mapping[str, str], **changes: Any) -> Evaluation:
    """A study of outcomes of these kinds, one covariate `x`, support or not; weights are not cut."""
    happened = {"concept": "emergency_attendance", "source": "ecds_attendances"}
    found = shaped(
        {
            "schema_version": 1,
            "id": "coverage",
            "title": "Coverage",
            "version": "0.1.0",
            "governance": {"purpose": "benchmark", "data_agreements": ["INVENTED-1"]},
            "study_period": {"start": "2020-04-01", "end": "2024-03-31"},
            "sources": {"use": ["service_episodes", "ecds_attendances"]},
            "design": {"type": "cohort"},
            "index": {"date": DAY_0},
            "arms": [
                {"id": made.A, "label": "Support", "when": {"event": STARTED}},
                {"id": made.B, "label": "Usual care", "when": "otherwise"},
            ],
            "assignment": {"strategy": "at_index"},
            "followup": {"start_days": 1, "horizon_days": made.HORIZON},
            "covariates": [{"id": "x", "kind": "latest", "event": MEASURED}],
            "outcomes": [
                {
                    "id": name,
                    "role": "secondary",
                    "kind": kind,
                    "event": happened,
                    "window": [1, made.HORIZON],
                }
                for name, kind in kinds.items()
            ],
            "estimates": {"truncate_weights_at": 1.0},
            **changes,
        }
    )
    assert isinstance(found, Evaluation), found
    return found


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """Where working tables are put."""
    return duckdb.connect(config={"threads": 1})


def _answered(of: Evaluation) -> Found:
    return {f"{one.outcome} {one.scale}": one for one in cohort_answers(connection(), of, "main")}


CHANGING = study({"events": "count", "first": "time_to_event"}, assignment={"strategy": "time_varying"})


def changing(random: np.random.Generator, effect: float, size: int = 1000) -> Found:
    """Exposure that begins on some day: `ev_period` in, rate ratios out."""
    of = starters(random, size, 250)
    table = months(random, of, effect).frame(of.x)
    put(connection(), "ev_period", table)
    put(connection(), "ev_person", table.select("person_key", "trial_no"))
    return _answered(CHANGING)


@cache
def changing_truth(effect: float, chunks: int, size: int) -> Mapping[str, float]:
    """Events on exposed days of so many people, with what exposure took away and without it.

    Of a first event, those of people who have not had one; pieces of time are in order.
    """
    sums = np.zeros(4)
    for chunk in range(chunks):
        random = np.random.default_rng([2_032, chunk])
        of = months(random, starters(random, size, 250), effect)
        order = np.lexsort((of.exposed, of.month, of.person))
        total = np.cumsum(of.first[order]) - of.first[order]
        begins = np.searchsorted(of.person[order], of.person[order])
        free = np.empty(len(order), dtype=bool)
        free[order] = total == total[begins]
        exposed = of.exposed == 1
        parts = [(of.events, exposed), (of.events_without, exposed)]
        parts += [(of.first, exposed & free), (of.first_without, exposed & free)]
        sums += [values[here].sum() for values, here in parts]
    return {"events irr": sums[0] / sums[1], "first irr": sums[2] / sums[3]}


KINDS = {"risk": "binary", "rate": "count", "mean": "continuous", "horizon": "time_to_event"}
COLUMNS = {
    "o_events": "o_rate",
    "o_events_pt": "o_rate_pt",
    "o_time_t": "o_horizon_t",
    "o_time_d": "o_horizon_d",
}
FEW_TREATED = -1.8
"""Log odds of arm a where `x` is 0: there are others for nearly everybody in it."""
ELIGIBLE = pl.DataFrame({"trial_no": 1, "assignment_weight": 1.0})
_PERSON = "create or replace temp table ev_person as select person_id as person_key, * from study_member"


def pairing(replacement: bool, ratio: int) -> Evaluation:
    """Whoever is supported with so many others whose `x` is at most 0.2 from theirs."""
    return study(
        KINDS,
        design={"type": "matched_cohort"},
        question={"estimand": "att"},
        match={"caliper": {"x": 0.2}, "replacement": replacement, "ratio": ratio, "seed": 5},
    )


PAIRS, SHARED = pairing(False, 1), pairing(True, 2)


def paired(random: np.random.Generator, effect: float) -> Found:
    """Each with another one, who is nobody else's."""
    return _matched(random, effect, PAIRS)


def shared(random: np.random.Generator, effect: float) -> Found:
    """Each with the two nearest, who may be others' too."""
    return _matched(random, effect, SHARED)


def _matched(random: np.random.Generator, effect: float, of: Evaluation, size: int = 1500) -> Found:
    """People on day 0 in, sets and estimates out."""
    people = made.people(random, size, effect)
    treated = made.assigned(random, people.x, True, FEW_TREATED)
    seen = made.observed(random, people, treated, False).rename(COLUMNS)
    eligible = seen.join(ELIGIBLE, how="cross").rename({"person_key": "person_id"})
    eligible = eligible.with_columns(cluster_key="person_id").with_row_index("candidate_id")
    put(connection(), "study_eligible", eligible)
    put(connection(), "cov_wide", eligible.select("candidate_id", "x_x"))
    make_match(connection(), of)
    connection().execute(_PERSON)
    return _answered(of)


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
    return _answered(CLONED)


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
def cloned_truth(effect: float, size: int) -> Mapping[str, float]:
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
