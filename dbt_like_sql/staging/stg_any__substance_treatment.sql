-- One row per course of treatment for drugs or alcohol, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   treatment_id: Id of the intervention. | not null
--   organisation_id: Organisation that treats. | not null
--   referred_date: Referred.
--   event_date: Intervention started; null if never.
--   end_date: Intervention ended; null while open.
--   end_reason: Why it ended.
--   intervention: Kind of intervention. | not null
--   substance1: Main problem substance. | not null
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.substance_treatment
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.treatment_id,
        delivered.organisation_id,
        delivered.referred_date,
        delivered.started_date as event_date,
        delivered.ended_date as end_date,
        delivered.end_reason,
        delivered.intervention,
        delivered.substance1,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
