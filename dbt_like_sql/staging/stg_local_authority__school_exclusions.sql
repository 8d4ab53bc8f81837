-- One row per suspension or permanent exclusion, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   exclusion_id: Id of the exclusion. | not null
--   school_id: School that excluded.
--   event_date: First day excluded. | not null
--   category: Suspension or exclusion. | not null
--   sessions: Length. | unit: half-days
--   reason1: First reason.
--   reason2: Second reason.
--   reason3: Third reason.
--   sen_provision: Special educational needs provision.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.school_exclusions
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.exclusion_id,
        delivered.school_id,
        delivered.start_date as event_date,
        delivered.category,
        delivered.sessions,
        delivered.reason1,
        delivered.reason2,
        delivered.reason3,
        delivered.sen_provision,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
