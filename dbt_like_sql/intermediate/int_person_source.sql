-- One row per person with an adversity and delivered table that outcomes are read from, over all its suppliers.
-- grain: person_id, source_table
-- columns:
--   person_id: Stable id of the person. | not null
--   source_table: Delivered table. | not null
--   linkable: Some supplier of the table could find the person. | not null
--   withheld: Some supplier of the table hides its rows about the person. | not null
--   link_order: Orders links by strength, the weakest first; null without a link.
--   link_pass: Pass of the weakest link to a supplier of the table.
--   link_weight: Weight of that link (log2 odds), where a model has scored it.
--   link_level: Level of that link.
with person_supplier as (
    select * from int_person_supplier
),

outcome_tables as (
    select supplier_tables.supplier, supplier_tables.table_name
    from catalogue.supplier_tables as supplier_tables
    inner join reference.measures as measures
        on measures.source_table = supplier_tables.table_name and measures.mart = 'outcome_event'
    group by supplier_tables.supplier, supplier_tables.table_name
),

person_source as (
    select
        person_supplier.person_id,
        outcome_tables.table_name as source_table,
        bool_or(person_supplier.linkable) as linkable,
        bool_or(person_supplier.withheld) as withheld,
        min(person_supplier.link_order) as link_order,
        min_by(person_supplier.link_pass, person_supplier.link_order) as link_pass,
        min_by(person_supplier.link_weight, person_supplier.link_order) as link_weight,
        min_by(person_supplier.link_level, person_supplier.link_order) as link_level
    from person_supplier
    inner join outcome_tables on outcome_tables.supplier = person_supplier.supplier
    group by person_supplier.person_id, outcome_tables.table_name
)

select * from person_source
