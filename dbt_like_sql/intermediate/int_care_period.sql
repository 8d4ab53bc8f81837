-- One row per period of care: the episodes from one that starts care to the last that goes on from it.
-- int_care_episode says which episodes those are, and what was repaired (reference.repairs, SP-CARE).
-- grain: person_id, supplier, started_on
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Council that looks after the child. | not null
--   started_on: First known day of the period. | not null
--   ended_on: Last day, as last reported; null while the child is looked after.
--   start_is_known: False when the first episode reported goes on from an earlier one.
--   category_of_need: Category of need at the start, held for the whole period.
--   source_event_id: Names the period in every table that reads it. | not null
with episodes as (
    select * from int_care_episode where period_from is not null
),

periods as (
    select
        person_id,
        _supplier as supplier,
        period_from as started_on,
        case when count(used_to) = count(*) then max(greatest(used_to, end_date)) end as last_day,
        max(case when event_date = period_from then reason_new_episode end) = 'S' as start_is_known,
        max(case when event_date = period_from then category_of_need end) as category_of_need
    from episodes
    group by person_id, _supplier, period_from
)

select
    person_id,
    supplier,
    started_on,
    -- an episode inside another ends first: the period lasts as long as either, and not into the next period
    least(last_day, lead(started_on) over (partition by person_id, supplier order by started_on)) as ended_on,
    start_is_known,
    category_of_need,
    concat_ws('|', supplier, person_id, cast(started_on as varchar)) as source_event_id
from periods
