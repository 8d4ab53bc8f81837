-- One row per pair of children of one parent by birth or law, each way round: full and half siblings alike, which
-- records do not tell apart. Children who share only a carer or a home are no siblings here.
-- grain: person_id, related_person_id
-- columns:
--   person_id: Stable id of the person. | not null
--   related_person_id: Stable id of the sibling. | not null
--   valid_from: First day on which both were children of the parent. | not null
--   valid_to: Last day; null: still holds.
with parents as (
    select
        person_id,
        related_person_id as parent_id,
        min(valid_from) as valid_from,
        max(coalesce(valid_to, date '2999-12-31')) as valid_to
    from int_relationship_statement
    where is_parent and verdict = 'used'
    group by person_id, related_person_id
),

pairs as (
    select
        parents.person_id,
        others.person_id as related_person_id,
        greatest(parents.valid_from, others.valid_from) as valid_from,
        least(parents.valid_to, others.valid_to) as valid_to
    from parents
    inner join parents as others
        on others.parent_id = parents.parent_id and others.person_id <> parents.person_id
),

siblings as (
    select
        person_id,
        related_person_id,
        min(valid_from) as valid_from,
        nullif(max(valid_to), date '2999-12-31') as valid_to
    from pairs
    where valid_from <= valid_to
    group by person_id, related_person_id
)

select * from siblings
