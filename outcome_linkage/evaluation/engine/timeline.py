"""`study_period`: the time of each member as rows: by a panel, or split where arms change."""

from __future__ import annotations

from outcome_linkage.evaluation.engine.index import interval
from outcome_linkage.evaluation.engine.step import Step, value
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Panel
from outcome_linkage.models.engine import literal

_BY_INDEX = """
-- periods counted from each person's day 0, which begins period 0; the last may be short
with numbers as (
    select unnest(range({lowest}, {highest} + 1)) as period
),
placed as (
    select p.candidate_id, p.person_id, p.index_date, p.arm, n.period,
        cast(p.index_date + {every} * n.period as date) as starts,
        cast(p.index_date + {every} * (n.period + 1) as date) - 1 as ends
    from study_member as p
    cross join numbers as n
)
select candidate_id, person_id, index_date, arm, cast(period as integer) as period,
    greatest(starts, index_date + {opens}) as period_start, least(ends, index_date + {closes}) as period_end
from placed
where starts <= index_date + {closes} and ends >= index_date + {opens}
"""
_BY_CALENDAR = """
-- periods of the calendar from the start of the study; period 1 is the first, as 0 stands for never treated
with numbers as (
    select unnest(range(0, {highest} + 1)) as period
),
placed as (
    select p.candidate_id, p.person_id, p.index_date, p.arm, n.period,
        cast({start} + {every} * n.period as date) as starts,
        cast({start} + {every} * (n.period + 1) as date) - 1 as ends
    from study_member as p
    cross join numbers as n
)
select candidate_id, person_id, index_date, arm, cast(period + 1 as integer) as period,
    greatest(starts, {start} + {opens}) as period_start, least(ends, {end}, {start} + {closes}) as period_end
from placed
where starts <= least({end}, {start} + {closes}) and ends >= {start} + {opens}
"""
_SPLIT = """
-- a row holds one exposure: periods in which somebody becomes exposed are split on that day and numbered
-- anew; `whole_period` keeps the number that a period has for everybody
with cut as (
    select d.*, d.period as whole_period,
        case when {treated} then p.index_date + p.arm_decided_day end as turn
    from study_whole_period as d
    inner join study_member as p on p.candidate_id = d.candidate_id
),
parts as (
    select * exclude (turn) replace (turn - 1 as period_end) from cut
    where turn > period_start and turn <= period_end
    union all
    select * exclude (turn) replace (turn as period_start) from cut
    where turn > period_start and turn <= period_end
    union all
    select * exclude (turn) from cut where not coalesce(turn > period_start and turn <= period_end, false)
)
select * replace (
    cast(row_number() over person - 1
        - count(*) filter (where period_end < index_date) over (partition by candidate_id)
        as integer) as period
)
from parts
window person as (partition by candidate_id order by period_start)
"""
_FOLLOWED = """
-- without a panel one period for each person: the time at risk
select p.candidate_id, p.person_id, p.index_date, p.arm, 0 as period, f.fu_start as period_start,
    f.fu_end as period_end
from study_member as p
inner join study_followup as f on f.candidate_id = p.candidate_id and f.role = 'followup' and f.fu_days > 0
"""


def has_periods(study: Evaluation) -> bool:
    """Whether a study has rows of time: a panel, or arms that change."""
    return study.index is not None and (study.panel is not None or changes(study))


def changes(study: Evaluation) -> bool:
    return study.assignment is not None and study.assignment.strategy == "time_varying"


def timeline_steps(study: Evaluation) -> list[Step]:
    """`study_period`: the rows of time of each member, in order."""
    whole = _FOLLOWED if study.panel is None else _periods(study, study.panel)
    if not changes(study):
        return [Step("study_period", whole)]
    return [
        Step("study_whole_period", whole),
        Step("study_period", _SPLIT.format(treated=treated(study))),
    ]


def treated(study: Evaluation) -> str:
    """SQL for whether a member `p` gets into the first arm."""
    return f"p.arm_later = {literal(study.arms[0].id) if study.arms else 'null'}"


def _periods(study: Evaluation, panel: Panel) -> str:
    every, shortest = interval(panel.every), _days(panel.every)
    facts = {
        "every": every,
        "opens": panel.from_days,
        "closes": panel.to_days,
        "lowest": min(0, panel.from_days // shortest - 1),
        "highest": max(0, panel.to_days // shortest + 1),
        "start": value(study.study_period.start),
        "end": value(study.study_period.end),
    }
    return (_BY_INDEX if panel.anchor == "index" else _BY_CALENDAR).format(**facts)


SHORTEST = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}


def _days(every: str) -> int:
    """The shortest that a period can be."""
    number, unit = every.split(" ")
    return int(number) * SHORTEST[unit.rstrip("s")]
