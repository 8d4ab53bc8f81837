-- One row per unplanned attendance for assault that has a police record of its own, and length of time that is
-- allowed between the two: the same person is victim of recorded violence, and each of the two records is the nearest
-- to the other (the earlier crime first, then by id). A record of the police serves one attendance.
-- That nothing is found may be a missed link: read it beside the recall of the link between the two suppliers.
-- grain: attendance_id, within_days
-- columns:
--   attendance_id: Names the attendance. | not null
--   person_id: Stable id of the person. | not null
--   attendance_supplier: Supplier of the attendance. | not null
--   event_date: Day of the attendance. | not null
--   crime_id: Names the crime. | not null
--   days_apart: From the day of the crime to that of the attendance. | not null | unit: days
--   within_days: within_1, within_2 or within_7: the longest time between the two that is allowed. | not null
with arrivals as (
    select * from int_arrival_fact
),

codes as (
    select measure, source_column, code
    from reference.measure_codes
    where measure in ('ed_assault', 'violence_victim') and counts = 'yes'
),

crimes as (
    select * from int_police_victimisation
),

assaults as (
    select arrivals.attendance_id, arrivals.person_id, arrivals.supplier, arrivals.event_date
    from arrivals
    inner join codes
        on codes.measure = 'ed_assault'
        and codes.source_column = arrivals.source_column
        and codes.code = arrivals.code
    group by all
),

violence as (
    select crimes.crime_id, crimes.person_id, crimes.supplier, crimes.event_date
    from crimes
    inner join codes on codes.measure = 'violence_victim' and codes.code = crimes.ho_offence_code
),

pairs as (
    select
        assaults.attendance_id,
        assaults.person_id,
        assaults.supplier as attendance_supplier,
        assaults.event_date,
        violence.crime_id,
        assaults.event_date - violence.event_date as days_apart
    from assaults
    inner join violence
        on violence.person_id = assaults.person_id
        and violence.event_date between assaults.event_date - 7 and assaults.event_date + 7
),

ranked as (
    select
        *,
        row_number() over (
            partition by attendance_id order by abs(days_apart), days_apart desc, crime_id
        ) as nth_crime,
        row_number() over (
            partition by crime_id, person_id order by abs(days_apart), days_apart desc, attendance_id
        ) as nth_attendance
    from pairs
),

allowed as (
    select unnest([1, 2, 7]) as days
)

select
    ranked.attendance_id,
    ranked.person_id,
    ranked.attendance_supplier,
    ranked.event_date,
    ranked.crime_id,
    cast(ranked.days_apart as integer) as days_apart,
    'within_' || allowed.days as within_days
from ranked
inner join allowed on abs(ranked.days_apart) <= allowed.days
where ranked.nth_crime = 1 and ranked.nth_attendance = 1
