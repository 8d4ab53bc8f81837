-- One row per attendance at an emergency department as delivered: whether it counts, and the rule that leaves it out
-- (reference.repairs, SP-ECDS). The delivered row itself stays as it is in staging.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   attendance_id: EC_Ident, re-keyed. | not null
--   event_date: Arrival. | not null
--   event_time: Arrival, UK wall time; null where the time was not recorded.
--   attendance_category: Unplanned or planned. | not null
--   age_at_arrival: Age at arrival. | unit: years
--   counts: Whether the row stands for its attendance. | not null
--   repairs: Rule that leaves the row out; null for none.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _row: Row in the delivered file, counted from 1. | not null
with judged as (
    select
        *,
        case
            when is_duplicate then 'SP-ECDS-01'
            when
                row_number() over (
                    partition by
                        person_id,
                        event_date,
                        coalesce(event_time, cast(event_date as timestamp)),
                        attendance_category,
                        coalesce(is_duplicate, false)
                    order by attendance_id, _period, _delivery, _row
                ) > 1
                then 'SP-ECDS-02'
        end as left_out_by
    from stg_health__ecds_attendances
)

select
    person_id,
    attendance_id,
    event_date,
    event_time,
    attendance_category,
    age_at_arrival,
    left_out_by is null as counts,
    string_split(left_out_by, ' ') as repairs,
    _supplier,
    _period,
    _delivery,
    _row
from judged
