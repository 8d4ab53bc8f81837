-- One row per relationship, as delivered: the related person is the <kind> of the person.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   related_person_id: Stable id of the related person. | not null
--   kind: What the related person is to the person. | not null
--   basis: Kind of record that says so. | not null
--   valid_from: First day; null where it is not stated.
--   valid_to: Last day; null: still holds.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.relationships
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        related.person_id as related_person_id,
        delivered.kind,
        delivered.basis,
        delivered.valid_from,
        delivered.valid_to,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
    left join people as related
        on related.supplier = delivered._supplier and related.record_key = delivered.related_record_key
)

select * from renamed
