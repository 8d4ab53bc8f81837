-- One row per person with an adversity and delivered table, over all suppliers of that table.
-- grain: person_id, source_table
-- columns:
--   person_id: Stable id of the person. | not null
--   source_table: Delivered table. | not null
--   linkable: Some supplier of the table could find the person. | not null
--   withheld: Some supplier of the table hides its rows about the person. | not null
--   link_rank: Strength of the weakest link to a supplier of the table, 1 the weakest; null without a link.
--   link_pass: Pass of that link.
--   link_weight: Weight of that link (log2 odds), where a model has scored it.
--   link_level: Level of that link.
with person_supplier as (
    select * from int_person_supplier
),

supplier_tables as (
    select supplier, table_name from catalogue.supplier_tables
),

ranked as (
    select
        person_supplier.*,
        supplier_tables.table_name,
        row_number() over (
            partition by person_supplier.person_id, supplier_tables.table_name
            order by person_supplier.link_rank nulls last, person_supplier.supplier
        ) as nth
    from person_supplier
    inner join supplier_tables on supplier_tables.supplier = person_supplier.supplier
),

person_source as (
    select
        person_id,
        table_name as source_table,
        bool_or(linkable) as linkable,
        bool_or(withheld) as withheld,
        max(case when nth = 1 then link_rank end) as link_rank,
        max(case when nth = 1 then link_pass end) as link_pass,
        max(case when nth = 1 then link_weight end) as link_weight,
        max(case when nth = 1 then link_level end) as link_level
    from ranked
    group by person_id, table_name
)

select * from person_source
