-- One row per use of a service that can be paid for: an attendance, a stay, a referral, or a time that is paid by
-- the day. A use counts once for each person, whatever their part in it. What is counted of each resource stands in
-- outcome_linkage/evaluation/resources.py; where that is a measure of the library, it is read from measure_event.
-- grain: person_id, resource, source_event_id
-- columns:
--   person_id: Stable id of the person. | not null
--   resource: What is used. | not null
--   source: Delivered table of the record. | not null
--   supplier: Supplier of the record. | not null
--   event_date: Day of the use, or first day that is paid for; null where the record does not tell.
--   end_date: Last day that is paid for, as last reported; null while it goes on, and for uses on one day.
--   source_event_id: Names the use in every table that reads it. | not null
with measured as (
    select * from measure_event where counts = 'yes'
),

-- measures that are paid for: by use, by the day, or by the night, where the day of discharge is not paid for
paid_for as (
    select * from (
        values
            ('hospital_stay', 'apc_episodes', 'use'),
            ('hospital_stay', 'apc_bed_days', 'night'),
            ('ward_stay', 'mhsds_ward_days', 'night'),
            ('outpatient_attendance', 'op_appointments', 'use'),
            ('mental_health_contact', 'mhsds_care_contacts', 'use'),
            ('social_care_referral', 'cin_referrals', 'use'),
            ('section47_enquiry', 'cin_section47', 'use'),
            ('protection_plan', 'protection_plan_days', 'day'),
            ('early_help', 'early_help_episodes', 'use'),
            ('police_incident', 'police_incidents', 'use'),
            ('arrest', 'arrests', 'use'),
            ('substance_treatment', 'substance_treatment', 'use')
    ) as listed (measure, resource, paid_by)
),

named as (
    select
        measured.person_id,
        paid_for.resource,
        paid_for.paid_by,
        measured.source,
        measured.supplier,
        measured.event_date,
        measured.end_date,
        -- a plan or enquiry of which two records of a person tell is one
        case
            when paid_for.resource in ('cin_section47', 'protection_plan_days')
                then concat_ws('|', measured.supplier, measured.event_date)
            else measured.source_event_id
        end as source_event_id
    from measured
    inner join paid_for on paid_for.measure = measured.concept
),

measures as (
    select
        person_id,
        resource,
        paid_by,
        source,
        supplier,
        source_event_id,
        min(event_date) as event_date,
        max(end_date) as end_date
    from named
    group by person_id, resource, paid_by, source, supplier, source_event_id
),

attendances as (
    select person_id, _supplier as supplier, attendance_id, min(event_date) as event_date
    from int_ecds_attendance
    where counts
    group by person_id, _supplier, attendance_id
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

uses as (
    select
        person_id,
        resource,
        source,
        supplier,
        event_date,
        case paid_by when 'day' then end_date when 'night' then end_date - 1 end as end_date,
        source_event_id
    from measures
    -- a stay that goes on has no last day yet
    where paid_by <> 'night' or end_date > event_date or end_date is null
    union all
    select person_id, 'ecds_attendances', 'ecds_attendances', supplier, event_date, null, attendance_id
    from attendances
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
    select person_id, 'homelessness_cases', 'hclic_cases', supplier, event_date, null, case_id
    from cases
    union all
    select person_id, 'therapy_sessions', 'service_contacts', supplier, event_date, null, contact_id
    from contacts
)

select * from uses
