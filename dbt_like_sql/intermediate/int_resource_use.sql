-- One row per use of a service that can be paid for: an attendance, a stay, a referral, or a time that is paid by
-- the day. A use counts once for each person, whatever their part in it. What is counted of each resource stands in
-- outcome_linkage/evaluation/resources.py, what was attended in reference.measure_codes.
-- grain: person_id, resource, source_event_id
-- columns:
--   person_id: Stable id of the person. | not null
--   resource: What is used. | not null
--   source: Delivered table of the record. | not null
--   supplier: Supplier of the record. | not null
--   event_date: Day of the use, or first day that is paid for; null where the record does not tell.
--   end_date: Last day that is paid for, as last reported; null while it goes on, and for uses on one day.
--   source_event_id: Names the use in every table that reads it. | not null
with attendances as (
    select person_id, _supplier as supplier, attendance_id, min(event_date) as event_date
    from int_ecds_attendance
    where counts
    group by person_id, _supplier, attendance_id
),

stays as (
    select * from int_apc_spell
),

referrals as (
    select * from int_cin_referral
),

-- a census tells of a plan again until it has ended
plans as (
    select person_id, _supplier as supplier, event_date, max(end_date) as end_date
    from stg_local_authority__cin_protection_plans
    group by person_id, _supplier, event_date
),

care_periods as (
    select * from int_care_period
),

exclusions as (
    select * from int_outcome_record
    where outcome = 'suspension' and source_table = 'school_exclusions' and counts = 'yes'
),

crimes as (
    select person_id, supplier, crime_id, min(event_date) as event_date
    from int_police_involvement
    group by person_id, supplier, crime_id
),

incidents as (
    select person_id, _supplier as supplier, incident_id, min(event_date) as event_date
    from stg_police__police_incidents
    group by person_id, _supplier, incident_id
),

attended as (
    select measure, code from reference.measure_codes
    where measure in ('outpatient_attendance', 'mental_health_contact') and counts = 'yes'
),

appointments as (
    select
        delivered.person_id,
        delivered._supplier as supplier,
        delivered.appointment_id,
        min(delivered.event_date) as event_date
    from stg_health__op_appointments as delivered
    inner join attended on attended.measure = 'outpatient_attendance' and attended.code = delivered.attended
    group by delivered.person_id, delivered._supplier, delivered.appointment_id
),

care_contacts as (
    select
        delivered.person_id,
        delivered._supplier as supplier,
        delivered.care_contact_id,
        min(delivered.event_date) as event_date
    from stg_health__mhsds_care_contacts as delivered
    inner join attended
        on attended.measure = 'mental_health_contact' and attended.code = delivered.attend_status
    group by delivered.person_id, delivered._supplier, delivered.care_contact_id
),

ward_stays as (
    select person_id, _supplier as supplier, ward_stay_id, min(event_date) as event_date, max(end_date) as end_date
    from stg_health__mhsds_ward_stays
    group by person_id, _supplier, ward_stay_id
),

enquiries as (
    select person_id, _supplier as supplier, event_date
    from stg_local_authority__cin_section47
    group by person_id, _supplier, event_date
),

early_help as (
    select person_id, _supplier as supplier, episode_id, min(event_date) as event_date
    from stg_local_authority__early_help_episodes
    group by person_id, _supplier, episode_id
),

arrests as (
    select person_id, _supplier as supplier, custody_id, min(event_date) as event_date
    from stg_police__police_custody_arrests
    group by person_id, _supplier, custody_id
),

-- a case has a row for each duty; what it costs stands with the main applicant
cases as (
    select people.person_id, cases._supplier as supplier, cases.case_id, min(cases.event_date) as event_date
    from stg_local_authority__hclic_cases as cases
    inner join stg_local_authority__hclic_people as people
        on people._supplier = cases._supplier and people.case_id = cases.case_id
        and people.role = 'main_applicant'
    group by people.person_id, cases._supplier, cases.case_id
),

contacts as (
    select person_id, _supplier as supplier, contact_id, min(event_date) as event_date
    from stg_any__service_contacts
    where is_attended
    group by person_id, _supplier, contact_id
),

treatments as (
    select person_id, _supplier as supplier, treatment_id, min(event_date) as event_date
    from stg_any__substance_treatment
    where event_date is not null
    group by person_id, _supplier, treatment_id
),

uses as (
    select
        person_id,
        'ecds_attendances' as resource,
        'ecds_attendances' as source,
        supplier,
        event_date,
        cast(null as date) as end_date,
        attendance_id as source_event_id
    from attendances
    union all
    select person_id, 'apc_episodes', 'apc_episodes', supplier, event_date, null, spell_id
    from stays
    union all
    -- nights: the day of discharge is not paid for
    select person_id, 'apc_bed_days', 'apc_episodes', supplier, event_date, end_date - 1, spell_id
    from stays
    where end_date > event_date or end_date is null
    union all
    select person_id, 'cin_referrals', 'cin_referrals', supplier, event_date, null, source_event_id
    from referrals
    union all
    select
        person_id,
        'protection_plan_days',
        'cin_protection_plans',
        supplier,
        event_date,
        end_date,
        concat_ws('|', supplier, event_date)
    from plans
    union all
    select person_id, 'care_days', 'ssda903_episodes', supplier, started_on, ended_on, source_event_id
    from care_periods
    union all
    select person_id, 'suspensions', source_table, supplier, event_date, null, source_event_id
    from exclusions
    union all
    select person_id, 'police_crimes', 'police_crimes', supplier, event_date, null, crime_id
    from crimes
    union all
    select person_id, 'police_incidents', 'police_incidents', supplier, event_date, null, incident_id
    from incidents
    union all
    select person_id, 'op_appointments', 'op_appointments', supplier, event_date, null, appointment_id
    from appointments
    union all
    select person_id, 'mhsds_care_contacts', 'mhsds_care_contacts', supplier, event_date, null, care_contact_id
    from care_contacts
    union all
    -- nights, as in hospital; a stay that goes on has no last day yet
    select person_id, 'mhsds_ward_days', 'mhsds_ward_stays', supplier, event_date, end_date - 1, ward_stay_id
    from ward_stays
    where end_date > event_date or end_date is null
    union all
    select
        person_id, 'cin_section47', 'cin_section47', supplier, event_date, null, concat_ws('|', supplier, event_date)
    from enquiries
    union all
    select person_id, 'early_help_episodes', 'early_help_episodes', supplier, event_date, null, episode_id
    from early_help
    union all
    select person_id, 'arrests', 'police_custody_arrests', supplier, event_date, null, custody_id
    from arrests
    union all
    select person_id, 'homelessness_cases', 'hclic_cases', supplier, event_date, null, case_id
    from cases
    union all
    select person_id, 'therapy_sessions', 'service_contacts', supplier, event_date, null, contact_id
    from contacts
    union all
    select person_id, 'substance_treatment', 'substance_treatment', supplier, event_date, null, treatment_id
    from treatments
)

select * from uses
