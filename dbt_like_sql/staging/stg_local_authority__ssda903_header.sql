-- One row per child looked after in the collection year, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   birth_month: Month of birth. | not null
--   is_mother: Whether the child is herself a mother.
--   own_child_birth_month: Month of birth of the child's own child.
--   sex_code: Sex, as recorded. | not null
--   sex: Sex, harmonised: male, female or unknown. | not null
--   ethnicity_code: Ethnic group, as recorded. | not null
--   ethnicity5: Ethnic group of five. | not null
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.ssda903_header
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
        delivered.mother as is_mother,
        delivered.mc_birth_month as own_child_birth_month,
        delivered.sex as sex_code,
        coalesce(sexes.sex, 'unknown') as sex,
        delivered.ethnic as ethnicity_code,
        coalesce(ethnicities.ons_5_group, 'Unknown') as ethnicity5,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
    left join sexes on sexes.code_list = 'ssda903.sex' and sexes.code = delivered.sex
    left join ethnicities
        on ethnicities.source_system = 'DfE (903, CIN, school census)'
        and ethnicities.source_code = delivered.ethnic
)

select * from renamed
