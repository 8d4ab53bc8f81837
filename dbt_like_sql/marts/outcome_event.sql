-- One row per person, outcome and event.
-- grain: event_id
-- columns:
--   event_id: Names the row; the same input gives the same id. | not null
--   person_id: Stable id of the person. | not null
--   outcome: Outcome concept; reference/measures.csv defines each. | not null
--   event_date: Day of the event. | not null
--   event_time: Time of the event, UK wall time, where it is recorded.
--   date_basis: event; recorded (a crime dated to the day it was recorded). | not null
--   source: Delivered table that the event was read from. | not null
--   supplier: Supplier of the event. | not null
--   age_years: Age on the day, born on the 15th. | unit: years
--   age_months: Age on the day while under 2 years. | unit: months
--   source_event_id: Names the event in every table that reads it. | not null
with records as (
    select * from int_outcome_record where counts = 'yes'
),

people as (
    select person_id, birth_month from person
),

aged as (
    select
        records.*,
        (extract(year from records.event_date) - extract(year from people.birth_month)) * 12
        + extract(month from records.event_date) - extract(month from people.birth_month)
        - case when extract(day from records.event_date) < 15 then 1 else 0 end as months_old
    from records
    inner join people on people.person_id = records.person_id
)

select
    md5(concat_ws('|', person_id, outcome, supplier, source_event_id)) as event_id,
    person_id,
    outcome,
    event_date,
    event_time,
    date_basis,
    source_table as source,
    supplier,
    cast(
        coalesce(case when months_old < 0 then 0 else floor(months_old / 12) end, recorded_age) as integer
    ) as age_years,
    cast(case when months_old between 0 and 23 then months_old when months_old < 0 then 0 end as integer) as age_months,
    source_event_id
from aged
