-- One row per arrest into custody, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   custody_id: Number of the custody record, re-keyed. | not null
--   event_date: Arrest. | not null
--   is_detention_authorised: Detention was authorised.
--   ho_offence_code: Home Office code of the main offence.
--   disposal: How custody ended; null while it lasts.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.police_custody_arrests
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.custody_id,
        delivered.arrest_date as event_date,
        delivered.detention_authorised as is_detention_authorised,
        delivered.ho_offence_code,
        delivered.disposal,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
