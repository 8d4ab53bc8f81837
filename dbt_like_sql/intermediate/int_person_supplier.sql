-- One row per person with an adversity, or on whose record a child's adversity stands, and supplier: could the person be found there, were they, may they be seen.
-- grain: person_id, supplier
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier. | not null
--   linkable: The person's identifiers could pass at least one stage with this supplier, or did. | not null
--   linkable_from: First day from which they could; null for no limit.
--   linked: The supplier has a record of the person. | not null
--   withheld: The supplier's rows about the person are hidden by an objection. | not null
--   link_order: Orders the person's suppliers by the strength of their weakest link, the weakest first and no two
--     alike; null without a link.
--   link_pass: Pass of that link.
--   link_weight: Weight of that link (log2 odds), where a model has scored it.
--   link_level: Level of that link.
with people as (
    select person_id from adversity_event where dates_adversity
    union
    select record_person_id from adversity_event where dates_adversity and record_person_id is not null
),

suppliers as (
    select supplier, row_number() over (order by supplier) as number from catalogue.suppliers
),

linkable as (
    select person_id, supplier, linkable, linkable_from from registry.person_linkable
),

levels as (
    select level, cast(rank as integer) as rank from reference.link_levels
),

links as (
    select
        record_person.person_id,
        record_person.supplier,
        record_person.pass,
        record_person.weight,
        record_person.level,
        levels.rank,
        row_number() over (
            partition by record_person.person_id, record_person.supplier
            order by levels.rank nulls last, record_person.weight nulls last, record_person.pass, record_person.record_key
        ) as nth
    from registry.record_person as record_person
    left join levels on levels.level = record_person.level
),

withheld as (
    select person_id, supplier from int_withheld
),

person_supplier as (
    select
        people.person_id,
        suppliers.supplier,
        coalesce(linkable.linkable, false) or links.person_id is not null as linkable,
        linkable.linkable_from,
        links.person_id is not null as linked,
        withheld.person_id is not null as withheld,
        links.rank * 1000 + suppliers.number as link_order,
        links.pass as link_pass,
        links.weight as link_weight,
        links.level as link_level
    from people
    cross join suppliers
    left join linkable on linkable.person_id = people.person_id and linkable.supplier = suppliers.supplier
    left join links on links.person_id = people.person_id and links.supplier = suppliers.supplier and links.nth = 1
    left join withheld on withheld.person_id = people.person_id and withheld.supplier = suppliers.supplier
)

select * from person_supplier
