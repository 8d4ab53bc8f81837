-- One row per finished consultant episode of admitted patient care, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   episode_id: Episode key, re-keyed. | not null
--   provider_spell_id: Provider spell number, re-keyed.
--   provider: Provider. | not null
--   admission_date: Admission. | not null
--   event_date: Episode start. | not null
--   end_date: Episode end.
--   discharge_date: Discharge.
--   admission_method: Admission method. | not null
--   admission_source: Admission source.
--   discharge_method: Discharge method.
--   discharge_destination: Discharge destination.
--   episode_order: Order of the episode in its spell. | not null | unit: episodes
--   episode_status: Episode status. | not null
--   episode_type: Episode type. | not null
--   patient_class: Patient classification.
--   diagnosis_01: Diagnosis 1.
--   diagnosis_02: Diagnosis 2.
--   diagnosis_03: Diagnosis 3.
--   diagnosis_04: Diagnosis 4.
--   diagnosis_05: Diagnosis 5.
--   diagnosis_06: Diagnosis 6.
--   diagnosis_07: Diagnosis 7.
--   diagnosis_08: Diagnosis 8.
--   diagnosis_09: Diagnosis 9.
--   diagnosis_10: Diagnosis 10.
--   diagnosis_11: Diagnosis 11.
--   diagnosis_12: Diagnosis 12.
--   diagnosis_13: Diagnosis 13.
--   diagnosis_14: Diagnosis 14.
--   diagnosis_15: Diagnosis 15.
--   diagnosis_16: Diagnosis 16.
--   diagnosis_17: Diagnosis 17.
--   diagnosis_18: Diagnosis 18.
--   diagnosis_19: Diagnosis 19.
--   diagnosis_20: Diagnosis 20.
--   birth_month: Month of birth.
--   sex_code: Sex, as recorded.
--   sex: Sex, harmonised: male, female or unknown. | not null
--   ethnicity_code: Ethnic category, as recorded.
--   ethnicity5: Ethnic group of five. | not null
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.apc_episodes
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
        delivered.epikey as episode_id,
        delivered.provspnops as provider_spell_id,
        delivered.procode3 as provider,
        delivered.admidate as admission_date,
        delivered.epistart as event_date,
        delivered.epiend as end_date,
        delivered.disdate as discharge_date,
        delivered.admimeth as admission_method,
        delivered.admisorc as admission_source,
        delivered.dismeth as discharge_method,
        delivered.disdest as discharge_destination,
        delivered.epiorder as episode_order,
        delivered.epistat as episode_status,
        delivered.epitype as episode_type,
        delivered.classpat as patient_class,
        delivered.diag_01 as diagnosis_01,
        delivered.diag_02 as diagnosis_02,
        delivered.diag_03 as diagnosis_03,
        delivered.diag_04 as diagnosis_04,
        delivered.diag_05 as diagnosis_05,
        delivered.diag_06 as diagnosis_06,
        delivered.diag_07 as diagnosis_07,
        delivered.diag_08 as diagnosis_08,
        delivered.diag_09 as diagnosis_09,
        delivered.diag_10 as diagnosis_10,
        delivered.diag_11 as diagnosis_11,
        delivered.diag_12 as diagnosis_12,
        delivered.diag_13 as diagnosis_13,
        delivered.diag_14 as diagnosis_14,
        delivered.diag_15 as diagnosis_15,
        delivered.diag_16 as diagnosis_16,
        delivered.diag_17 as diagnosis_17,
        delivered.diag_18 as diagnosis_18,
        delivered.diag_19 as diagnosis_19,
        delivered.diag_20 as diagnosis_20,
        delivered.birth_month,
        delivered.sex as sex_code,
        coalesce(sexes.sex, 'unknown') as sex,
        delivered.ethnos as ethnicity_code,
        coalesce(ethnicities.ons_5_group, 'Unknown') as ethnicity5,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
    left join sexes on sexes.code_list = 'hes.sex' and sexes.code = delivered.sex
    left join ethnicities
        on ethnicities.source_system = 'NHS data dictionary 2001-based'
        and ethnicities.source_code = delivered.ethnos
)

select * from renamed
