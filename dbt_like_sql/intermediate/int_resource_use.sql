-- One row per use of a service that can be paid for: an attendance, a stay, a referral, or a time that is paid by
-- the day. A use counts once for each person, whatever their part in it; outcome_linkage/evaluation/resources.py
-- says what is counted.
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
)

select * from uses
