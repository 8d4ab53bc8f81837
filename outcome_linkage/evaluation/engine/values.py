"""What was seen of each item on its days, and what a silence is worth: values with their status.

A zero is earned by a link, by cover of every day and by being at risk on every day. Status codes: 0 observed,
1 not_linkable, 2 not_covered, 3 partly_covered, 4 missing_in_source, 5 not_applicable, 6 withheld,
7 not_linked; of several that hold, the first in the order 6, 5, 1, 7, 2, 3, 4, 0.

Each step reads a table of people (`candidate_id, person_id, index_date, index_source_event_id, born_on,
death_date, entry_date, end_date`) and one of items, and makes tables named after them.
"""

from __future__ import annotations

from outcome_linkage.evaluation.engine.step import BEGINNING, NEVER, Step

STATUSES = {
    0: "observed",
    1: "not_linkable",
    2: "not_covered",
    3: "partly_covered",
    4: "missing_in_source",
    5: "not_applicable",
    6: "withheld",
    7: "not_linked",
}
_WINDOW = """
-- one row per person and item: the days that should be seen, and those on which anything can count
with placed as (
    select
        p.candidate_id, p.person_id, p.index_date, p.death_date, p.index_source_event_id, i.*,
        case
            when i.last_day <= 0 then greatest(p.index_date + i.first_day, coalesce(p.born_on, {beginning}))
            else p.index_date + i.first_day
        end as full_from,
        least(p.index_date + i.last_day, coalesce(p.death_date, {never})) as full_to,
        coalesce(cast(p.born_on + to_years(i.age_from) as date), {beginning}) as at_risk_from,
        coalesce(cast(p.born_on + to_years(i.age_to + 1) as date) - 1, {never}) as at_risk_to,
        p.born_on is null and coalesce(i.age_from, i.age_to) is not null as is_age_unknown,
        p.entry_date, p.end_date
    from {people} as p
    cross join {items} as i
)
select
    *,
    greatest(full_from, at_risk_from, case when last_day > 0 then entry_date else full_from end) as seen_from,
    least(full_to, at_risk_to, end_date) as seen_to,
    full_from > at_risk_to or index_date + last_day < at_risk_from
    or (last_day <= 0 and full_from > full_to) as is_not_applicable
from placed
"""
_COVER = """
-- one row per person and item of which a source covers some day; runs are days without a break
select
    w.candidate_id, w.item_no,
    sum(case when i.worth = 'usable'
        then greatest(0, least(i.interval_to, w.seen_to) - greatest(i.interval_from, w.seen_from) + 1)
        else 0 end) as n_days,
    max(case when i.worth = 'usable' and w.seen_from between i.interval_from and i.interval_to
        then i.interval_to end) as run_to,
    max(case when i.worth = 'usable' and i.interval_from <= w.seen_to then i.interval_to end) as usable_to,
    bool_or(i.worth = 'unlinked') as has_unlinked,
    bool_or(i.worth = 'not_linkable') as has_not_linkable,
    bool_or(i.worth = 'usable' and w.death_date between i.interval_from and i.interval_to) as saw_death
from {name}_window as w
inner join study_set_interval as i
    on i.person_id = w.person_id and i.source_set = w.source_set
    and i.interval_from <= greatest(w.full_to, w.seen_to)
    and i.interval_to >= least(w.full_from, coalesce(w.death_date, w.full_from))
group by w.candidate_id, w.item_no
"""
_HAPPENED = """
-- one row per person, item and recorded event within the days on which it can count; the event that is day 0
-- is nobody's outcome
select
    w.candidate_id, w.person_id, w.item_no, w.source_set, w.dedup_days, e.event_id, e.concept, e.source,
    e.whose_record, e.event_date, e.end_date, e.value, e.counts = 'yes' as counts,
    cast(e.event_date - w.index_date as integer) as day
from {name}_window as w
inner join study_event as e
    on e.person_id = w.person_id and e.concept = w.concept and e.source = w.source
    and (
        e.event_date between w.seen_from and w.seen_to
        or (w.kind = 'days' and e.event_date < w.seen_from
            and coalesce(e.end_date, e.event_date) >= w.seen_from)
        or (e.event_date is null and e.counts = 'unknown')
    )
where w.role <> 'outcome' or w.index_source_event_id is null
    or e.source_event_id <> w.index_source_event_id
"""
_EPISODE = """
-- one row per event that counts: of events within dedup_days of a kept one only that one is kept
with recursive events as (
    select *,
        event_date - lag(event_date) over (partition by candidate_id, item_no order by event_date) as gap
    from {name}_happened where counts
),
close as (
    select distinct candidate_id, item_no from events where gap <= dedup_days
),
days as (
    select distinct e.candidate_id, e.item_no, e.dedup_days, e.event_date
    from events as e inner join close using (candidate_id, item_no)
),
kept as (
    select candidate_id, item_no, dedup_days, min(event_date) as event_date, 1 as episode_no
    from days group by candidate_id, item_no, dedup_days
    union all
    select k.candidate_id, k.item_no, k.dedup_days, min(d.event_date), k.episode_no + 1
    from kept as k
    inner join days as d
        on d.candidate_id = k.candidate_id and d.item_no = k.item_no
        and d.event_date > k.event_date + k.dedup_days
    group by k.candidate_id, k.item_no, k.dedup_days, k.episode_no
),
numbered as (
    select e.*,
        case when c.candidate_id is null
            then row_number() over (partition by e.candidate_id, e.item_no order by e.event_date)
            else max(k.episode_no) over (partition by e.candidate_id, e.item_no order by e.event_date)
        end as episode_no
    from events as e
    left join close as c on c.candidate_id = e.candidate_id and c.item_no = e.item_no
    left join kept as k
        on k.candidate_id = e.candidate_id and k.item_no = e.item_no and k.event_date = e.event_date
),
merged as (
    select *,
        first_value(event_id) over episode as kept_id,
        count(*) over (partition by candidate_id, item_no, episode_no) as n_merged
    from numbered
    window episode as (partition by candidate_id, item_no, episode_no order by event_date, event_id)
)
select m.* exclude (gap, kept_id, counts), m.event_id = m.kept_id as is_kept,
    case when m.event_id <> m.kept_id then m.kept_id end as dup_of,
    exists (
        select 1 from study_set_interval as i
        where i.person_id = m.person_id and i.source_set = m.source_set and i.worth = 'usable'
            and m.event_date between i.interval_from and i.interval_to
    ) as is_covered
from merged as m
"""
_SPELL = """
-- one row per spell within its window: spells no more than gap_days apart are one
with spells as (
    select h.candidate_id, h.item_no, w.gap_days, w.person_id, w.source_set,
        greatest(h.event_date, w.seen_from) as spell_from,
        least(coalesce(h.end_date, w.seen_to), w.seen_to) as spell_to
    from {name}_happened as h
    inner join {name}_window as w on w.candidate_id = h.candidate_id and w.item_no = h.item_no
    where w.kind = 'days' and h.counts
),
reached as (
    select *, max(spell_to) over (
        partition by candidate_id, item_no order by spell_from, spell_to
        rows between unbounded preceding and 1 preceding
    ) as reached_to
    from spells
),
islands as (
    select *, sum(case when reached_to is null or spell_from > reached_to + gap_days + 1 then 1 else 0 end)
        over (partition by candidate_id, item_no order by spell_from, spell_to rows unbounded preceding
    ) as island
    from reached
)
select candidate_id, item_no, person_id, source_set, min(spell_from) as spell_from, max(spell_to) as spell_to
from islands
group by candidate_id, item_no, person_id, source_set, island
"""
_SPELL_DAYS = """
-- usable days of spells
select m.candidate_id, m.item_no,
    sum(least(m.spell_to, i.interval_to) - greatest(m.spell_from, i.interval_from) + 1) as n_spell_days
from {name}_spell as m
inner join study_set_interval as i
    on i.person_id = m.person_id and i.source_set = m.source_set and i.worth = 'usable'
    and i.interval_from <= m.spell_to and i.interval_to >= m.spell_from
group by m.candidate_id, m.item_no
"""
_VALUE = """
-- one row per person and item: value and status
with seen as (
    select candidate_id, item_no,
        count(*) filter (where is_kept) as n_seen,
        count(*) filter (where is_kept and is_covered) as n_counted,
        min(event_date) as first_date,
        list(event_date order by event_date) filter (where is_kept) as dates,
        max_by(value, (event_date, event_id)) as last_value
    from {name}_episode
    group by candidate_id, item_no
),
unknown as (
    select candidate_id, item_no, min(coalesce(event_date, {beginning})) as unknown_from
    from {name}_happened where not counts
    group by candidate_id, item_no
),
known as (
    select
        w.*, coalesce(c.n_days, 0) as n_days, c.run_to, c.usable_to,
        coalesce(c.has_unlinked, false) as has_unlinked,
        coalesce(c.has_not_linkable, false) as has_not_linkable,
        coalesce(s.n_seen, 0) as n_seen, coalesce(s.n_counted, 0) as n_counted, s.first_date,
        s.dates[w.at_least] as nth_date, s.last_value,
        u.candidate_id is not null or w.is_age_unknown as is_unknown,
        coalesce(l.linkable, false) as is_linkable, coalesce(l.withheld, false) as is_withheld,
        greatest(0, w.full_to - w.full_from + 1) as full_days,
        coalesce(n_days, 0) >= w.full_to - w.full_from + 1
            and (w.full_from <= w.full_to or coalesce(c.saw_death, false)) as is_complete,
        coalesce(d.n_spell_days, 0) as n_spell_days
    from {name}_window as w
    left join {name}_cover as c on c.candidate_id = w.candidate_id and c.item_no = w.item_no
    left join seen as s on s.candidate_id = w.candidate_id and s.item_no = w.item_no
    left join unknown as u on u.candidate_id = w.candidate_id and u.item_no = w.item_no
    left join {name}_spell_days as d on d.candidate_id = w.candidate_id and d.item_no = w.item_no
    left join study_set_link as l on l.person_id = w.person_id and l.source_set = w.source_set
),
decided as (
    select *,
        case
            when is_withheld then 6
            when is_not_applicable then 5
            when n_seen > 0 and is_complete then 0
            when n_seen > 0 then 3
            when not is_linkable then 1
            when n_days = 0 and not is_complete and has_unlinked then 7
            when n_days = 0 and not is_complete and has_not_linkable then 1
            when n_days = 0 and not is_complete then 2
            when not is_complete then 3
            when is_unknown then 4
            when kind in ('latest', 'continuous') then 4
            else 0
        end as covered_status
    from known
),
settled as (
    select * exclude (covered_status),
        case
            when kind in ('latest', 'continuous') and covered_status in (0, 3) and n_seen > 0
                and last_value is null then 4
            else covered_status
        end as status
    from decided
)
select
    candidate_id, person_id, item_no, item, role, kind, source_set, index_date, death_date, death_competes,
    full_from, full_to, seen_from, seen_to, run_to, usable_to, first_date, nth_date, n_seen, n_counted,
    cast(n_days as integer) as n_days, cast(full_days as integer) as full_days,
    cast(status as integer) as status,
    case
        when status in (1, 2, 5, 6, 7) or n_days < min_covered * full_days then null
        when kind in ('binary', 'time_to_event')
            then case when n_seen >= at_least then 1.0 when status = 0 then 0.0 end
        when kind = 'count' then case when status <> 4 or n_seen > 0 then cast(n_counted as double) end
        when kind = 'days' then case when status <> 4 then cast(n_spell_days as double) end
        when kind in ('latest', 'continuous') then last_value
    end as value
from settled
"""


def value_steps(name: str, people: str, items: str) -> list[Step]:
    """`<name>_value` and the tables it is made of; `<name>_episode` has one row per event that counts."""
    facts = {"name": name, "people": people, "items": items, "beginning": BEGINNING, "never": NEVER}
    parts = {
        "window": _WINDOW,
        "cover": _COVER,
        "happened": _HAPPENED,
        "episode": _EPISODE,
        "spell": _SPELL,
        "spell_days": _SPELL_DAYS,
        "value": _VALUE,
    }
    return [Step(f"{name}_{part}", sql.format(**facts)) for part, sql in parts.items()]
