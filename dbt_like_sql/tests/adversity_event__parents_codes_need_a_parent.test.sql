-- Whatever is not read from the child's own record comes by a relationship that holds on the day: a parent's code
-- from a parent or carer, a household's from somebody at the same address.
with ties as (
    select relationships.person_id, relationships.related_person_id, relationships.valid_from,
        relationships.valid_to, 'parent' as whose_record
    from person_relationship as relationships
    inner join reference.relationship_kinds as kinds
        on kinds.kind = relationships.kind and kinds.reads_as_parent = 'yes'
    union all
    select person_id, related_person_id, valid_from, valid_to, 'household' as whose_record
    from person_relationship
    where kind = 'household_member'
),

held as (
    select adversity_event.event_id
    from adversity_event
    inner join ties
        on ties.person_id = adversity_event.person_id
        and ties.related_person_id = adversity_event.record_person_id
        and ties.whose_record = adversity_event.whose_record
        and adversity_event.event_date >= ties.valid_from
        and adversity_event.event_date <= coalesce(ties.valid_to, date '2999-12-31')
)

select adversity_event.event_id, adversity_event.whose_record
from adversity_event
left join held on held.event_id = adversity_event.event_id
where
    (adversity_event.whose_record <> 'child' and (held.event_id is null or adversity_event.life_stage <> 'child'))
    or (adversity_event.whose_record = 'child' and adversity_event.record_person_id is not null)
