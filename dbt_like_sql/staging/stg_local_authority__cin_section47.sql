-- One row per enquiry under section 47, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   referral_date: Date of referral. | not null
--   event_date: Enquiry started. | not null
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.cin_section47
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.referral_date,
        delivered.s47_start_date as event_date,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
