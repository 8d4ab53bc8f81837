-- One row per person and supplier whose rows about the person are hidden by an objection: one that is listed today, or
-- one that linkage has met and keeps as a tombstone, with the person whom the record belonged to.
-- grain: person_id, supplier
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier whose rows are hidden. | not null
--   withheld_from: First day of the objection; whatever lies before it is hidden, too.
with objections as (
    select _supplier, record_key, scope, from_date from validated.opt_outs
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

tombstones as (
    select supplier, scope, person_id, from_date from registry.tombstones
),

suppliers as (
    select supplier from catalogue.suppliers
),

objectors as (
    select people.person_id, objections._supplier, objections.scope, objections.from_date
    from objections
    inner join people on people.supplier = objections._supplier and people.record_key = objections.record_key
    union all
    select person_id, supplier, scope, from_date
    from tombstones
    where person_id is not null
),

withheld as (
    select objectors.person_id, suppliers.supplier, min(objectors.from_date) as withheld_from
    from objectors
    inner join suppliers on suppliers.supplier = objectors._supplier or objectors.scope = 'project'
    group by objectors.person_id, suppliers.supplier
)

select * from withheld
