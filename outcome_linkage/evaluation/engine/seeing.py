"""What each source could have seen of each person: links, and days by what they are worth.

A day is usable where a supplier covers it, could find the person, and, if it keeps a register, has them
on it.
"""

from __future__ import annotations

from outcome_linkage.evaluation.engine.step import BEGINNING, Step

_LINK = """
-- one row per person, table and supplier that the study reads
select p.person_id, s.source, s.supplier, s.register, s.covers_to,
    coalesce(l.linkable, false) as linkable,
    case when l.linkable_from > date '1900-01-01' then l.linkable_from end as linkable_from,
    coalesce(l.linked, false) as linked, coalesce(l.withheld, false) as withheld, l.withheld_from,
    l.link_weight
from (select distinct person_id from study_candidate) as p
cross join in_source as s
left join in_link as l on l.person_id = p.person_id and l.supplier = s.supplier
"""
_COVERAGE = """
-- what covers them; days of grace after the last known residence count, as far as the source was delivered
with people as (
    select person_id, any_value(last_area_to) as last_area_to, any_value(death_date) as death_date
    from study_candidate
    group by person_id
)
select
    c.person_id, c.source, c.supplier, c.covered, c.reason, c.interval_from,
    case
        when c.ended_by = 'death' then coalesce(people.death_date, c.interval_to)
        when c.ended_by = 'moved_out' and c.interval_to = people.last_area_to
            then greatest(c.interval_to, least(
                c.interval_to + {grace}, coalesce(s.covers_to, c.interval_to),
                coalesce(people.death_date, c.interval_to + {grace})
            ))
        else c.interval_to
    end as interval_to,
    c.ended_by
from in_coverage as c
inner join people on people.person_id = c.person_id
left join in_source as s on s.source = c.source and s.supplier = c.supplier
"""
_INTERVAL = """
-- one row per person, table and unbroken time of one worth: usable, unlinked (a register does not know the
-- person) or not_linkable (nobody could find them, or not yet)
with judged as (
    select
        c.*,
        case
            when not l.linkable then c.interval_to + 1
            else greatest(coalesce(l.linkable_from, c.interval_from), c.interval_from)
        end as usable_from,
        l.register and not l.linked as is_unlinked
    from study_coverage as c
    inner join study_link as l
        on l.person_id = c.person_id and l.source = c.source and l.supplier = c.supplier and not l.withheld
    where c.covered
),
parts as (
    select person_id, source, case when is_unlinked then 'unlinked' else 'usable' end as worth,
        usable_from as interval_from, interval_to, ended_by
    from judged
    where usable_from <= interval_to
    union all
    select person_id, source, 'not_linkable', interval_from, least(usable_from - 1, interval_to), ended_by
    from judged
    where interval_from < usable_from
),
reached as (
    select *, max(interval_to) over (
        partition by person_id, source, worth order by interval_from, interval_to
        rows between unbounded preceding and 1 preceding
    ) as reached_to
    from parts
),
islands as (
    select *, sum(case when reached_to is null or interval_from > reached_to + 1 then 1 else 0 end) over (
        partition by person_id, source, worth order by interval_from, interval_to rows unbounded preceding
    ) as island
    from reached
)
select person_id, source, worth, min(interval_from) as interval_from, max(interval_to) as interval_to,
    max_by(ended_by, (interval_to, ended_by)) as ended_by
from islands
group by person_id, source, worth, island
"""
_SET_INTERVAL = """
-- the same for sets of tables: a day is usable where every table of the set has it
with alone as (
    select source_set, source from study_set where n_sources = 1
),
members as (
    select i.*, s.source_set, s.n_sources
    from study_interval as i
    inner join study_set as s on s.source = i.source and s.n_sources > 1
),
turns as (
    select person_id, source_set, interval_from as turn from members where worth = 'usable'
    union
    select person_id, source_set, interval_to + 1 from members where worth = 'usable'
),
parts as (
    select person_id, source_set, turn as part_from,
        lead(turn) over (partition by person_id, source_set order by turn) - 1 as part_to
    from turns
),
together as (
    select parts.person_id, parts.source_set, parts.part_from, parts.part_to,
        min_by(m.ended_by, (m.interval_to, m.ended_by)) as ended_by
    from parts
    inner join members as m
        on m.person_id = parts.person_id and m.source_set = parts.source_set and m.worth = 'usable'
        and parts.part_from between m.interval_from and m.interval_to
    group by parts.person_id, parts.source_set, parts.part_from, parts.part_to, m.n_sources
    having count(distinct m.source) = m.n_sources
),
islands as (
    select *, date_diff('day', {beginning}, part_from) - sum(part_to - part_from + 1) over (
        partition by person_id, source_set order by part_from rows between unbounded preceding and current row
    ) + (part_to - part_from + 1) as island
    from together
)
select i.person_id, alone.source_set, i.worth, i.interval_from, i.interval_to, i.ended_by
from study_interval as i
inner join alone on alone.source = i.source
union all
select person_id, source_set, 'usable', min(part_from), max(part_to), max_by(ended_by, part_to)
from islands
group by person_id, source_set, island
union all
select person_id, source_set, worth, interval_from, interval_to, ended_by
from members
where worth <> 'usable'
"""
_SET_LINK = """
-- one row per person and set: whether every table of it could find the person, and whether one is withheld
with tables as (
    select person_id, source, bool_or(linkable) as linkable, bool_or(withheld) as withheld,
        min(case when linkable then coalesce(linkable_from, date '1900-01-01') end) as linkable_from
    from study_link
    group by person_id, source
)
select t.person_id, s.source_set, bool_and(t.linkable) as linkable, bool_or(t.withheld) as withheld,
    max(t.linkable_from) as linkable_from
from tables as t
inner join study_set as s on s.source = t.source
group by t.person_id, s.source_set
"""


def seeing_steps(grace_days: int) -> list[Step]:
    """`study_link`, `study_coverage`, `study_interval`, and the last two by set of tables."""
    return [
        Step("study_link", _LINK),
        Step("study_coverage", _COVERAGE.format(grace=grace_days)),
        Step("study_interval", _INTERVAL),
        Step("study_set_interval", _SET_INTERVAL.format(beginning=BEGINNING)),
        Step("study_set_link", _SET_LINK),
    ]
