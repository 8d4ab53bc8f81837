-- A child has one case at a time with one council; a referral that led to nothing may come while a case is open.
with cases as (
    select
        event_date,
        used_to,
        lead(event_date) over (partition by person_id, _supplier order by event_date) as next_from
    from int_cin_report
    where counts and not no_further_action
)

select event_date, used_to, next_from
from cases
where used_to < event_date or coalesce(used_to, date '9999-12-31') > next_from
