-- Each person and domain has a row for every outcome.
with concepts as (
    select count(*) as n from reference.measures where mart = 'outcome_event'
),

counted as (
    select person_id, adversity_domain, count(*) as n from adversity_outcome group by person_id, adversity_domain
)

select counted.person_id, counted.adversity_domain, counted.n
from counted
inner join concepts on concepts.n <> counted.n
