-- A child has one episode at a time with one council; an episode may start on the day on which another ends.
with episodes as (
    select
        event_date,
        used_to,
        lead(event_date) over (partition by person_id, _supplier order by event_date) as next_from
    from int_care_episode
    where period_from is not null
)

select event_date, used_to, next_from
from episodes
where used_to < event_date or coalesce(used_to, date '9999-12-31') > next_from
