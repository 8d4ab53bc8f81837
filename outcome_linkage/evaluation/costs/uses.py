"""What people of a study used that is paid for, day by day: only what was seen on days that a source covers.

The same look at windows, cover and silence as for outcomes (`engine/values.py`): a person's costs of 0 are
earned, too.
"""

from __future__ import annotations

from outcome_linkage.evaluation.costs.discounting import DAYS_OF_A_YEAR
from outcome_linkage.evaluation.engine.facts import Item, items_step
from outcome_linkage.evaluation.engine.step import Step
from outcome_linkage.evaluation.engine.values import value_steps
from outcome_linkage.evaluation.resources import RESOURCES
from outcome_linkage.evaluation.spec.evaluation import Evaluation

EVERY_ONE = -1
"""Days within which uses are one: two on one day are two."""
DAYS_OF_A_PART = DAYS_OF_A_YEAR // 5
"""Days of the parts in which costs may be known while later ones are not; none holds an anniversary."""
_EVENT = """
-- what members of the study used, of the resources that it pays for; in the shape of recorded events
select e.* from in_event as e
where false
union all by name
select u.person_id, u.event_id, u.source_event_id, u.resource as concept, u.source, u.event_date, u.end_date,
    'child' as whose_record, 'yes' as counts, cast(null as double) as value,
    cast(null as double) as denominator, cast(null as varchar) as organisation_id
from in_use as u
where u.event_date is not null and u.person_id in (select person_id from study_member)
"""
_PIECE = """
-- one row per use and fifth of a year after day 0: its covered days within the window. A use on one day is
-- one unit; of days that two uses share the first has them
with used as (
    select h.candidate_id, h.item_no, w.item as resource, h.event_id, w.kind, w.person_id, w.source_set,
        w.index_date, greatest(h.event_date, w.seen_from) as used_from,
        case when w.kind = 'days' then least(coalesce(h.end_date, w.seen_to), w.seen_to)
            else h.event_date end as used_to
    from use_happened as h
    inner join use_window as w on w.candidate_id = h.candidate_id and w.item_no = h.item_no
),
reached as (
    select *, case when kind = 'days' then max(used_to) over (
        partition by candidate_id, item_no order by used_from, used_to, event_id
        rows between unbounded preceding and 1 preceding
    ) + 1 end as free_from
    from used
),
covered as (
    select r.* exclude (used_from, used_to, free_from),
        greatest(r.used_from, r.free_from, i.interval_from) as covered_from,
        least(r.used_to, i.interval_to) as covered_to
    from reached as r
    inner join study_set_interval as i
        on i.person_id = r.person_id and i.source_set = r.source_set and i.worth = 'usable'
        and i.interval_from <= r.used_to and i.interval_to >= r.used_from
),
parts as (
    select *, unnest(range(
        greatest(0, covered_from - index_date) // {part}, greatest(0, covered_to - index_date) // {part} + 1
    )) as part
    from covered
    where covered_from <= covered_to
),
pieces as (
    select candidate_id, item_no, resource, event_id, index_date, cast(part as integer) as part,
        case when part = 0 then covered_from
            else greatest(covered_from, index_date + cast({part} * part as integer)) end as piece_from,
        least(covered_to, index_date + cast({part} * (part + 1) - 1 as integer)) as piece_to
    from parts
)
select *, cast(piece_from - index_date as integer) as day, cast(piece_to - piece_from + 1 as double) as units
from pieces
"""
_PERIOD_USE = """
-- the same by period
select u.candidate_id, d.period, u.resource, u.day,
    sum(least(u.piece_to, d.period_end) - greatest(u.piece_from, d.period_start) + 1.0) as units
from use_piece as u
inner join study_period as d
    on d.candidate_id = u.candidate_id and d.period_start <= u.piece_to and d.period_end >= u.piece_from
group by u.candidate_id, d.period, u.resource, u.day
"""


def resource_items(study: Evaluation) -> list[Item]:
    """What is paid for, as things to look for within `cost_window`."""
    items = study.costs.items if study.costs else ()
    return [_item(RESOURCES[item.resource].name, cost_window(study)) for item in items]


def _item(name: str, window: tuple[int, int]) -> Item:
    _, source, unit = RESOURCES[name]
    kind = "days" if unit == "day" else "count"
    return Item(name, "resource", kind, name, source, *window, dedup_days=EVERY_ONE)


def cost_window(study: Evaluation) -> tuple[int, int]:
    """First and last day whose costs count: follow-up, and what outcomes look at beyond it. Unit: days."""
    follow = [(study.followup.start_days, study.followup.horizon_days)] if study.followup else []
    windows = [*follow, *(outcome.window for outcome in study.outcomes)] or [(0, 0)]
    return min(first for first, _ in windows), max(last for _, last in windows)


def use_steps(study: Evaluation, periods: bool) -> list[Step]:
    """`use_piece`, by period `period_use`, and `use_value` with the status of each resource."""
    steps = [
        items_step("use_item", resource_items(study)),
        Step("use_event", _EVENT),
        *value_steps("use", "study_member", "use_item", events="use_event"),
        Step("use_piece", _PIECE.format(part=DAYS_OF_A_PART)),
    ]
    return [*steps, Step("period_use", _PERIOD_USE)] if periods else steps
