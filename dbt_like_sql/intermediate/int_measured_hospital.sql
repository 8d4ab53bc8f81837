-- One row per fact of hospitals and mental-health services that a measure of the library may be read from.
-- A restrictive intervention counts once per incident and type, on the ward of the stay.
-- grain: person_id, source_table, source_column, code, condition, source_event_id
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the record. | not null
--   source_table: Delivered table that the measure is read from. | not null
--   source_column: Column that held the code, or what stands for it. | not null
--   code: The code; (any) where the record itself is what counts. | not null
--   condition: What reference.measure_codes may ask for besides the code; null for nothing.
--   event_date: Day, or first day of a spell or term. | not null
--   end_date: Last day of a spell or term; null for a single day, and while a spell is open.
--   value: What was measured, in the unit of the measure; null where only that it happened is recorded.
--   denominator: What the value is out of, for a total of a term.
--   organisation_id: Ward, team, school or service that the source names most closely.
--   organisation_kind: school, ward, team or organisation; null without one.
--   belongs: A spell of being with the organisation. | not null
--   source_event_id: Names the event in every table that reads it. | not null
with arrivals as (
    select * from int_arrival_fact
),

spells as (
    select * from int_apc_spell
),

contacts as (
    select * from stg_health__mhsds_care_contacts
),

stays as (
    select * from stg_health__mhsds_ward_stays
),

interventions as (
    select * from stg_health__mhsds_restrictive_interventions
),

appointments as (
    select * from stg_health__op_appointments
),

matches as (
    select * from int_violence_match
),

incidents as (
    select
        interventions.person_id,
        interventions._supplier as supplier,
        coalesce(interventions.incident_id, interventions.intervention_id) as incident_id,
        interventions.intervention_type,
        min(interventions.event_date) as event_date,
        min(stays.ward) as ward
    from interventions
    left join stays
        on stays._supplier = interventions._supplier and stays.ward_stay_id = interventions.ward_stay_id
    group by
        interventions.person_id,
        interventions._supplier,
        coalesce(interventions.incident_id, interventions.intervention_id),
        interventions.intervention_type
),

facts as (
    select
        person_id, supplier, 'ecds_attendances' as source_table, source_column,
        code, cast(null as varchar) as condition, event_date, cast(null as date) as end_date,
        cast(null as double) as value, cast(null as double) as denominator,
        cast(null as varchar) as organisation_id, cast(null as varchar) as organisation_kind,
        false as belongs, attendance_id as source_event_id
    from arrivals
    union all
    select
        person_id, attendance_supplier, 'ecds_attendances', 'police_record',
        within_days, null, event_date, null, days_apart, null, null, null, false, attendance_id
    from matches
    union all
    select
        person_id, supplier, 'apc_episodes', 'spell', '(any)',
        case
            when is_emergency then 'emergency_admission'
            when admission_method in ('11', '12', '13') then 'planned_admission'
        end, event_date, end_date,
        null, null, provider, 'organisation', false, spell_id
    from spells
    union all
    select
        person_id, _supplier, 'op_appointments', 'attended', attended, null, event_date, null,
        null, null, null, null, false, appointment_id
    from appointments
    where attended is not null
    union all
    select
        person_id, _supplier, 'mhsds_care_contacts', 'attend_status', attend_status, null, event_date, null,
        minutes, null, null, null, false, care_contact_id
    from contacts
    where attend_status is not null
    union all
    select
        person_id, _supplier, 'mhsds_ward_stays', 'ward', '(any)', null, event_date, end_date,
        null, null, ward, 'ward', true, ward_stay_id
    from stays
    union all
    select
        person_id, supplier, 'mhsds_restrictive_interventions', 'intervention_type', intervention_type, null,
        event_date, null, null, null, ward, case when ward is not null then 'ward' end, false, incident_id
    from incidents
    where intervention_type is not null
)

select
    person_id,
    supplier,
    source_table,
    source_column,
    code,
    condition,
    event_date,
    end_date,
    value,
    denominator,
    organisation_id,
    organisation_kind,
    belongs,
    source_event_id
from facts
