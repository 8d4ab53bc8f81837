"""From when to when each person counts, by outcome, and what ended it."""

from __future__ import annotations

from collections.abc import Sequence

from outcome_linkage.evaluation.engine.facts import TIMED, Item, is_cloned, outcome_items, primary
from outcome_linkage.evaluation.engine.step import NEVER, Step, in_list, listed, value
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

ALWAYS = ("death", "coverage_end", "study_end")
"""End a person's time whether listed or not: nothing can be seen after them."""
_ENDED = """
-- one row per candidate: the last day before what else ends their time
select c.candidate_id{columns}
from (select distinct candidate_id, person_id, index_date from study_cohort) as c
{joins}
group by c.candidate_id
"""
_EVENTS = """left join study_event as e
    on e.person_id = c.person_id and e.event_date > c.index_date and e.counts = 'yes'"""
_OBJECTIONS = "left join study_link as l on l.person_id = c.person_id and l.withheld"
_ELIGIBLE = """
-- everybody who meets every rule, with the days between which anything can count
with met as (
    select c.* exclude (candidate_id), c.candidate_id as cohort_id, l.linkable_from{own_ends},
        case
            when c.death_date <= c.last_area_to + 1 or c.last_area_to >= {never} then null
            else coalesce(c.last_area_to, c.index_date) + {grace}
        end as moved_out_on
    from study_cohort as c
    inner join study_ended as x on x.candidate_id = c.candidate_id
    left join study_set_link as l on l.person_id = c.person_id and l.source_set = {main_set} and l.linkable
    where c.is_eligible
)
select
    cast(row_number() over (order by person_id, trial_no, arm) as bigint) as candidate_id, *,
    greatest(index_date + {start}, coalesce(linkable_from, index_date + {start})) as entry_date,
    least({study_end}, {moved_out}, keeps_to{ends}) as end_date
from met
"""
_FOLLOW_UP = """
-- one row per person and outcome: first and last day that count, and why it ends; of several reasons on one
-- day the first that the study lists. A time goes to the first break, others to the last day.
with ends as (
    select
        v.candidate_id, v.item_no, v.item, v.role, v.kind, v.person_id, v.seen_from as fu_start, v.first_date,
        v.status, v.n_days, v.death_competes, p.index_date + i.first_day as opens,
        v.death_date as on_death,
        p.moved_out_on as on_moved_out,
        coalesce(case when v.kind in {timed} then v.run_to else v.usable_to end, v.seen_from - 1)
            as on_coverage_end,
        {study_end} as on_study_end,
        p.keeps_to as on_arm_switch{ends},
        cast(p.born_on + to_years(i.age_to + 1) as date) - 1 as on_age_limit,
        p.index_date + i.last_day as on_horizon
    from out_value as v
    inner join study_member as p on p.candidate_id = v.candidate_id
    inner join out_item as i on i.item_no = v.item_no
),
ended as (
    select *, least({dates}) as fu_end from ends
)
select *, case {reasons} end as censor_reason,
    case when status in (1, 2, 5, 6, 7) and n_days = 0 then 0 else greatest(0, fu_end - fu_start + 1) end
        as fu_days
from ended
"""
_TIME = """
-- one row per person and outcome that has a time: days of the window to the first of event, competing event
-- and end, whose day counts, and those before the person came under risk. 0 ended first, 1 the event, 2 and
-- more what competes, in the order listed
with rivals as (
    select f.candidate_id, f.item_no, r.code, o.first_date as on_day
    from study_followup as f
    inner join out_rival as r on r.item = f.item
    inner join study_followup as o on o.candidate_id = f.candidate_id and o.item = r.rival
    where o.first_date between f.fu_start and f.fu_end
    union all
    select candidate_id, item_no, death_competes, fu_end
    from study_followup
    where death_competes is not null and censor_reason = 'death'
),
happened as (
    select candidate_id, item_no, 1 as code, first_date as on_day from study_followup
    where first_date between fu_start and fu_end
    union all
    select * from rivals
),
first_of_all as (
    select candidate_id, item_no, min(on_day) as on_day, min_by(code, (on_day, code)) as code
    from happened group by candidate_id, item_no
)
select f.candidate_id, f.item_no, f.item,
    case when f.fu_days > 0 then coalesce(h.on_day, f.fu_end) - f.opens + 1 end as t,
    case when f.fu_days > 0 then coalesce(h.code, 0) end as d,
    case when f.fu_days > 0 then f.fu_start - f.opens end as e
from study_followup as f
left join first_of_all as h on h.candidate_id = f.candidate_id and h.item_no = f.item_no
where f.kind in {timed}
"""


def eligible_steps(study: Evaluation) -> list[Step]:
    """`study_eligible`: the people of the study before matching; `candidate_id` counts them anew."""
    follow, main = study.followup, _main_set(study)
    moved = "coalesce(moved_out_on, {never})" if follow and "moved_out" in follow.censor_at else "{never}"
    eligible = _ELIGIBLE.format(
        never=NEVER,
        ends="".join(f", on_{name}" for name in ends_of(study)),
        own_ends="".join(f", x.on_{name}" for name in ends_of(study)),
        grace=follow.moved_out_grace_days if follow else 0,
        start=follow.start_days if follow else 0,
        study_end=value(study.study_period.end),
        main_set=value(main),
        moved_out=moved.format(never=NEVER),
    )
    return [_ended(study), Step("study_eligible", eligible)]


def ends_of(study: Evaluation) -> dict[str, str]:
    """What else ends a person's time: by reason, the last day before it as SQL."""
    follow = study.followup
    found = {
        one.concept: f"min(e.event_date) filter (where e.concept = {literal(one.concept)} "
        f"and e.source = {literal(one.source)}) - 1"
        for one in (follow.censor_events if follow else ())
        if one.concept not in ALWAYS
    }
    if follow and "opt_out" in follow.censor_at:
        found["opt_out"] = "min(l.withheld_from) - 1"
    return found


def _ended(study: Evaluation) -> Step:
    ends = ends_of(study)
    columns = "".join(f", {day} as on_{name}" for name, day in ends.items())
    joins = [*([_EVENTS] if ends.keys() - {"opt_out"} else []), *([_OBJECTIONS] if "opt_out" in ends else [])]
    return Step("study_ended", _ENDED.format(columns=columns, joins="\n".join(joins)))


def _main_set(study: Evaluation) -> str | None:
    main = primary(study)
    return next((one.source_set for one in outcome_items(study) if main and one.item == main.id), None)


def followup_steps(study: Evaluation, items: Sequence[Item]) -> list[Step]:
    """`study_followup` by outcome, `study_time` for those with a time. Needs `study_member`, `out_value`."""
    reasons = reasons_of(study)
    dates = ", ".join(f"on_{one}" for one in reasons)
    cases = " ".join(f"when on_{one} = fu_end then '{one}'" for one in reasons)
    rivals = [
        (outcome.id, name, place)
        for outcome in study.outcomes
        for place, name in enumerate(outcome.competing, 2)
        if name != "death"
    ]
    columns = {"item": "varchar", "rival": "varchar", "code": "integer"}
    timed = f"({in_list(TIMED)})"
    follow = _FOLLOW_UP.format(
        study_end=value(study.study_period.end),
        dates=dates,
        reasons=cases,
        timed=timed,
        ends="".join(f", p.on_{name}" for name in ends_of(study)),
    )
    return [
        Step("out_rival", listed(columns, rivals)),
        Step("study_followup", follow),
        Step("study_time", _TIME.format(timed=timed)),
    ]


def reasons_of(study: Evaluation) -> list[str]:
    """What can end a person's time, in the order in which ties are settled."""
    listed_ = [*(study.followup.censor_at if study.followup else ()), *ends_of(study)]
    implied = [*ALWAYS, *(["arm_switch"] if is_cloned(study) else []), "age_limit"]
    return list(dict.fromkeys([*listed_, *implied, "horizon"]))
