-- A yes within a window has its first day in it; days observed never exceed the window.
select person_id, adversity_domain, outcome
from adversity_outcome
where
    outcome_365 is distinct from true and outcome_day between 1 and 365 and status_365 <> 'not_applicable'
    or outcome_365 and outcome_day not between 1 and 365
    or outcome_730 and outcome_day not between 1 and 730
    or outcome_day < 1
    or days_observed_365 not between 0 and 365
    or days_observed_730 not between days_observed_365 and 730
