-- One row per supplier's statement that one person is something to another, read from both sides, with a verdict.
-- Statements that contradict each other or nature are kept here with the reason and used nowhere: linkage may have
-- joined two people, or a clerk mistaken one for another, and nothing tells which statement is right.
-- Ages are counted in whole months between months of birth; where one is not known, nothing is judged by age.
-- grain: person_id, related_person_id, kind, basis, supplier, valid_from, valid_to
-- columns:
--   person_id: Stable id of the person. | not null
--   related_person_id: Stable id of the related person. | not null
--   kind: What the related person is to the person. | not null
--   basis: Kind of record that says so. | not null
--   supplier: Supplier of the statement. | not null
--   valid_from: First day; the first of the month in which the younger was born where it holds since birth; null
--     where it is not known.
--   valid_to: Last day; null: still holds.
--   is_parent: The kind is a parent by birth or law. | not null
--   verdict: used, or why not; the first that holds of: own_relative (both records are one person to us), undated
--     (no first day), parent_too_young (under 12 at the birth), mother_too_old (over 55 at the birth), two_mothers,
--     two_fathers, too_many_children (a parent of more than 20). | not null
with delivered as (
    select * from stg_linkage__relationships
),

kinds as (
    select
        kind,
        seen_from_the_other,
        is_parent = 'yes' as is_parent,
        since_birth = 'yes' as since_birth
    from reference.relationship_kinds
),

births as (
    select person_id, birth_month from registry.person_spine
),

as_told as (
    select person_id, related_person_id, kind, basis, _supplier as supplier, valid_from, valid_to
    from delivered
    where kind <> 'child'
),

turned as (
    select
        delivered.related_person_id as person_id,
        delivered.person_id as related_person_id,
        kinds.seen_from_the_other as kind,
        delivered.basis,
        delivered._supplier as supplier,
        delivered.valid_from,
        delivered.valid_to
    from delivered
    inner join kinds on kinds.kind = delivered.kind and kinds.seen_from_the_other is not null
),

both_sides as (
    select * from as_told
    union
    select * from turned
),

dated as (
    select
        both_sides.person_id,
        both_sides.related_person_id,
        both_sides.kind,
        both_sides.basis,
        both_sides.supplier,
        coalesce(
            both_sides.valid_from,
            case
                when kinds.since_birth or both_sides.basis in ('maternity_record', 'birth_record')
                    then greatest(child.birth_month, coalesce(elder.birth_month, child.birth_month))
            end
        ) as valid_from,
        both_sides.valid_to,
        kinds.is_parent,
        date_diff('month', elder.birth_month, child.birth_month) as months_older
    from both_sides
    inner join kinds on kinds.kind = both_sides.kind
    left join births as child on child.person_id = both_sides.person_id
    left join births as elder on elder.person_id = both_sides.related_person_id
),

possible as (
    select
        *,
        case
            when person_id = related_person_id then 'own_relative'
            when valid_from is null or valid_to < valid_from then 'undated'
            when is_parent and months_older < 12 * 12 then 'parent_too_young'
            when kind = 'mother' and months_older >= 56 * 12 then 'mother_too_old'
        end as refused
    from dated
),

believable as (
    select distinct person_id, related_person_id, kind, is_parent from possible where refused is null
),

crowded as (
    select person_id, kind
    from believable
    where kind in ('mother', 'father')
    group by person_id, kind
    having count(*) > 1
),

fertile as (
    select related_person_id
    from believable
    where is_parent
    group by related_person_id
    having count(distinct person_id) > 20
)

select
    possible.person_id,
    possible.related_person_id,
    possible.kind,
    possible.basis,
    possible.supplier,
    possible.valid_from,
    possible.valid_to,
    possible.is_parent,
    case
        when possible.refused is not null then possible.refused
        when crowded.kind = 'mother' then 'two_mothers'
        when crowded.kind = 'father' then 'two_fathers'
        when fertile.related_person_id is not null then 'too_many_children'
        else 'used'
    end as verdict
from possible
left join crowded on crowded.person_id = possible.person_id and crowded.kind = possible.kind
left join fertile on fertile.related_person_id = possible.related_person_id and possible.is_parent
