-- One crime is physical abuse or community violence, never both for the same child.
select person_id, source_event_id
from adversity_event
where source = 'police_crimes' and adversity_domain in ('physical_abuse', 'community_violence_victim')
group by person_id, source_event_id
having count(distinct adversity_domain) > 1
