-- Every domain, level and set stands in the crosswalk, in a row that is in use.
with crosswalk as (
    select adversity_domain, evidence_level, ace_set
    from reference.adversity_crosswalk
    where used = 'yes'
    group by adversity_domain, evidence_level, ace_set
)

select adversity_event.event_id
from adversity_event
left join crosswalk
    on crosswalk.adversity_domain = adversity_event.adversity_domain
    and crosswalk.evidence_level = adversity_event.evidence_level
    and crosswalk.ace_set = adversity_event.ace_set
where crosswalk.adversity_domain is null
