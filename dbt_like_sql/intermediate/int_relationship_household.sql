-- One row per pair of people who live at one address, each way round, and unbroken time. Linkage tells it from
-- address tokens alone: never from a postcode or a small area, with at most ten people at the address at once. An
-- address does not say which supplier told it, so whoever objected to any supplier is left out.
-- grain: person_id, related_person_id, valid_from
-- columns:
--   person_id: Stable id of the person. | not null
--   related_person_id: Stable id of the other. | not null
--   valid_from: First day. | not null
--   valid_to: Last day; null: still holds.
--   is_corroborated: At least two suppliers know of both people's stays at the address. | not null
with households as (
    select * from registry.person_household
),

objectors as (
    select person_id from int_withheld group by person_id
),

visible as (
    select
        households.person_id,
        households.related_person_id,
        households.valid_from,
        households.valid_to,
        households.confidence = 'several_suppliers' as is_corroborated
    from households
    left join objectors on objectors.person_id = households.person_id
    left join objectors as related_objectors on related_objectors.person_id = households.related_person_id
    where objectors.person_id is null and related_objectors.person_id is null
)

select * from visible
