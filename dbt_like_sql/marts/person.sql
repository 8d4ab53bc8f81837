-- One row per person: what is known of them whoever they are known to.
-- grain: person_id
-- columns:
--   person_id: Stable id of the person. | not null
--   birth_month: First day of the month of birth; null where no supplier knows it.
--   birth_year: Year of birth. | unit: year
--   sex: male, female or unknown. | not null
--   ethnicity5: Ethnic group of five. | not null
--   la_code: Local authority of the last known residence.
--   lsoa21: Small area of the last known residence (LSOA 2021).
--   imd_quintile: Deprivation quintile of the last known residence, 1 most deprived. | unit: quintile
--   death_date: Date of death, from the register of deaths, else the children-in-need census.
--   death_source: Delivered table that the date of death comes from.
--   n_records: Supplier records that were linked to the person. | not null | unit: records
--   n_suppliers: Suppliers that know the person. | not null | unit: suppliers
--   link_pass: Pass of the weakest link that joins the records; null for a person with one record.
--   link_level: Level of that link: strict or main.
--   broad_person_id: The person that this one is part of at the broad level (even odds); mostly itself. To
--     re-run a result on broad links, count by this column. | not null
with spine as (
    select * from registry.person_spine
),

residence as (
    select * from int_residence
),

last_residence as (
    select
        *,
        row_number() over (
            partition by person_id order by valid_to desc, valid_from desc, basis desc, lsoa21, la_code
        ) as nth
    from residence
),

registered_deaths as (
    select person_id, min(event_date) as death_date from stg_health__deaths group by person_id
),

census_deaths as (
    select person_id, min(death_date) as death_date
    from stg_local_authority__cin_children
    where death_date is not null
    group by person_id
)

select
    spine.person_id,
    spine.birth_month,
    cast(extract(year from spine.birth_month) as integer) as birth_year,
    coalesce(spine.sex, 'unknown') as sex,
    coalesce(spine.ethnicity5, 'Unknown') as ethnicity5,
    coalesce(last_residence.la_code, spine.la_code) as la_code,
    last_residence.lsoa21,
    coalesce(last_residence.imd_quintile, spine.imd_quintile) as imd_quintile,
    coalesce(registered_deaths.death_date, census_deaths.death_date) as death_date,
    case
        when registered_deaths.death_date is not null then 'deaths'
        when census_deaths.death_date is not null then 'cin_children'
    end as death_source,
    spine.n_records,
    spine.n_suppliers,
    spine.link_pass,
    spine.link_level,
    coalesce(broad.broad_person_id, spine.person_id) as broad_person_id
from spine
left join last_residence on last_residence.person_id = spine.person_id and last_residence.nth = 1
left join registry.person_broad as broad on broad.person_id = spine.person_id
left join registered_deaths on registered_deaths.person_id = spine.person_id
left join census_deaths on census_deaths.person_id = spine.person_id
