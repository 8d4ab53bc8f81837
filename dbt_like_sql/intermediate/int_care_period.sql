-- One row per period of care: the episodes from one that starts care (RNE S) to the one before the next.
-- Episodes of short breaks (legal status V3, V4) are left out: they are not usually counted as care.
-- grain: person_id, supplier, started_on
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Council that looks after the child. | not null
--   started_on: First known day of the period. | not null
--   ended_on: Last day, as last reported; null while the child is looked after.
--   start_is_known: False when the first episode reported goes on from an earlier one.
--   category_of_need: Category of need at the start, held for the whole period.
--   source_event_id: Names the period in every table that reads it. | not null
with reported as (
    select person_id, _supplier, event_date, end_date, reason_new_episode, category_of_need, _period, _delivery, _row
    from stg_local_authority__ssda903_episodes
    where legal_status not in ('V3', 'V4')
),

latest as (
    select
        *,
        row_number() over (
            partition by person_id, _supplier, event_date order by _period desc, _delivery desc, _row desc
        ) as nth
    from reported
),

numbered as (
    select
        *,
        sum(case when reason_new_episode = 'S' then 1 else 0 end) over (
            partition by person_id, _supplier order by event_date rows unbounded preceding
        ) as period_number
    from latest
    where nth = 1
),

periods as (
    select
        person_id,
        _supplier as supplier,
        min(event_date) as started_on,
        case when count(*) = count(end_date) then max(end_date) end as ended_on,
        period_number > 0 as start_is_known,
        min_by(category_of_need, event_date) as category_of_need,
        concat_ws('|', _supplier, person_id, cast(min(event_date) as varchar)) as source_event_id
    from numbered
    group by person_id, _supplier, period_number
)

select * from periods
