-- One row per stay in hospital (provider spell), so that an admission counts once however many episodes it has.
-- A spell ends with the discharge from its provider: a transfer begins another. Its episodes are in int_apc_episode.
-- grain: spell_id
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the episodes. | not null
--   spell_id: Names the spell. | not null
--   provider: Provider. | not null
--   event_date: Admission. | not null
--   end_date: Discharge; null while in hospital or not recorded.
--   admission_method: Admission method of the first episode. | not null
--   is_emergency: Admitted as an emergency; a transfer in is not. | not null
--   has_diagnosis: At least one diagnosis is recorded in the spell. | not null
--   repair: Rule that changed the discharge (reference.repairs, SP-APC); null for none.
with episodes as (
    select * from int_apc_episode where spell_id is not null
),

codes as (
    select spell_id, source_column from int_apc_code
),

emergency_methods as (
    select code from reference.measure_codes where measure = 'emergency_admission' and counts = 'yes'
),

diagnosed as (
    select spell_id from codes where source_column = 'diagnosis' group by spell_id
),

recorded as (
    select
        spell_id,
        person_id,
        _supplier,
        provider,
        min(admission_date) as event_date,
        max(discharge_date) as discharge_date,
        max(greatest(admission_date, event_date, end_date)) as last_seen_on,
        max(case when nth_of_spell = 1 then admission_method end) as admission_method
    from episodes
    group by spell_id, person_id, _supplier, provider
),

in_order as (
    select
        *,
        lead(event_date) over (
            partition by person_id, _supplier, provider order by event_date, discharge_date nulls last, spell_id
        ) as next_from
    from recorded
),

judged as (
    select
        *,
        case
            when discharge_date < event_date then 'SP-APC-10'
            when discharge_date is null and next_from is not null then 'SP-APC-11'
            when discharge_date > next_from then 'SP-APC-12'
        end as repair
    from in_order
),

described as (
    select
        judged.person_id,
        judged._supplier as supplier,
        judged.spell_id,
        judged.provider,
        judged.event_date,
        case
            when judged.repair in ('SP-APC-10', 'SP-APC-11') then least(judged.last_seen_on, judged.next_from)
            when judged.repair = 'SP-APC-12' then judged.next_from
            else judged.discharge_date
        end as end_date,
        judged.admission_method,
        emergency_methods.code is not null as is_emergency,
        diagnosed.spell_id is not null as has_diagnosis,
        judged.repair
    from judged
    left join emergency_methods on emergency_methods.code = judged.admission_method
    left join diagnosed on diagnosed.spell_id = judged.spell_id
)

select * from described
