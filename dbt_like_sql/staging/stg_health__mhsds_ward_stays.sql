-- One row per stay on a mental-health ward, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   ward_stay_id: UniqWardStayID, re-keyed. | not null
--   ward: Ward (UniqWardCode, WardCode), as table organisations knows it. | not null
--   event_date: First day on the ward (StartDateWardStay). | not null
--   end_date: Last day on the ward (EndDateWardStay); null: still there.
--   ward_type: Kind of ward (WardType).
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.mhsds_ward_stays
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.ward_stay_id,
        delivered.ward,
        delivered.start_date as event_date,
        delivered.end_date,
        delivered.ward_type,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
