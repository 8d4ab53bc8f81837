-- One row per person and role in a crime, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   crime_id: Crime number, re-keyed. | not null
--   role: Role in the crime. | not null
--   age_at_offence: Age at the offence. | unit: years
--   observed_ethnicity_code: Ethnicity, officer-observed.
--   relationship_to_victim: What a suspect or offender is to the victim.
--   sex_code: Sex, as recorded.
--   sex: Sex, harmonised: male, female or unknown. | not null
--   ethnicity_code: Ethnicity, self-defined, as recorded.
--   ethnicity5: Ethnic group of five. | not null
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.police_crime_persons
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

sexes as (
    select code_list, code, sex from reference.sex
),

ethnicities as (
    select source_system, source_code, ons_5_group from reference.ethnicity
),

renamed as (
    select
        people.person_id,
        delivered.crime_id,
        delivered.role,
        delivered.age_at_offence,
        delivered.observed_ethnicity as observed_ethnicity_code,
        delivered.relationship_to_victim,
        delivered.sex as sex_code,
        coalesce(sexes.sex, 'unknown') as sex,
        delivered.self_defined_ethnicity as ethnicity_code,
        coalesce(ethnicities.ons_5_group, 'Unknown') as ethnicity5,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
    left join sexes on sexes.code_list = 'police.sex' and sexes.code = delivered.sex
    left join ethnicities
        on ethnicities.source_system = 'Police self-defined 16+1 / 18+1'
        and ethnicities.source_code = delivered.self_defined_ethnicity
)

select * from renamed
