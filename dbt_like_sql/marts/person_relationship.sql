-- One row per person, related person, kind, basis and time: the related person is the <kind> of the person.
-- Not published: who belongs to whom makes nearly every family unique, and first days tell months of birth
-- (docs/decisions/004-relationships.md). Absence means nothing: most relationships are never delivered.
-- grain: person_id, related_person_id, kind, basis, valid_from, valid_to
-- columns:
--   person_id: Stable id of the person. | not null
--   related_person_id: Stable id of the related person. | not null
--   kind: mother, father, parent, step_parent, carer, grandparent, sibling, partner, other_family; household_member
--     (lives at the same address); named_together (in one crime or incident). | not null
--   basis: Kind of record that says so; shared_parent, address. | not null
--   confidence: corroborated (another supplier or another kind of record says the same of the two), delivered (one
--     does), derived (follows from others), household (same address), incident (same matter). | not null
--   valid_from: First day; the first of the month of birth where it holds since birth. | not null
--   valid_to: Last day; null: still holds.
--   n_suppliers: Suppliers that say so; 0 for what is derived. | not null | unit: suppliers
with statements as (
    select * from int_relationship_statement where verdict = 'used'
),

siblings as (
    select * from int_relationship_sibling
),

incidents as (
    select * from int_relationship_incident
),

households as (
    select * from int_relationship_household
),

-- pairs that may be one person in two pieces; only a supplier that names both can tell
doubts as (
    select person_id, related_person_id from int_relationship_doubt
),

sources as (
    select person_id, related_person_id, kind, count(distinct concat_ws('|', supplier, basis)) as n_sources
    from statements
    group by person_id, related_person_id, kind
),

delivered as (
    select
        person_id,
        related_person_id,
        kind,
        basis,
        valid_from,
        valid_to,
        cast(count(distinct supplier) as integer) as n_suppliers
    from statements
    group by person_id, related_person_id, kind, basis, valid_from, valid_to
),

relationships as (
    select
        delivered.person_id,
        delivered.related_person_id,
        delivered.kind,
        delivered.basis,
        case when sources.n_sources > 1 then 'corroborated' else 'delivered' end as confidence,
        delivered.valid_from,
        delivered.valid_to,
        delivered.n_suppliers
    from delivered
    inner join sources
        on sources.person_id = delivered.person_id
        and sources.related_person_id = delivered.related_person_id
        and sources.kind = delivered.kind
    union all
    select person_id, related_person_id, 'sibling', 'shared_parent', 'derived', valid_from, valid_to, 0
    from siblings
    union all
    select
        person_id, related_person_id, 'named_together', 'incident_record', 'incident', event_date, event_date,
        n_suppliers
    from incidents
    union all
    select
        person_id, related_person_id, 'household_member', 'address', 'household', valid_from, valid_to,
        case when is_corroborated then 2 else 1 end
    from households
)

select
    relationships.person_id,
    relationships.related_person_id,
    relationships.kind,
    relationships.basis,
    relationships.confidence,
    relationships.valid_from,
    relationships.valid_to,
    relationships.n_suppliers
from relationships
left join doubts
    on doubts.person_id = relationships.person_id
    and doubts.related_person_id = relationships.related_person_id
    and relationships.confidence in ('derived', 'household')
where doubts.person_id is null
