-- One row per finished general episode, with the name of the stay in hospital (provider spell) it is part of.
-- A spell is named by its number, or where there is none by the day of admission.
-- grain: _supplier, episode_id
-- columns:
--   person_id: Stable id of the person. | not null
--   _supplier: Supplier of the episode. | not null
--   episode_id: Episode key. | not null
--   spell_id: Names the spell in every table that reads it. | not null
--   admission_date: Admission. | not null
--   event_date: Episode start. | not null
--   discharge_date: Discharge; null while in hospital or not recorded.
--   episode_order: Order of the episode in its spell. | not null
--   admission_method: Admission method. | not null
--   admission_source: Admission source.
--   discharge_destination: Discharge destination.
--   diagnoses: Every diagnosis of the episode (ICD-10), null where a place is empty.
with episodes as (
    select * from stg_health__apc_episodes
),

finished as (
    select
        person_id,
        _supplier,
        episode_id,
        concat_ws(
            '|', _supplier, person_id, provider, coalesce(provider_spell_id, cast(admission_date as varchar))
        ) as spell_id,
        admission_date,
        event_date,
        discharge_date,
        episode_order,
        admission_method,
        admission_source,
        discharge_destination,
        [
            diagnosis_01, diagnosis_02, diagnosis_03, diagnosis_04, diagnosis_05,
            diagnosis_06, diagnosis_07, diagnosis_08, diagnosis_09, diagnosis_10,
            diagnosis_11, diagnosis_12, diagnosis_13, diagnosis_14, diagnosis_15,
            diagnosis_16, diagnosis_17, diagnosis_18, diagnosis_19, diagnosis_20
        ] as diagnoses
    from episodes
    where episode_status = '3' and episode_type = '1'
)

select * from finished
