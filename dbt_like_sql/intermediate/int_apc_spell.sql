-- One row per stay in hospital (provider spell), so that an admission counts once however many episodes it has.
-- grain: spell_id
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the episodes. | not null
--   spell_id: Names the spell. | not null
--   event_date: Admission. | not null
--   end_date: Discharge; null while in hospital or not recorded.
--   admission_method: Admission method of the first episode. | not null
--   is_emergency: Admitted as an emergency; a transfer in is not. | not null
--   has_diagnosis: At least one diagnosis is recorded in the spell. | not null
with episodes as (
    select * from int_apc_episode
),

codes as (
    select spell_id, source_column from int_apc_code
),

emergency_methods as (
    select code from reference.outcome_codes where outcome = 'emergency_admission' and counts = 'yes'
),

diagnosed as (
    select spell_id from codes where source_column = 'diagnosis' group by spell_id
),

in_order as (
    select
        *,
        row_number() over (
            partition by spell_id order by admission_date, episode_order, event_date, episode_id
        ) as nth
    from episodes
),

spells as (
    select
        spell_id,
        person_id,
        _supplier,
        min(admission_date) as event_date,
        max(discharge_date) as end_date,
        max(case when nth = 1 then admission_method end) as admission_method
    from in_order
    group by spell_id, person_id, _supplier
),

described as (
    select
        spells.person_id,
        spells._supplier as supplier,
        spells.spell_id,
        spells.event_date,
        spells.end_date,
        spells.admission_method,
        emergency_methods.code is not null as is_emergency,
        diagnosed.spell_id is not null as has_diagnosis
    from spells
    left join emergency_methods on emergency_methods.code = spells.admission_method
    left join diagnosed on diagnosed.spell_id = spells.spell_id
)

select * from described
