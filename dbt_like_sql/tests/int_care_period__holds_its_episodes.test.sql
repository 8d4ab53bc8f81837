-- Every episode that counts lies inside its period, and each period has the days of its episodes at least.
with episodes as (
    select person_id, _supplier as supplier, period_from, event_date, used_to
    from int_care_episode
    where period_from is not null
)

select episodes.period_from
from episodes
left join int_care_period as periods
    on periods.person_id = episodes.person_id
    and periods.supplier = episodes.supplier
    and periods.started_on = episodes.period_from
where
    periods.person_id is null
    or episodes.event_date < periods.started_on
    or coalesce(episodes.used_to, date '9999-12-31') > coalesce(periods.ended_on, date '9999-12-31')
