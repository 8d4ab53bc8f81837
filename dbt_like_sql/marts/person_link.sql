-- One row per person and supplier: how well the supplier's records are linked to the person's others.
-- To see whether a result hangs on weak links, leave out the events of suppliers whose link is not strict.
-- grain: person_id, supplier
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the records. | not null
--   n_records: Records of the supplier that are this person. | not null | unit: records
--   link_pass: What tied the most weakly tied of them to another record of the person: the name of a key, or
--     model; null where the person has no other record.
--   link_level: strict or main: the level of that tie; null as above.
--   link_weight: Lowest match weight of the records that the model tied, in whole bits, so that it does not
--     tell how rare a name is (4 is 16 to 1); null where keys did.
--     | unit: log2 odds
--   link_lead: Smallest lead of such a record over the next best candidate, in whole bits; null where there was
--     none.
--     | unit: log2 odds
with records as (
    select
        person_id,
        supplier,
        pass,
        level,
        weight,
        weight - runner_up_weight as lead,
        case level when 'main' then 1 when 'strict' then 2 else 3 end as strength
    from registry.record_person
),

known as (
    select person_id from registry.person_spine
),

weakest as (
    select
        records.*,
        row_number() over (
            partition by records.person_id, records.supplier
            order by records.strength, records.weight nulls last, records.pass
        ) as nth
    from records
    inner join known on known.person_id = records.person_id
)

select
    person_id,
    supplier,
    cast(count(*) as integer) as n_records,
    max(pass) filter (where nth = 1) as link_pass,
    max(level) filter (where nth = 1) as link_level,
    cast(round(min(weight)) as integer) as link_weight,
    cast(round(min(lead)) as integer) as link_lead
from weakest
group by person_id, supplier
