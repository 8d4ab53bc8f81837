"""From recorded events to episodes and spells, as SQL over `<name>_happened`: what is told twice is one."""

from __future__ import annotations

EPISODE = """
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
SPELL = """
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
SPELL_DAYS = """
-- usable days of spells
select m.candidate_id, m.item_no,
    sum(least(m.spell_to, i.interval_to) - greatest(m.spell_from, i.interval_from) + 1) as n_spell_days
from {name}_spell as m
inner join study_set_interval as i
    on i.person_id = m.person_id and i.source_set = m.source_set and i.worth = 'usable'
    and i.interval_from <= m.spell_to and i.interval_to >= m.spell_from
group by m.candidate_id, m.item_no
"""
