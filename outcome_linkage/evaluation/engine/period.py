"""`ev_period`: one row per person, trial and period, for change over time. Sums to `ev_person`."""

from __future__ import annotations

from outcome_linkage.evaluation.engine.anew import anew_steps, taken_anew
from outcome_linkage.evaluation.engine.started import unit_of
from outcome_linkage.evaluation.engine.step import Step
from outcome_linkage.evaluation.engine.timeline import changes, timeline_steps, treated
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

_AT_RISK = """
-- days of each period on which each outcome could be seen, within its window and follow-up
select d.candidate_id, d.period, v.item,
    sum(greatest(0, least(d.period_end, v.seen_to, i.interval_to)
        - greatest(d.period_start, v.seen_from, i.interval_from) + 1)) as n_days
from study_period as d
inner join out_value as v on v.candidate_id = d.candidate_id
    and v.seen_from <= d.period_end and v.seen_to >= d.period_start
inner join study_set_interval as i
    on i.person_id = v.person_id and i.source_set = v.source_set and i.worth = 'usable'
    and i.interval_from <= d.period_end and i.interval_to >= d.period_start
group by d.candidate_id, d.period, v.item
"""
_COUNTED = """
-- episodes of each outcome by period, or days of spells; a count has covered days only, as in ev_person
select d.candidate_id, d.period, e.item_no, count(*) as n, count(*) filter (where e.is_covered) as n_covered
from study_period as d
inner join out_episode as e
    on e.candidate_id = d.candidate_id and e.is_kept and e.event_date between d.period_start and d.period_end
inner join out_item as o on o.item_no = e.item_no and o.kind <> 'days'
group by d.candidate_id, d.period, e.item_no
union all
select d.candidate_id, d.period, s.item_no, count(*), sum(
    least(d.period_end, s.spell_to, i.interval_to)
    - greatest(d.period_start, s.spell_from, i.interval_from) + 1
)
from study_period as d
inner join out_spell as s
    on s.candidate_id = d.candidate_id and s.spell_from <= d.period_end and s.spell_to >= d.period_start
inner join study_set_interval as i
    on i.person_id = s.person_id and i.source_set = s.source_set and i.worth = 'usable'
    and i.interval_from <= least(d.period_end, s.spell_to)
    and i.interval_to >= greatest(d.period_start, s.spell_from)
group by d.candidate_id, d.period, s.item_no
"""
_MEASURED = """
-- the last value of each period, or the share over the whole terms in it
select d.candidate_id, d.period, e.item_no,
    coalesce(
        sum(e.value) filter (where e.denominator is not null)
            / nullif(sum(e.denominator) filter (where e.value is not null), 0),
        max_by(e.value, (e.event_date, e.event_id)) filter (where e.denominator is null)
    ) as value
from study_period as d
inner join out_episode as e
    on e.candidate_id = d.candidate_id and e.event_date between d.period_start and d.period_end
    and (e.denominator is null or coalesce(e.end_date, e.event_date) <= d.period_end)
inner join out_item as o on o.item_no = e.item_no and o.kind = 'continuous'
group by d.candidate_id, d.period, e.item_no
"""
_PERIOD = """
select p.person_id as person_key, p.trial_no, v.cluster_key, d.period{whole}, d.period_start, d.period_end,
    strftime(d.period_start, '%Y-%m') as cal_period,
    cast(d.period_start - d.index_date as integer) as tstart,
    cast(d.period_end - d.index_date + 1 as integer) as tstop,
    case when {exposed} then p.arm_later else d.arm end as arm, {exposed} as exposed,
    {first_treated} as first_treated_period, {event_time} as event_time, {post} as post{columns}
from study_period as d
inner join study_member as p on p.candidate_id = d.candidate_id
inner join ev_person as v
    on v.person_key = p.person_id and v.trial_no = p.trial_no and v.arm is not distinct from p.arm
left join period_wide as w on w.candidate_id = d.candidate_id and w.period = d.period
{anew}
"""
_JOIN_ANEW = "left join period_anew as a on a.candidate_id = d.candidate_id and a.period = d.period"
_WIDE = """
-- outcomes side by side: seen or counted, and days at risk; null with status 2 on periods nobody could see
select d.candidate_id, d.period{columns}
from study_period as d
inner join out_value as v on v.candidate_id = d.candidate_id
left join period_at_risk as r on r.candidate_id = d.candidate_id and r.period = d.period and r.item = v.item
left join period_count as c
    on c.candidate_id = d.candidate_id and c.period = d.period and c.item_no = v.item_no
left join period_value as m
    on m.candidate_id = d.candidate_id and m.period = d.period and m.item_no = v.item_no
group by d.candidate_id, d.period
"""


def period_steps(study: Evaluation) -> list[Step]:
    """`ev_period`. Needs `study_member` and the values of outcomes, and `has_periods`."""
    columns = "".join(_columns(outcome.id, outcome.kind) for outcome in study.outcomes)
    return [
        *timeline_steps(study),
        *anew_steps(study),
        Step("period_at_risk", _AT_RISK),
        Step("period_count", _COUNTED),
        Step("period_value", _MEASURED),
        Step("period_wide", _WIDE.format(columns=columns)),
        Step("ev_period", _period(study)),
    ]


def _columns(name: str, kind: str) -> str:
    """Value, status and days at risk of one outcome: a yes counts wherever seen, a no must be earned."""
    mine = f"filter (where v.item = {literal(name)})"
    if kind == "continuous":
        return _measured(name, mine)
    seen, covered = (f"coalesce(max(c.{column}) {mine}, 0)" for column in ("n", "n_covered"))
    days = f"coalesce(max(r.n_days) {mine}, 0)"
    status = f"any_value(v.status) {mine}"
    wanted = "least(d.period_end, v.full_to) - greatest(d.period_start, v.full_from) + 1"
    is_whole = f"{days} >= any_value({wanted}) {mine}"
    is_counted = kind in ("count", "days")
    counted = covered if is_counted else f"cast({seen} > 0 as integer)"
    unearned = "" if is_counted else f" or ({seen} = 0 and not ({is_whole}))"
    blank = f"{status} in (1, 5, 6, 7) or ({days} = 0 and {seen} = 0){unearned}"
    code = (
        f"case when {status} in (1, 5, 6, 7) then {status} when {days} = 0 and {seen} = 0 then 2 "
        f"when {is_whole} then 0 else 3 end"
    )
    return (
        f",\n    cast(case when {blank} then null else {counted} end as integer) as o_{name},"
        f"\n    cast({code} as integer) as o_{name}_st, cast({days} as integer) as o_{name}_pt"
    )


def _measured(name: str, mine: str) -> str:
    """The same of a value: unknown where none was recorded."""
    found, status = f"any_value(m.value) {mine}", f"any_value(v.status) {mine}"
    days = f"coalesce(max(r.n_days) {mine}, 0)"
    code = (
        f"case when {status} in (1, 5, 6, 7) then {status} when {found} is not null then 0 "
        f"when {days} = 0 then 2 else 4 end"
    )
    return (
        f",\n    cast(case when {status} not in (1, 5, 6, 7) then {found} end as double) as o_{name},"
        f"\n    cast({code} as integer) as o_{name}_st, cast({days} as integer) as o_{name}_pt"
    )


def _period(study: Evaluation) -> str:
    """Exposed from the day on which a unit started, else from that on which the arm was decided.

    Never is 0 by the calendar, whose periods count from 1, as R's `did` and Stata's `csdid` want it; counted
    from day 0 it is null, since 0 is a period.
    """
    never = "0" if study.panel and study.panel.anchor == "calendar" else "cast(null as integer)"
    rollout = study.rollout is not None
    gets_it = f"{unit_of('starts_on')} is not null" if rollout else treated(study)
    since = unit_of("starts_on") if rollout else "p.index_date + p.arm_decided_day"
    exposed = f"coalesce({gets_it} and d.period_end >= {since}, false)"
    first = (
        "(select min(x.period) from study_period as x "
        f"where x.candidate_id = d.candidate_id and x.period_end >= {since})"
    )
    anew = {one.id for one in taken_anew(study)}
    columns = "".join(f", {'a' if one.id in anew else 'v'}.x_{one.id}" for one in study.covariates)
    columns += "".join(f", w.o_{o.id}, w.o_{o.id}_st, w.o_{o.id}_pt" for o in study.outcomes)
    return _PERIOD.format(
        whole=", d.whole_period" if changes(study) else "",
        exposed=exposed,
        first_treated=f"case when {gets_it} then coalesce({first}, {never}) else {never} end",
        event_time=f"case when {gets_it} then d.period - {first} end",
        post="d.period >= 0" if study.panel and study.panel.anchor == "index" else exposed,
        columns=columns,
        anew=_JOIN_ANEW if anew else "",
    )
