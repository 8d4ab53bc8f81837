-- One row per attendance at an emergency department, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   attendance_id: EC_Ident, re-keyed. | not null
--   event_date: Arrival. | not null
--   event_time: Arrival, UK wall time; null where the time was not recorded.
--   department_type: Kind of department.
--   attendance_category: Unplanned or planned. | not null
--   chief_complaint: Chief complaint (SNOMED CT).
--   diagnoses: All diagnoses (SNOMED CT), comma-separated.
--   injury_intent: Injury intent (SNOMED CT).
--   discharge_destination: Discharge destination (SNOMED CT).
--   accommodation_status: Accommodation status (SNOMED CT).
--   is_duplicate: Marked by the supplier as a copy of another row (Der_Dupe_Flag); null: not marked.
--   age_at_arrival: Age at arrival. | unit: years
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
    select * from validated.ecds_attendances
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
        delivered.attendance_id,
        delivered.arrival_date as event_date,
        cast(cast(delivered.arrival_date as varchar) || ' ' || delivered.arrival_time as timestamp) as event_time,
        delivered.department_type,
        delivered.attendance_category,
        delivered.chief_complaint,
        delivered.diagnoses,
        delivered.injury_intent,
        delivered.discharge_destination,
        delivered.accommodation_status,
        delivered.duplicate as is_duplicate,
        delivered.age_at_arrival,
        delivered.birth_month,
        delivered.sex as sex_code,
        coalesce(sexes.sex, 'unknown') as sex,
        delivered.ethnic_category as ethnicity_code,
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
        and ethnicities.source_code = delivered.ethnic_category
)

select * from renamed
