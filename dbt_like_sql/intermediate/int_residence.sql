-- One row per person and stretch of known residence: general-practice registration, and before the first of it
-- the addresses that came with other suppliers' identifiers. A day after the last registration is a day away.
-- An address without a first day is not known to hold on any day.
-- grain: person_id, basis, lsoa21, la_code, valid_from, valid_to
-- columns:
--   person_id: Stable id of the person. | not null
--   basis: registration, or link_tokens for an address that came with identifiers. | not null
--   lsoa21: Small area (LSOA 2021); null where only the authority is known.
--   la_code: Local authority; null outside the areas of the lookup.
--   imd_quintile: Deprivation quintile of the small area, 1 most deprived. | unit: quintile
--   valid_from: First day. | not null
--   valid_to: Last day; 2999-12-31 while the person still lives there. | not null
with registrations as (
    select person_id, lsoa21, valid_from, coalesce(valid_to, date '2999-12-31') as valid_to
    from stg_health__residence
),

small_areas as (
    select
        lsoa21_code,
        min(ltla22_code) as la_code,
        cast(ceil(min(cast(imd2025_decile as integer)) / 2.0) as integer) as imd_quintile
    from reference.lsoa_lookup
    group by lsoa21_code
),

addresses as (
    select person_id, la_code, valid_from, coalesce(valid_to, date '2999-12-31') as valid_to
    from registry.person_area
    where valid_from is not null and la_code is not null
),

first_registrations as (
    select person_id, min(valid_from) as registered_from from registrations group by person_id
),

before_registration as (
    select
        addresses.person_id,
        addresses.la_code,
        addresses.valid_from,
        case
            when first_registrations.registered_from <= addresses.valid_to
                then first_registrations.registered_from - 1
            else addresses.valid_to
        end as valid_to
    from addresses
    left join first_registrations on first_registrations.person_id = addresses.person_id
),

stretches as (
    select person_id, 'registration' as basis, lsoa21, null as known_la_code, valid_from, valid_to
    from registrations
    union
    select person_id, 'link_tokens' as basis, null as lsoa21, la_code as known_la_code, valid_from, valid_to
    from before_registration
),

residence as (
    select
        stretches.person_id,
        stretches.basis,
        stretches.lsoa21,
        coalesce(small_areas.la_code, stretches.known_la_code) as la_code,
        small_areas.imd_quintile,
        stretches.valid_from,
        stretches.valid_to
    from stretches
    left join small_areas on small_areas.lsoa21_code = stretches.lsoa21
    where stretches.valid_from <= stretches.valid_to
)

select * from residence
