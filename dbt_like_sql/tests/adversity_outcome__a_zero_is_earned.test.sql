-- A value is known only where its status says so: a no needs status observed, a yes observed or partly_covered, and
-- no other status has a value.
with windows as (
    select person_id, outcome, outcome_before as value, status_before as status from adversity_outcome
    union all
    select person_id, outcome, outcome_365 as value, status_365 as status from adversity_outcome
    union all
    select person_id, outcome, outcome_730 as value, status_730 as status from adversity_outcome
)

select person_id, outcome, value, status
from windows
where
    (status = 'observed' and value is null)
    or (status = 'partly_covered' and not value)
    or (status not in ('observed', 'partly_covered') and value is not null)
    or status not in (
        'withheld',
        'not_applicable',
        'not_linkable',
        'not_linked',
        'not_covered',
        'partly_covered',
        'missing_in_source',
        'observed'
    )
