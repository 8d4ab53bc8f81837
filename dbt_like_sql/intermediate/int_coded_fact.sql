-- One row per coded fact on a person's own record that the crosswalk might read, for the person or for the children
-- around them: what was coded, where, when, and which named condition of the crosswalk it meets.
-- grain: person_id, source_table, source_event_id, source_column, code, crosswalk_code, condition
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the fact. | not null
--   source_table: Delivered table. | not null
--   source_column: Column of that table, as the crosswalk names it. | not null
--   code: The code as recorded. | not null
--   crosswalk_code: The code by which the crosswalk knows it: for a diagnosis its first characters. | not null
--   condition: Named condition that the fact meets; null for none.
--   wider_condition: A condition that `condition` is a part of; null for none.
--   event_date: Day of the event or assessment, or first day of the spell. | not null
--   end_date: Last day of a spell; null for an event, and while the spell is open.
--   date_basis: event; recorded (a crime with no day of its own); plan_start (a category given later, on a day
--     that is not recorded). | not null
--   source_event_id: Names the event that the fact is part of. | not null
--   recorded_age: Age at the event as the source recorded it. | unit: years
with crosswalk as (
    select source_column, code, match
    from reference.adversity_crosswalk
    where used = 'yes' and source_table = 'apc_episodes'
    group by source_column, code, match
),

assessments as (
    select
        person_id,
        _supplier as supplier,
        factor,
        event_date,
        concat_ws('|', _supplier, person_id, cast(event_date as varchar)) as source_event_id
    from stg_local_authority__cin_assessments
    where factor is not null
    group by person_id, _supplier, factor, event_date
),

reported_plans as (
    select
        *,
        concat_ws('|', _supplier, person_id, cast(event_date as varchar)) as source_event_id,
        row_number() over (
            partition by person_id, _supplier, event_date order by _period desc, _delivery desc, _row desc
        ) as nth
    from stg_local_authority__cin_protection_plans
),

plans as (
    select * from reported_plans where nth = 1
),

referrals as (
    select * from int_cin_referral
),

care_periods as (
    select * from int_care_period where start_is_known
),

victims as (
    select * from int_police_victimisation
),

-- a child who is there without being the victim; a violent crime against the child is read as that
children_at_domestic_crimes as (
    select person_id, supplier, crime_id, event_date, date_basis, min(age_at_offence) as age_at_offence
    from int_police_involvement
    where role in ('involved_child', 'witness') and is_domestic_abuse and event_date is not null
    group by person_id, supplier, crime_id, event_date, date_basis
),

children_at_incidents as (
    select
        person_id,
        _supplier as supplier,
        incident_id,
        min(event_date) as event_date,
        min(incident_type) as incident_type,
        min(dash_risk) as dash_risk
    from stg_police__police_incidents
    where role in ('involved_child', 'witness', 'victim')
    group by person_id, _supplier, incident_id
),

-- whoever was found to have done it; a suspect of whom no more is known is not an offender
offenders as (
    select person_id, supplier, crime_id, event_date, date_basis, ho_offence_code, outcome_type
    from int_police_involvement
    where role = 'offender' and event_date is not null
),

-- a domestic matter reaches the homes of those between whom it was
domestic_crime_parties as (
    select person_id, supplier, crime_id, event_date, date_basis
    from int_police_involvement
    where role in ('victim', 'suspect', 'offender') and is_domestic_abuse and event_date is not null
    group by person_id, supplier, crime_id, event_date, date_basis
),

incident_parties as (
    select
        person_id,
        _supplier as supplier,
        incident_id,
        min(event_date) as event_date,
        min(incident_type) as incident_type,
        min(dash_risk) as dash_risk
    from stg_police__police_incidents
    where role in ('victim', 'suspect', 'offender') and incident_type = 'domestic'
    group by person_id, _supplier, incident_id
),

accepted_referrals as (
    select person_id, _supplier as supplier, referral_id, event_date, max(end_date) as end_date
    from stg_health__mhsds_referrals
    where rejection_date is null
    group by person_id, _supplier, referral_id, event_date
),

spells as (
    select * from int_apc_spell
),

spell_codes as (
    select spell_id, source_column, code, code as crosswalk_code, 'exact' as match from int_apc_code
    union all
    select spell_id, source_column, code, left(code, 3) as crosswalk_code, 'prefix' as match from int_apc_code
    union all
    select spell_id, source_column, code, left(code, 4) as crosswalk_code, 'prefix' as match
    from int_apc_code
    where length(code) > 3
),

hospital_facts as (
    select
        spells.person_id,
        spells.supplier,
        'apc_episodes' as source_table,
        spell_codes.source_column,
        spell_codes.code,
        spell_codes.crosswalk_code,
        case when spells.is_emergency then 'emergency_admission' end as condition,
        spells.event_date,
        spells.end_date,
        spells.spell_id as source_event_id
    from spell_codes
    inner join crosswalk
        on crosswalk.source_column = spell_codes.source_column
        and crosswalk.code = spell_codes.crosswalk_code
        and crosswalk.match = spell_codes.match
    inner join spells on spells.spell_id = spell_codes.spell_id
),

facts as (
    select
        person_id, supplier, 'cin_assessments' as source_table, 'factor' as source_column,
        factor as code, factor as crosswalk_code, null as condition, null as wider_condition,
        event_date, cast(null as date) as end_date, 'event' as date_basis, source_event_id,
        cast(null as integer) as recorded_age
    from assessments
    union all
    select
        person_id, _supplier, 'cin_protection_plans', 'initial_category',
        initial_category, initial_category, null, null,
        event_date, end_date, 'event', source_event_id, null
    from plans
    union all
    select
        person_id, _supplier, 'cin_protection_plans', 'latest_category',
        latest_category, latest_category, null, null,
        event_date, end_date, 'plan_start', source_event_id, null
    from plans
    where latest_category <> initial_category
    union all
    select
        person_id, supplier, 'cin_referrals', 'primary_need',
        primary_need, primary_need, null, null,
        event_date, end_date, 'event', source_event_id, null
    from referrals
    where primary_need is not null
    union all
    select
        person_id, supplier, 'ssda903_episodes', 'cin',
        category_of_need, category_of_need, 'start_of_care', null,
        started_on, ended_on, 'event', source_event_id, null
    from care_periods
    union all
    select
        person_id, supplier, 'ssda903_episodes', 'rne',
        'S', 'S', 'start_of_care', null,
        started_on, ended_on, 'event', source_event_id, null
    from care_periods
    union all
    select
        person_id, supplier, 'police_crimes', 'ho_offence_code',
        ho_offence_code, ho_offence_code, setting, 'victim',
        event_date, null, case when date_basis = 'recorded' then 'recorded' else 'event' end, crime_id, age_at_offence
    from victims
    union all
    select
        person_id, supplier, 'police_crimes', 'domestic_abuse_flag',
        'true', 'true', 'child_at_scene', null,
        event_date, null, case when date_basis = 'recorded' then 'recorded' else 'event' end, crime_id, age_at_offence
    from children_at_domestic_crimes
    union all
    select
        person_id, supplier, 'police_incidents', 'incident_type',
        incident_type, incident_type, 'child_at_scene', null,
        event_date, null, 'event', incident_id, null
    from children_at_incidents
    union all
    select
        person_id, supplier, 'police_incidents', 'dash_risk',
        dash_risk, dash_risk, 'child_at_scene', null,
        event_date, null, 'event', incident_id, null
    from children_at_incidents
    where dash_risk is not null
    union all
    select
        person_id, supplier, 'police_crimes', 'ho_offence_code',
        ho_offence_code, ho_offence_code, 'offender', null,
        event_date, null, case when date_basis = 'recorded' then 'recorded' else 'event' end, crime_id, null
    from offenders
    union all
    select
        person_id, supplier, 'police_crimes', 'outcome_type',
        outcome_type, outcome_type, 'offender', null,
        event_date, null, case when date_basis = 'recorded' then 'recorded' else 'event' end, crime_id, null
    from offenders
    where outcome_type is not null
    union all
    select
        person_id, supplier, 'police_crimes', 'domestic_abuse_flag',
        'true', 'true', 'at_home', null,
        event_date, null, case when date_basis = 'recorded' then 'recorded' else 'event' end, crime_id, null
    from domestic_crime_parties
    union all
    select
        person_id, supplier, 'police_incidents', 'incident_type',
        incident_type, incident_type, 'at_home', null,
        event_date, null, 'event', incident_id, null
    from incident_parties
    union all
    select
        person_id, supplier, 'police_incidents', 'dash_risk',
        dash_risk, dash_risk, 'at_home', null,
        event_date, null, 'event', incident_id, null
    from incident_parties
    where dash_risk is not null
    union all
    select
        person_id, supplier, 'mhsds_referrals', 'referral_date',
        '(any accepted referral)', '(any accepted referral)', null, null,
        event_date, end_date, 'event', referral_id, null
    from accepted_referrals
    union all
    select
        person_id, supplier, source_table, source_column,
        code, crosswalk_code, condition, null,
        event_date, end_date, 'event', source_event_id, null
    from hospital_facts
)

select
    person_id,
    supplier,
    source_table,
    source_column,
    code,
    crosswalk_code,
    condition,
    wider_condition,
    event_date,
    end_date,
    date_basis,
    source_event_id,
    recorded_age
from facts
