-- One row per person, adversity domain and recorded event, read from the person's own record or, while the person is
-- a child, from that of a parent or carer, or of somebody in the household. One event gives a child one row of a
-- domain: its own record comes before a parent's, a parent's before the household's. A child without a linked
-- parent has no row of a parent, which does not mean that there was nothing. What stands on a parent's record is a
-- fact about the parent.
-- Counts show what services recorded, never how common an adversity is; report domains beside any count.
-- grain: event_id
-- columns:
--   event_id: Names the row; the same input gives the same id. | not null
--   person_id: Stable id of the person. | not null
--   adversity_domain: Domain of the crosswalk. | not null
--   event_date: Day of the event or assessment, or first day of the spell; never the day of the extract. | not null
--   end_date: Last day of a spell (a plan, a period of care, a stay in hospital); null for an event, and while
--     the spell is open.
--   date_basis: event; recorded (a crime dated to the day it was recorded); plan_start (a category given later in
--     a plan, on a day that is not recorded). | not null
--   source: Delivered table that the event was read from. | not null
--   supplier: Supplier of the event. | not null
--   source_column: Column that held the code. | not null
--   code: The code; where an event has several for one domain, the most specific and then the first. | not null
--   n_codes: Codes of the event that point to the domain. | not null | unit: codes
--   evidence_level: How the adversity is known; levels have no order. | not null
--   whose_record: Whose record the code was read from: child (the person's own), parent (a parent's or carer's, 16
--     or over, while that holds) or household (a domestic matter at the child's address on the day). | not null
--   record_person_id: Stable id of the parent, carer or person of the household; null for the person's own record.
--     Not published: it would tell who belongs to whom.
--   about: Whom the code concerns: a factor on a child's assessment may concern the parent. | not null
--   life_stage: child (under 18 on the day), adult, or unknown; an adult's event enters no childhood domain.
--     | not null
--   age_years: Age on the day, born on the 15th. | unit: years
--   age_months: Age on the day while under 2 years. | unit: months
--   ace_set: Published set of adverse childhood experiences that the domain belongs to. | not null
--   counts_in_ace_score: Whether the code may count in a score of its set. | not null
--   dates_adversity: The event can be the first of its domain in adversity_outcome: the person was a child on
--     the day, and it is more than a proxy. | not null
--   source_event_id: Names the event in every table that reads it. | not null
with facts as (
    select
        person_id, 'child' as read_from, cast(null as varchar) as record_person_id, supplier, source_table,
        source_column, code, crosswalk_code, condition, wider_condition, event_date, end_date, date_basis,
        source_event_id, recorded_age
    from int_coded_fact
    union all
    select
        person_id, whose_record, record_person_id, supplier, source_table,
        source_column, code, crosswalk_code, condition, null, event_date, end_date, date_basis,
        source_event_id, null
    from int_relative_fact
),

crosswalk as (
    select
        adversity_domain,
        ace_set,
        about,
        read_from,
        source_table,
        source_column,
        code,
        condition,
        cast(age_from as integer) as age_from,
        cast(age_to as integer) as age_to,
        evidence_level,
        counts_in_ace_score = 'yes' as counts_in_ace_score
    from reference.adversity_crosswalk
    where used = 'yes'
),

childrens_services as (
    select table_name from reference.childrens_tables
),

people as (
    select person_id, birth_month from person
),

mapped as (
    select
        facts.*,
        crosswalk.adversity_domain,
        crosswalk.ace_set,
        crosswalk.about,
        crosswalk.age_from,
        crosswalk.age_to,
        crosswalk.evidence_level,
        crosswalk.counts_in_ace_score,
        (extract(year from facts.event_date) - extract(year from people.birth_month)) * 12
        + extract(month from facts.event_date) - extract(month from people.birth_month)
        - case when extract(day from facts.event_date) < 15 then 1 else 0 end as months_old
    from facts
    inner join crosswalk
        on crosswalk.read_from = facts.read_from
        and crosswalk.source_table = facts.source_table
        and crosswalk.source_column = facts.source_column
        and crosswalk.code = facts.crosswalk_code
        and crosswalk.condition in ('none', facts.condition, facts.wider_condition)
    inner join people on people.person_id = facts.person_id
),

aged as (
    select
        mapped.*,
        case when months_old between 0 and 23 then months_old when months_old < 0 then 0 end as age_months,
        coalesce(case when months_old < 0 then 0 else floor(months_old / 12) end, recorded_age) as age_years,
        childrens_services.table_name is not null as is_childrens_service,
        case mapped.read_from when 'child' then 1 when 'parent' then 2 else 3 end as distance
    from mapped
    left join childrens_services on childrens_services.table_name = mapped.source_table
),

staged as (
    select
        *,
        case
            when age_years < 18 then 'child'
            when age_years >= 18 then 'adult'
            when is_childrens_service then 'child'
            else 'unknown'
        end as life_stage
    from aged
    where age_from is null or age_years between age_from and age_to
),

told as (
    select *, rank() over (same_event order by distance, record_person_id) as teller
    from staged
    window same_event as (partition by person_id, adversity_domain, source_table, source_event_id)
),

ranked as (
    select
        *,
        count(*) over same_event as n_codes,
        row_number() over (
            same_event order by case when evidence_level = 'coded_specific' then 0 else 1 end, source_column, code
        ) as nth
    from told
    where teller = 1
    window same_event as (partition by person_id, adversity_domain, source_table, source_event_id)
)

select
    md5(concat_ws('|', person_id, adversity_domain, source_table, source_event_id)) as event_id,
    person_id,
    adversity_domain,
    event_date,
    end_date,
    date_basis,
    source_table as source,
    supplier,
    source_column,
    code,
    cast(n_codes as integer) as n_codes,
    evidence_level,
    read_from as whose_record,
    record_person_id,
    about,
    life_stage,
    cast(age_years as integer) as age_years,
    cast(age_months as integer) as age_months,
    ace_set,
    counts_in_ace_score,
    life_stage = 'child' and evidence_level <> 'proxy' as dates_adversity,
    source_event_id
from ranked
where nth = 1
