-- One row per pair of supposed siblings or members of a household who may be one person whom linkage left in two
-- pieces: born in the same month, no two different sexes, and no supplier that knows them as two people. Twins whom
-- no one supplier knows are lost with them.
-- grain: person_id, related_person_id
-- columns:
--   person_id: Stable id of the person. | not null
--   related_person_id: Stable id of the other. | not null
with pairs as (
    select person_id, related_person_id from int_relationship_sibling
    union
    select person_id, related_person_id from int_relationship_household
),

spine as (
    select person_id, birth_month, sex from registry.person_spine
),

records as (
    select person_id, supplier from registry.record_person group by person_id, supplier
),

alike as (
    select pairs.person_id, pairs.related_person_id
    from pairs
    inner join spine on spine.person_id = pairs.person_id
    inner join spine as other
        on other.person_id = pairs.related_person_id
        and other.birth_month = spine.birth_month
        and (other.sex = spine.sex or other.sex = 'unknown' or spine.sex = 'unknown')
),

told_apart as (
    select alike.person_id, alike.related_person_id
    from alike
    inner join records on records.person_id = alike.person_id
    inner join records as others
        on others.person_id = alike.related_person_id and others.supplier = records.supplier
    group by alike.person_id, alike.related_person_id
)

select alike.person_id, alike.related_person_id
from alike
left join told_apart
    on told_apart.person_id = alike.person_id and told_apart.related_person_id = alike.related_person_id
where told_apart.person_id is null
