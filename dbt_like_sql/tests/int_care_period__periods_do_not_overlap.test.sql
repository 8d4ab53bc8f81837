-- A child has one period of care at a time with one council, and none after one that is open.
with periods as (
    select
        started_on,
        ended_on,
        lead(started_on) over (partition by person_id, supplier order by started_on) as next_from
    from int_care_period
)

select started_on, ended_on, next_from
from periods
where ended_on < started_on or coalesce(ended_on, date '9999-12-31') > next_from
