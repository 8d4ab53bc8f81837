"""What was seen of each item on its days, and what a silence is worth: values with their status.

A zero is earned by a link, by cover of every day and by being at risk on every day. Status codes: 0 observed,
1 not_linkable, 2 not_covered, 3 partly_covered, 4 missing_in_source, 5 not_applicable, 6 withheld,
7 not_linked; of several that hold, the first in the order 6, 5, 1, 7, 2, 3, 4, 0.

Each step reads a table of people (`candidate_id, person_id, index_date, index_source_event_id, born_on,
death_date, entry_date, end_date`) and one of items, and makes tables named after them.
"""

from __future__ import annotations

from outcome_linkage.evaluation.engine.episodes import EPISODE, SPELL, SPELL_DAYS
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
            when i.first_day < 0 then greatest(p.index_date + i.first_day, coalesce(p.born_on, {beginning}))
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
    greatest(
        full_from, at_risk_from, case when first_day >= 0 and last_day > 0 then entry_date else full_from end
    ) as seen_from,
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
_TERM = """
-- one row per person and item that is read from totals of a term: days of the whole terms of its window, and
-- of those that could be seen from first to last day
select w.candidate_id, w.item_no,
    greatest(1, coalesce(sum(t.term_to - t.term_from + 1), 0)) as full_days,
    coalesce(sum(t.term_to - t.term_from + 1) filter (
        where i.person_id is not null and t.term_from >= w.seen_from and t.term_to <= w.seen_to
    ), 0) as n_days
from {name}_window as w
inner join (select distinct concept, source from study_term) as b
    on b.concept = w.concept and b.source = w.source
left join study_term as t
    on t.concept = w.concept and t.source = w.source
    and t.term_from >= w.full_from and t.term_to <= w.full_to
left join study_set_interval as i
    on i.person_id = w.person_id and i.source_set = w.source_set and i.worth = 'usable'
    and i.interval_from <= t.term_from and i.interval_to >= t.term_to
where w.kind in ('latest', 'continuous')
group by w.candidate_id, w.item_no
"""
_HAPPENED = """
-- one row per person, item and recorded event within the days on which it can count, totals of a term only
-- where the whole term is; the event that is day 0 is nobody's outcome
select
    w.candidate_id, w.person_id, w.item_no, w.source_set, w.dedup_days, e.event_id, e.concept, e.source,
    e.whose_record, e.event_date, e.end_date, e.value, e.denominator, e.organisation_id,
    e.counts = 'yes' as counts,
    cast(e.event_date - w.index_date as integer) as day
from {name}_window as w
inner join {events} as e
    on e.person_id = w.person_id and e.concept = w.concept and e.source = w.source
    and (
        e.event_date between w.seen_from and w.seen_to
        or (w.kind = 'days' and e.event_date < w.seen_from
            and coalesce(e.end_date, e.event_date) >= w.seen_from)
        or (e.event_date is null and e.counts = 'unknown')
    )
    and (
        e.denominator is null
        or (e.event_date >= w.seen_from and coalesce(e.end_date, e.event_date) <= w.seen_to)
    )
where w.role <> 'outcome' or w.index_source_event_id is null
    or e.source_event_id <> w.index_source_event_id
"""
_VALUE = """
-- one row per person and item: value and status
with seen as (
    select candidate_id, item_no,
        count(*) filter (where is_kept) as n_seen,
        count(*) filter (where is_kept and is_covered) as n_counted,
        min(event_date) as first_date,
        list(event_date order by event_date) filter (where is_kept) as dates,
        max_by(value / nullif(coalesce(denominator, 1), 0), (event_date, event_id)) as last_value,
        sum(value) filter (where denominator is not null)
            / nullif(sum(denominator) filter (where value is not null), 0) as share
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
        w.*, coalesce(t.n_days, c.n_days, 0) as n_days, c.run_to, c.usable_to,
        coalesce(c.has_unlinked, false) as has_unlinked,
        coalesce(c.has_not_linkable, false) as has_not_linkable,
        case when t.n_days = 0 then 0 else coalesce(s.n_seen, 0) end as n_seen,
        coalesce(s.n_counted, 0) as n_counted, s.first_date,
        s.dates[w.at_least] as nth_date, s.last_value, coalesce(s.share, s.last_value) as mean_value,
        u.candidate_id is not null or w.is_age_unknown as is_unknown,
        coalesce(l.linkable, false) as is_linkable, coalesce(l.withheld, false) as is_withheld,
        greatest(0, coalesce(t.full_days, w.full_to - w.full_from + 1)) as full_days,
        coalesce(t.n_days, c.n_days, 0) >= coalesce(t.full_days, w.full_to - w.full_from + 1)
            and (w.full_from <= w.full_to or coalesce(c.saw_death, false)) as is_complete,
        coalesce(d.n_spell_days, 0) as n_spell_days
    from {name}_window as w
    left join {name}_cover as c on c.candidate_id = w.candidate_id and c.item_no = w.item_no
    left join {name}_term as t on t.candidate_id = w.candidate_id and t.item_no = w.item_no
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
        when kind = 'latest' then last_value
        when kind = 'continuous' then mean_value
    end as value
from settled
"""


def value_steps(name: str, people: str, items: str, events: str = "study_event") -> list[Step]:
    """`<name>_value` and the tables it is made of; `<name>_episode` has one row per event that counts."""
    facts = {
        "name": name,
        "people": people,
        "items": items,
        "events": events,
        "beginning": BEGINNING,
        "never": NEVER,
    }
    parts = {
        "window": _WINDOW,
        "cover": _COVER,
        "term": _TERM,
        "happened": _HAPPENED,
        "episode": EPISODE,
        "spell": SPELL,
        "spell_days": SPELL_DAYS,
        "value": _VALUE,
    }
    return [Step(f"{name}_{part}", sql.format(**facts)) for part, sql in parts.items()]
