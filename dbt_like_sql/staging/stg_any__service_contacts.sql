-- One row per contact with a service, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   contact_id: Id of the contact. | not null
--   episode_id: Episode that it belongs to.
--   organisation_id: Organisation that held it. | not null
--   event_date: Day of the contact. | not null
--   contact_kind: How it was held. | not null
--   minutes: Length. | unit: minutes
--   is_attended: The person attended; null: not recorded.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.service_contacts
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.contact_id,
        delivered.episode_id,
        delivered.organisation_id,
        delivered.contact_date as event_date,
        delivered.kind as contact_kind,
        delivered.minutes,
        delivered.attended as is_attended,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
