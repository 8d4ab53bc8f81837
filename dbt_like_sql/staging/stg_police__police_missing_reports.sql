-- One row per report of a missing person, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   report_id: Number of the report, re-keyed. | not null
--   event_date: Reported missing. | not null
--   end_date: Found or came back; null while missing.
--   risk_level: Risk as graded by the force.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.police_missing_reports
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.report_id,
        delivered.reported_date as event_date,
        delivered.returned_date as end_date,
        delivered.risk_level,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
