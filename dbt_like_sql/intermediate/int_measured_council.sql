-- One row per fact of council services that a measure of the library may be read from. A homelessness case counts
-- once for each person in it, a duty once for each duty owed.
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
with enquiries as (
    select * from stg_local_authority__cin_section47
),

referrals as (
    select * from int_cin_referral
),

early_help as (
    select * from stg_local_authority__early_help_episodes
),

duties as (
    select * from stg_local_authority__hclic_cases
),

people as (
    select person_id, _supplier, case_id
    from stg_local_authority__hclic_people
    group by person_id, _supplier, case_id
),

homeless as (
    select
        people.person_id,
        duties._supplier as supplier,
        duties.case_id,
        duties.duty,
        min(duties.event_date) as assessed_on,
        min(duties.duty_start_date) as duty_from,
        max(duties.duty_end_date) as duty_to,
        min(duties.ta_start_date) as housed_from,
        max(duties.ta_end_date) as housed_to
    from duties
    inner join people on people._supplier = duties._supplier and people.case_id = duties.case_id
    group by people.person_id, duties._supplier, duties.case_id, duties.duty
),

cases as (
    select person_id, supplier, case_id, min(assessed_on) as assessed_on
    from homeless
    group by person_id, supplier, case_id
),

facts as (
    select
        person_id, supplier, 'hclic_cases' as source_table, 'assessment_date' as source_column,
        '(any)' as code, cast(null as varchar) as condition, assessed_on as event_date,
        cast(null as date) as end_date, cast(null as double) as value, cast(null as double) as denominator,
        cast(null as varchar) as organisation_id, cast(null as varchar) as organisation_kind,
        false as belongs, case_id as source_event_id
    from cases
    union all
    select
        person_id, supplier, 'hclic_cases', 'duty', duty, null, duty_from, duty_to,
        null, null, null, null, false, case_id || '|' || duty
    from homeless
    where duty_from is not null
    union all
    select
        person_id, supplier, 'hclic_cases', 'temporary_accommodation', '(any)', null, housed_from, housed_to,
        null, null, null, null, false, case_id || '|' || duty
    from homeless
    where housed_from is not null
    union all
    select
        person_id, _supplier, 'cin_section47', 's47_start_date', '(any)', null, event_date, null,
        null, null, null, null, false, concat_ws('|', _supplier, person_id, cast(event_date as varchar))
    from enquiries
    group by person_id, _supplier, event_date
    union all
    select
        person_id, supplier, 'cin_referrals', 'referral_date', '(any)', null, event_date, end_date,
        null, null, null, null, false, source_event_id
    from referrals
    union all
    select
        person_id, _supplier, 'early_help_episodes', 'start_date', '(any)', null, event_date, end_date,
        null, null, null, null, false, episode_id
    from early_help
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
