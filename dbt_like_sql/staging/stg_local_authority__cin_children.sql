-- One row per child in the children-in-need census, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   birth_month: Month of birth; null for an unborn child.
--   expected_birth_month: Expected month of birth of an unborn child.
--   death_date: Date of death.
--   upn_unknown: Why there is no unique pupil number.
--   sex_code: Sex; gender up to 2024, as recorded. | not null
--   sex: Sex, harmonised: male, female or unknown. | not null
--   ethnicity_code: Ethnic group, as recorded. | not null
--   ethnicity5: Ethnic group of five. | not null
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.cin_children
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
        delivered.birth_month,
        delivered.expected_birth_month,
        delivered.death_date,
        delivered.upn_unknown,
        delivered.sex as sex_code,
        coalesce(sexes.sex, 'unknown') as sex,
        delivered.ethnicity as ethnicity_code,
        coalesce(ethnicities.ons_5_group, 'Unknown') as ethnicity5,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
    left join sexes on sexes.code_list = 'cin.sex' and sexes.code = delivered.sex
    left join ethnicities
        on ethnicities.source_system = 'DfE (903, CIN, school census)'
        and ethnicities.source_code = delivered.ethnicity
)

select * from renamed
