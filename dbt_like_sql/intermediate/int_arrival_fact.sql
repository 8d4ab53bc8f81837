-- One row per unplanned attendance at an emergency department and code that a measure of the library is read from.
-- An attendance of which neither intent, complaint nor diagnosis is recorded has the code (blank).
-- grain: attendance_id, source_column, code
-- columns:
--   attendance_id: EC_Ident, re-keyed. | not null
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the attendance. | not null
--   event_date: Arrival. | not null
--   source_column: injury_intent, chief_complaint or diagnoses. | not null
--   code: SNOMED CT concept, or (blank). | not null
with unplanned as (
    select code from reference.measure_codes where measure = 'emergency_attendance' and counts = 'yes'
),

counted as (
    select int_ecds_attendance._supplier, int_ecds_attendance._period, int_ecds_attendance._delivery,
        int_ecds_attendance._row
    from int_ecds_attendance
    inner join unplanned on unplanned.code = int_ecds_attendance.attendance_category
    where int_ecds_attendance.counts
),

attendances as (
    select delivered.*
    from stg_health__ecds_attendances as delivered
    inner join counted
        on counted._supplier = delivered._supplier
        and counted._period = delivered._period
        and counted._delivery = delivered._delivery
        and counted._row = delivered._row
),

codes as (
    select source_column, code
    from reference.measure_codes
    where source_table = 'ecds_attendances'
    group by source_column, code
),

arrival as (
    select attendance_id, person_id, _supplier, event_date, 'injury_intent' as source_column, injury_intent as code
    from attendances
    union all
    select attendance_id, person_id, _supplier, event_date, 'chief_complaint', chief_complaint
    from attendances
    union all
    select attendance_id, person_id, _supplier, event_date, 'diagnoses', unnest(string_split(diagnoses, ','))
    from attendances
    union all
    select attendance_id, person_id, _supplier, event_date, 'diagnoses', '(blank)'
    from attendances
    where coalesce(injury_intent, chief_complaint, diagnoses) is null
)

select
    arrival.attendance_id,
    arrival.person_id,
    arrival._supplier as supplier,
    min(arrival.event_date) as event_date,
    arrival.source_column,
    arrival.code
from arrival
inner join codes on codes.source_column = arrival.source_column and codes.code = arrival.code
group by arrival.attendance_id, arrival.person_id, arrival._supplier, arrival.source_column, arrival.code
