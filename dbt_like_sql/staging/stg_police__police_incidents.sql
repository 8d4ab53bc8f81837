-- One row per person and role in a public-protection incident, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   incident_id: Incident number, re-keyed. | not null
--   role: Role in the incident. | not null
--   event_date: Date of the incident. | not null
--   incident_type: Kind of notice. | not null
--   child_present: A child was present.
--   n_children: Children present. | unit: children
--   dash_risk: DASH risk grade; not comparable between forces.
--   referred_to_la: Referred to the local authority.
--   linked_crime_id: Crime recorded from the incident.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.police_incidents
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.incident_id,
        delivered.role,
        delivered.incident_date as event_date,
        delivered.incident_type,
        delivered.child_present,
        delivered.n_children,
        delivered.dash_risk,
        delivered.referred_to_la,
        delivered.linked_crime_id,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
