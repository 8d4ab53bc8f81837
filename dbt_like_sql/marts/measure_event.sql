-- One row per measure, person and recorded event, of the measures of the library that no other mart of events holds:
-- reference.measures says of each what it is, where it comes from and what is weak about it. Outcomes of the standing
-- table are in outcome_event, adversities in adversity_event.
-- A total of a term counts where the whole term does; its value is out of its denominator.
-- grain: concept, person_id, source_event_id
-- columns:
--   event_id: Names the row; the same input gives the same id. | not null
--   source_event_id: Names the event in every table that reads it. | not null
--   person_id: Stable id of the person. | not null
--   concept: Measure of the library. | not null
--   source: Delivered table that the measure is read from. | not null
--   supplier: Supplier of the event. | not null
--   event_date: Day, or first day of a spell or term. | not null
--   end_date: Last day of a spell or term; null for a single day, and while a spell is open.
--   counts: yes, or unknown where a blank decides. | not null
--   whose_record: child: the person's own record, at any age. | not null
--   value: What was measured; null where only that it happened is recorded.
--   denominator: What the value is out of; only totals of a term have one.
--   unit: Unit of the value; null without one.
--   organisation_id: Ward, team, school or service that the source names most closely.
--   organisation_kind: school, ward, team or organisation; null without one.
--   belongs: A spell of being with the organisation. | not null
with coded as (
    select
        person_id, supplier, source_table, source_column, crosswalk_code as code, condition, wider_condition,
        event_date, end_date, cast(null as double) as value, cast(null as double) as denominator,
        cast(null as varchar) as organisation_id, cast(null as varchar) as organisation_kind,
        false as belongs, source_event_id
    from int_coded_fact
),

measured as (
    select * from int_measured_school
    union all
    select * from int_measured_hospital
    union all
    select * from int_measured_service
    union all
    select * from int_measured_council
    union all
    select * from int_measured_police
),

facts as (
    select
        person_id, supplier, source_table, source_column, code, condition, null as wider_condition, event_date,
        end_date, value, denominator, organisation_id, organisation_kind, belongs, source_event_id
    from measured
    union all
    select * from coded
),

measures as (
    select measure, unit from reference.measures where mart = 'measure_event'
),

codes as (
    select
        measure_codes.measure, measure_codes.source_table, measure_codes.source_column, measure_codes.code,
        measure_codes.condition, measure_codes.counts, measures.unit
    from reference.measure_codes as measure_codes
    inner join measures on measures.measure = measure_codes.measure
),

mapped as (
    select facts.*, codes.measure, codes.counts, codes.unit
    from facts
    inner join codes
        on codes.source_table = facts.source_table
        and codes.source_column = facts.source_column
        and codes.code = facts.code
        and codes.condition in ('none', facts.condition, facts.wider_condition)
),

events as (
    select
        measure,
        person_id,
        source_event_id,
        min(source_table) as source,
        min(supplier) as supplier,
        min(event_date) as event_date,
        max(end_date) as end_date,
        max(counts) as counts,
        sum(value) as value,
        max(denominator) as denominator,
        min(unit) as unit,
        min(organisation_id) as organisation_id,
        min(organisation_kind) as organisation_kind,
        bool_or(belongs) as belongs
    from mapped
    group by measure, person_id, source_event_id
)

select
    md5(concat_ws('|', person_id, measure, supplier, source_event_id)) as event_id,
    source_event_id,
    person_id,
    measure as concept,
    source,
    supplier,
    event_date,
    end_date,
    counts,
    'child' as whose_record,
    case when unit is not null then value end as value,
    denominator,
    unit,
    organisation_id,
    organisation_kind,
    belongs
from events
