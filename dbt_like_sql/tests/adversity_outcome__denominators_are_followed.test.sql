-- Who is in a denominator has a value, and was followed to the end of the window or to a death in it.
select person_id, adversity_domain, outcome
from adversity_outcome
where
    (in_denominator_365 and (outcome_365 is null or not (end_day >= 365 or end_reason = 'death')))
    or (in_denominator_730 and (outcome_730 is null or not (end_day >= 730 or end_reason = 'death')))
    or (in_denominator_730 and not in_denominator_365)
