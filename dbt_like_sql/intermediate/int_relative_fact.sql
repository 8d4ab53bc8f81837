-- One row per child and coded fact that reaches it from somebody else: from the record of a parent or carer (16 or
-- over on the day, while the relationship holds), or from a domestic crime or incident whose victim or suspect lives
-- in the child's household on the day. Only until the child is 18. A child who is itself the victim or suspect of
-- the matter has it on its own record. A parent elsewhere, a neighbour, or a former household gives nothing.
-- What is on a parent's record is the parent's: it says nothing of the child but that the child has such a parent,
-- and how much is known depends on which parents are linked.
-- grain: person_id, whose_record, record_person_id, source_table, source_event_id, source_column, code, crosswalk_code
-- columns:
--   person_id: Stable id of the child. | not null
--   whose_record: parent or household. | not null
--   record_person_id: Stable id of the person whose record it is. | not null
--   supplier: Supplier of the fact. | not null
--   source_table: Delivered table. | not null
--   source_column: Column of that table, as the crosswalk names it. | not null
--   code: The code as recorded. | not null
--   crosswalk_code: The code by which the crosswalk knows it. | not null
--   condition: Named condition that the fact meets; null for none.
--   event_date: Day of the event, or first day of the spell. | not null
--   end_date: Last day of a spell; null for an event, and while the spell is open.
--   date_basis: event or recorded. | not null
--   source_event_id: Names the event that the fact is part of. | not null
with facts as (
    select * from int_coded_fact
),

crosswalk as (
    select read_from, source_table, source_column, code, condition
    from reference.adversity_crosswalk
    where used = 'yes' and read_from in ('parent', 'household')
    group by read_from, source_table, source_column, code, condition
),

relationships as (
    select * from person_relationship
),

kinds as (
    select kind from reference.relationship_kinds where reads_as_parent = 'yes'
),

people as (
    select person_id, birth_month from person where birth_month is not null
),

-- what each person's record may tell of the children around them
telling as (
    select facts.*, crosswalk.read_from
    from facts
    inner join crosswalk
        on crosswalk.source_table = facts.source_table
        and crosswalk.source_column = facts.source_column
        and crosswalk.code = facts.crosswalk_code
        and crosswalk.condition in ('none', facts.condition)
),

ties as (
    select relationships.person_id, relationships.related_person_id, 'parent' as read_from,
        relationships.valid_from, relationships.valid_to
    from relationships
    inner join kinds on kinds.kind = relationships.kind
    union all
    select person_id, related_person_id, 'household' as read_from, valid_from, valid_to
    from relationships
    where kind = 'household_member'
),

parties as (
    select person_id, source_table, source_event_id from telling where read_from = 'household'
),

reached as (
    select distinct
        ties.person_id,
        telling.read_from as whose_record,
        telling.person_id as record_person_id,
        telling.supplier,
        telling.source_table,
        telling.source_column,
        telling.code,
        telling.crosswalk_code,
        telling.condition,
        telling.event_date,
        telling.end_date,
        telling.date_basis,
        telling.source_event_id
    from telling
    inner join ties
        on ties.related_person_id = telling.person_id
        and ties.read_from = telling.read_from
        and telling.event_date >= ties.valid_from
        and telling.event_date <= coalesce(ties.valid_to, date '2999-12-31')
    inner join people as child on child.person_id = ties.person_id
    left join people as grown on grown.person_id = telling.person_id
    where
        telling.event_date >= child.birth_month
        and telling.event_date < child.birth_month + 14 + interval 18 year
        and (
            telling.read_from = 'household'
            or telling.event_date >= grown.birth_month + 14 + interval 16 year
        )
)

select
    reached.person_id,
    reached.whose_record,
    reached.record_person_id,
    reached.supplier,
    reached.source_table,
    reached.source_column,
    reached.code,
    reached.crosswalk_code,
    reached.condition,
    reached.event_date,
    reached.end_date,
    reached.date_basis,
    reached.source_event_id
from reached
left join parties
    on parties.person_id = reached.person_id
    and parties.source_table = reached.source_table
    and parties.source_event_id = reached.source_event_id
where reached.whose_record = 'parent' or parties.person_id is null
