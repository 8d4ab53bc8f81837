-- One row per fact of the police that a measure of the library may be read from. Cancelled crimes never count.
-- A crime with no day of its own is dated to the day it was recorded and has the condition recorded. Children who
-- were there and are not named stand on the record of one person of the incident, with their number.
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
with involvements as (
    select * from int_police_involvement where event_date is not null
),

crimes as (
    select * from stg_police__police_crimes
),

incidents as (
    select * from stg_police__police_incidents
),

arrests as (
    select * from stg_police__police_custody_arrests
),

reports as (
    select * from stg_police__police_missing_reports
),

armed as (
    select _supplier, crime_id, unnest(['weapon_flag', 'knife_flag', 'firearm_flag']) as flag,
        unnest([is_weapon_involved, is_knife_involved, is_firearm_involved]) as is_set
    from crimes
),

suspects as (
    select person_id, supplier, crime_id, min(event_date) as event_date, min(date_basis) as date_basis
    from involvements
    where role in ('suspect', 'offender')
    group by person_id, supplier, crime_id
),

victims as (
    select person_id, supplier, crime_id, min(event_date) as event_date
    from involvements
    where role = 'victim'
    group by person_id, supplier, crime_id
),

present as (
    select
        _supplier as supplier,
        incident_id,
        min(event_date) as event_date,
        coalesce(max(n_children), 0) as n_children,
        bool_or(coalesce(child_present, false)) as child_present,
        count(distinct case when role = 'involved_child' then person_id end) as n_named,
        coalesce(
            min(case when role = 'victim' then person_id end),
            min(case when role in ('suspect', 'offender') then person_id end)
        ) as told_on
    from incidents
    where incident_type = 'domestic'
    group by _supplier, incident_id
),

with_children as (
    select *, greatest(n_children, n_named, 1) - n_named as n_unnamed
    from present
    where told_on is not null and (child_present or n_children > 0 or n_named > 0)
),

facts as (
    select
        person_id, supplier, 'police_crime_persons' as source_table, 'role' as source_column,
        'suspect' as code, date_basis as condition, event_date,
        cast(null as date) as end_date, cast(null as double) as value, cast(null as double) as denominator,
        cast(null as varchar) as organisation_id, cast(null as varchar) as organisation_kind,
        false as belongs, crime_id as source_event_id
    from suspects
    union all
    select
        person_id, supplier, 'police_crimes', 'crime_id', '(any)', 'suspect', event_date, null,
        null, null, null, null, false, crime_id
    from suspects
    union all
    select
        victims.person_id, victims.supplier, 'police_crimes', armed.flag, 'true', 'victim', victims.event_date, null,
        null, null, null, null, false, victims.crime_id
    from victims
    inner join armed
        on armed._supplier = victims.supplier and armed.crime_id = victims.crime_id and armed.is_set
    union all
    select
        person_id, _supplier, 'police_incidents', 'role', role, null, min(event_date), null,
        null, null, null, null, false, incident_id
    from incidents
    group by person_id, _supplier, role, incident_id
    union all
    select
        told_on, supplier, 'police_incidents', 'n_children', '(present)', null, event_date, null,
        greatest(n_children, n_named, 1), null, null, null, false, incident_id
    from with_children
    union all
    select
        told_on, supplier, 'police_incidents', 'n_children', '(not named)', null, event_date, null,
        n_unnamed, null, null, null, false, incident_id
    from with_children
    where n_unnamed > 0
    union all
    select
        person_id, _supplier, 'police_custody_arrests', 'arrest_date', '(any)', null, event_date, null,
        null, null, null, null, false, custody_id
    from arrests
    union all
    select
        person_id, _supplier, 'police_missing_reports', 'reported_date', '(any)', null, event_date, end_date,
        null, null, null, null, false, report_id
    from reports
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
