-- One row per record that is an outcome, or that could be one but for a blank: counts says which.
-- grain: outcome, person_id, source_event_id
-- columns:
--   outcome: Outcome concept. | not null
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the record. | not null
--   source_table: Delivered table of the record. | not null
--   event_date: Day of the event; null where the record does not tell.
--   event_time: Time of the event, UK wall time, where it is recorded.
--   date_basis: event; recorded (a crime with no day of its own). | not null
--   counts: yes, or unknown where the field that decides is blank or its past was not covered. | not null
--   source_event_id: Names the event in every table that reads it. | not null
--   recorded_age: Age at the event as the source recorded it. | unit: years
with codes as (
    select
        codes.measure as outcome,
        codes.source_table,
        codes.source_column,
        codes.code,
        codes.counts
    from reference.measure_codes as codes
    inner join reference.measures as measures
        on measures.measure = codes.measure and measures.mart = 'outcome_event'
),

attendances as (
    select * from int_ecds_attendance where counts
),

spells as (
    select * from int_apc_spell where is_emergency
),

self_harm_spells as (
    select int_apc_code.spell_id
    from int_apc_code
    inner join codes
        on codes.outcome = 'self_harm_admission'
        and codes.code in (left(int_apc_code.code, 3), left(int_apc_code.code, 4))
    where int_apc_code.source_column = 'diagnosis'
    group by int_apc_code.spell_id
),

referrals as (
    select * from int_cin_referral
),

-- before this day a council's earlier referrals are not known
first_known_referrals as (
    select supplier, min(supplied_from) as known_from
    from int_supplied_interval
    where source_table = 'cin_referrals' and reason is null
    group by supplier
),

mental_health_referrals as (
    select person_id, _supplier, referral_id, min(event_date) as event_date
    from stg_health__mhsds_referrals
    group by person_id, _supplier, referral_id
),

registered_deaths as (
    select person_id, min(_supplier) as supplier, min(event_date) as event_date
    from stg_health__deaths
    group by person_id
),

-- a death that only the census knows of is a death all the same
census_deaths as (
    select census.person_id, min(census._supplier) as supplier, min(census.death_date) as event_date
    from stg_local_authority__cin_children as census
    left join registered_deaths on registered_deaths.person_id = census.person_id
    where census.death_date is not null and registered_deaths.person_id is null
    group by census.person_id
),

deaths as (
    select person_id, supplier, 'deaths' as source_table, event_date from registered_deaths
    union all
    select person_id, supplier, 'cin_children' as source_table, event_date from census_deaths
),

exclusions as (
    select * from stg_local_authority__school_exclusions
),

care_periods as (
    select * from int_care_period where start_is_known
),

involvements as (
    select * from int_police_involvement
),

records as (
    select
        codes.outcome,
        attendances.person_id,
        attendances._supplier as supplier,
        codes.source_table,
        attendances.event_date,
        attendances.event_time,
        'event' as date_basis,
        codes.counts,
        attendances.attendance_id as source_event_id,
        cast(attendances.age_at_arrival as integer) as recorded_age
    from attendances
    inner join codes
        on codes.source_table = 'ecds_attendances' and codes.code = attendances.attendance_category
    union all
    select
        'emergency_admission', person_id, supplier, 'apc_episodes', event_date, null, 'event', 'yes', spell_id, null
    from spells
    union all
    select
        'self_harm_admission',
        spells.person_id,
        spells.supplier,
        'apc_episodes',
        spells.event_date,
        null,
        'event',
        case when self_harm_spells.spell_id is not null then 'yes' else 'unknown' end,
        spells.spell_id,
        null
    from spells
    left join self_harm_spells on self_harm_spells.spell_id = spells.spell_id
    where self_harm_spells.spell_id is not null or not spells.has_diagnosis
    union all
    select
        'mental_health_referral', person_id, _supplier, 'mhsds_referrals', event_date, null, 'event', 'yes', referral_id, null
    from mental_health_referrals
    union all
    select
        'death', person_id, supplier, source_table, event_date, null, 'event', 'yes', person_id, null
    from deaths
    union all
    select
        codes.outcome,
        exclusions.person_id,
        exclusions._supplier,
        codes.source_table,
        exclusions.event_date,
        null,
        'event',
        codes.counts,
        exclusions.exclusion_id,
        null
    from exclusions
    inner join codes on codes.source_table = 'school_exclusions' and codes.code = exclusions.category
    union all
    select
        're_referral',
        referrals.person_id,
        referrals.supplier,
        'cin_referrals',
        referrals.event_date,
        null,
        'event',
        case when referrals.previous_referral_date is not null then 'yes' else 'unknown' end,
        referrals.source_event_id,
        null
    from referrals
    left join first_known_referrals on first_known_referrals.supplier = referrals.supplier
    where
        cast(referrals.previous_referral_date + interval 12 month as date) >= referrals.event_date
        or (
            referrals.previous_referral_date is null
            and cast(referrals.event_date - interval 12 month as date)
            < coalesce(first_known_referrals.known_from, referrals.event_date)
        )
    union all
    select
        'becoming_looked_after', person_id, supplier, 'ssda903_episodes', started_on, null, 'event', 'yes', source_event_id, null
    from care_periods
    union all
    select
        codes.outcome,
        involvements.person_id,
        involvements.supplier,
        codes.source_table,
        min(involvements.event_date),
        null,
        case when min(involvements.date_basis) = 'recorded' then 'recorded' else 'event' end,
        case when min(involvements.event_date) is null then 'unknown' else 'yes' end,
        involvements.crime_id,
        min(involvements.age_at_offence)
    from involvements
    inner join codes on codes.source_table = 'police_crime_persons' and codes.code = involvements.role
    group by codes.outcome, codes.source_table, involvements.person_id, involvements.supplier, involvements.crime_id
)

select * from records
