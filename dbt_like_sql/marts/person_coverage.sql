-- One row per person, delivered table, supplier and time in which the table could have seen the person: the days
-- that the supplier's deliveries cover, on which the person lived in its area and was alive.
-- Rows with a reason are days that it would have covered but did not; days in no row are outside every supplier's
-- area or time. A table that covers nothing of a person yields no row, or one with reason no_residence.
-- grain: person_id, source_table, supplier, interval_from
-- columns:
--   person_id: Stable id of the person. | not null
--   source_table: Delivered table. | not null
--   supplier: Supplier; null where the person's residence is not known.
--   interval_from: First day, not before the month of birth. | not null
--   interval_to: Last day, not after death. | not null
--   days: Length of the time. | not null | unit: days
--   covered: Whether the table covers it. | not null
--   reason: Why it does not: the reason of a declared gap, or no_residence.
--   ended_by: What ends the time: death, moved_out (of the supplier's area) or coverage_end. | not null
with people as (
    select person_id, birth_month, death_date from person
),

areas as (
    select * from int_area_interval
),

supplied as (
    select * from int_supplied_interval
),

residents as (
    select person_id from int_residence group by person_id
),

in_area as (
    select
        areas.person_id,
        supplied.source_table,
        areas.supplier,
        greatest(areas.area_from, supplied.supplied_from, coalesce(people.birth_month, areas.area_from)) as interval_from,
        least(areas.area_to, supplied.supplied_to, coalesce(people.death_date, areas.area_to)) as interval_to,
        areas.area_to,
        people.death_date,
        supplied.reason
    from areas
    inner join supplied on supplied.supplier = areas.supplier and supplied.area_basis = areas.area_basis
    inner join people on people.person_id = areas.person_id
),

supplied_span as (
    select source_table, min(supplied_from) as supplied_from, max(supplied_to) as supplied_to
    from supplied
    where reason is null
    group by source_table
),

nowhere as (
    select
        people.person_id,
        supplied_span.source_table,
        cast(null as varchar) as supplier,
        greatest(supplied_span.supplied_from, coalesce(people.birth_month, supplied_span.supplied_from)) as interval_from,
        least(supplied_span.supplied_to, coalesce(people.death_date, supplied_span.supplied_to)) as interval_to,
        cast(null as date) as area_to,
        people.death_date,
        'no_residence' as reason
    from people
    cross join supplied_span
    left join residents on residents.person_id = people.person_id
    where residents.person_id is null
),

intervals as (
    select * from in_area
    union all
    select * from nowhere
)

select
    person_id,
    source_table,
    supplier,
    interval_from,
    interval_to,
    cast(date_diff('day', interval_from, interval_to) + 1 as integer) as days,
    reason is null as covered,
    reason,
    case
        when death_date <= interval_to + 1 then 'death'
        when area_to = interval_to then 'moved_out'
        else 'coverage_end'
    end as ended_by
from intervals
where interval_from <= interval_to
