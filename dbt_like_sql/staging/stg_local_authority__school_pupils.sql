-- One row per pupil, school, term and roll, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   school_id: School.
--   academic_year: Calendar year in which the school year of the census ends. | not null | unit: year
--   term: Term of the census. | not null
--   roll: Whether the pupil was on roll on census day. | not null
--   entry_date: Joined the school.
--   leaving_date: Left the school; null while on roll.
--   sessions_possible: Possible attendance in the term. | unit: half-days
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.school_pupils
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.school_id,
        delivered.academic_year,
        delivered.term,
        delivered.roll,
        delivered.entry_date,
        delivered.leaving_date,
        delivered.termly_sessions_possible as sessions_possible,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
