-- What dates an adversity happened to a child, is more than a proxy, and a spell ends no earlier than it starts.
select event_id, age_years, life_stage, evidence_level
from adversity_event
where
    (dates_adversity and (life_stage <> 'child' or age_years >= 18 or evidence_level = 'proxy'))
    or (counts_in_ace_score and ace_set = 'extended')
