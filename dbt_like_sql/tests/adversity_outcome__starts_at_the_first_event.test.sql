-- Everyone with an event that can date a domain is there, from the first such event, and nobody else is.
with firsts as (
    select person_id, adversity_domain, min(event_date) as index_date
    from adversity_event
    where dates_adversity
    group by person_id, adversity_domain
),

indexes as (
    select person_id, adversity_domain, index_date from adversity_outcome group by person_id, adversity_domain, index_date
)

select
    coalesce(firsts.person_id, indexes.person_id) as person_id,
    coalesce(firsts.adversity_domain, indexes.adversity_domain) as adversity_domain
from firsts
full join indexes
    on indexes.person_id = firsts.person_id and indexes.adversity_domain = firsts.adversity_domain
where firsts.index_date is distinct from indexes.index_date
