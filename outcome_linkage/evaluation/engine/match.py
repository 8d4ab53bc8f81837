"""Matching: each person of the first arm with others like them on day 0, nearest first, ties settled by lot.

Pairs are taken greedily in rounds: every free person of the first arm asks for the nearest free other, and
each other goes to the nearest that asks. Lots come from the seed; the order of rows does not matter.
"""

from __future__ import annotations

import duckdb

from outcome_linkage.evaluation.attributes import ATTRIBUTES
from outcome_linkage.evaluation.engine.step import Step, take
from outcome_linkage.evaluation.spec.cohort import Match
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

_POOL = """
-- one row per eligible person with what they are matched on, and a number that settles ties
select p.candidate_id, p.person_id, p.arm = {first} as is_first, {columns}
    md5('{seed}|' || p.person_id || '|' || p.trial_no || '|' || coalesce(p.arm, '')) as lot
from study_eligible as p
left join cov_wide as x on x.candidate_id = p.candidate_id
{adversity}
"""
_BY_LOT = """
-- without a distance every other of the same kind is as good: they are dealt out by lot
with dealt as (
    select *, row_number() over (partition by {kind}is_first order by lot) - 1 as place from match_pool
)
select a.candidate_id as first_id, b.candidate_id as other_id
from dealt as a
inner join dealt as b on not b.is_first and b.place // {ratio} = a.place {same}
where a.is_first and b.person_id <> a.person_id
"""
_PAIR = """
-- every pair that may be made, numbered from the nearest for each of the first arm; others are looked up by
-- steps of the first caliper, so that only near ones are compared
with steps as (
    select *, cast(floor(m_{by} / {step}) as bigint) as step from match_pool where m_{by} is not null
),
around as (
    select a.*, a.step + d.delta as at_step from steps as a
    cross join (values (-1), (0), (1)) as d (delta)
    where a.is_first
)
select a.candidate_id as first_id, b.candidate_id as other_id,
    row_number() over (
        partition by a.candidate_id order by cast({distance} as double), md5(a.lot || b.lot)
    ) as nearness,
    cast({distance} as double) as distance, md5(a.lot || b.lot) as lot
from around as a
inner join steps as b on not b.is_first and b.step = a.at_step and b.person_id <> a.person_id {same}
where {near}
qualify nearness <= {most}
"""
_ROUND = """
-- each free person of the first arm asks for the nearest free other; of several that ask the nearest is taken
with first_free as (
    select first_id, count(m.first_id) as n from (select distinct first_id from match_pair) as p
    left join match_made as m using (first_id)
    group by first_id having count(m.first_id) < {ratio}
),
asked as (
    select p.* from match_pair as p
    inner join first_free as f on f.first_id = p.first_id
    where not exists (select 1 from match_made as m where m.other_id = p.other_id)
    qualify row_number() over (partition by p.first_id order by p.nearness) = 1
)
select first_id, other_id from asked
qualify row_number() over (partition by other_id order by distance, lot) = 1
"""
_MATCHED = """
-- whoever is matched, with their set; others of a set share the weight of one. The first arm counts once
with sets as (
    select first_id as candidate_id, first_id as set_id, cast(1 as double) as weight, true as is_first
    from match_made group by first_id
    union all
    select other_id, first_id, cast(1 as double) / count(*) over (partition by first_id), false
    from match_made
),
weights as (
    select candidate_id, min(set_id) as set_id, sum(weight) as weight from sets group by candidate_id
)
select p.*, f.person_id || '|' || f.trial_no as match_set, w.weight as match_weight
from study_eligible as p
inner join weights as w on w.candidate_id = p.candidate_id
inner join study_eligible as f on f.candidate_id = w.set_id
"""
MOST = 50
"""Nearest others that are considered for each person of the first arm, for each one that is wanted."""


def make_match(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> None:
    """`study_member`: the matched. Needs the eligible and what is known of them at day 0."""
    match = study.match
    assert match is not None
    take(connection, [_pool(study, match)])
    if match.caliper:
        take(connection, [_pairs(match)])
        _rounds(connection, match)
    else:
        kind = "".join(f"m_{name}, " for name in match.exact)
        by_lot = _BY_LOT.format(kind=kind, ratio=match.ratio, same=_same(match))
        take(connection, [Step("match_made", by_lot)])
    take(connection, [Step("study_member", _MATCHED)])


def _rounds(connection: duckdb.DuckDBPyConnection, match: Match) -> None:
    """`match_made`: rounds until nobody free finds anybody; one is enough where others may be shared."""
    if match.replacement:
        most = f"select first_id, other_id from match_pair where nearness <= {match.ratio}"
        take(connection, [Step("match_made", most)])
        return
    take(connection, [Step("match_made", "select first_id, other_id from match_pair where false")])
    made, before = _count(connection), -1
    while made > before:
        before = made
        connection.execute(f"insert into match_made {_ROUND.format(ratio=match.ratio)}")
        made = _count(connection)


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select count(*) from match_made").fetchone()
    return int(row[0]) if row else 0


def _pool(study: Evaluation, match: Match) -> Step:
    names = list(dict.fromkeys([*match.exact, *match.caliper]))
    columns = "".join(f"{column(study, name)} as m_{name}, " for name in names)
    adversity = "left join adv_score as s on s.candidate_id = p.candidate_id" if study.adversity else ""
    first = literal(study.arms[0].id)
    return Step(
        "match_pool", _POOL.format(first=first, columns=columns, seed=match.seed, adversity=adversity)
    )


def _pairs(match: Match) -> Step:
    by, size = next(iter(match.caliper.items()))
    near = " and ".join(f"abs(a.m_{name} - b.m_{name}) <= {most}" for name, most in match.caliper.items())
    parts = [f"abs(a.m_{name} - b.m_{name}) / {most}" for name, most in match.caliper.items() if most > 0]
    return Step(
        "match_pair",
        _PAIR.format(
            by=by,
            step=size or 1,
            same=_same(match),
            near=near,
            distance=" + ".join(parts) or "0",
            most=MOST * match.ratio,
        ),
    )


def _same(match: Match) -> str:
    return "".join(f"and b.m_{name} is not distinct from a.m_{name} " for name in match.exact)


def column(study: Evaluation, name: str) -> str:
    """Where a characteristic or covariate stands."""
    if name == "a_score_cat":
        return "s.a_score_cat"
    return f"p.{name}" if name in ATTRIBUTES else f"x.x_{name}"
