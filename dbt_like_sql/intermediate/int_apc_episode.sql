-- One row per episode of hospital care as delivered, with the name of the stay in hospital (provider spell) it is part
-- of, or the rule that leaves it out, and every repair by its rule (reference.repairs, SP-APC). The delivered row
-- itself stays as it is in staging.
-- A spell is named by its number; without one by that of another episode of the same admission, else by its day.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   episode_id: Episode key. | not null
--   provider: Provider. | not null
--   spell_id: Names the spell in every table that reads it; null for an episode left out.
--   admission_date: Admission. | not null
--   event_date: Episode start. | not null
--   end_date: Episode end.
--   discharge_date: Discharge; null while in hospital or not recorded.
--   nth_of_spell: Order of the episode in its spell by its days; null for an episode left out. | unit: episodes
--   admission_method: Admission method. | not null
--   admission_source: Admission source.
--   discharge_destination: Discharge destination.
--   diagnoses: Every diagnosis of the episode (ICD-10), null where a place is empty.
--   repairs: Rules that changed the row or left it out; null for none.
--   _supplier: Supplier of the episode. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _row: Row in the delivered file, counted from 1. | not null
with delivered as (
    select * from stg_health__apc_episodes
),

sorted as (
    select
        person_id,
        episode_id,
        provider,
        provider_spell_id,
        admission_date,
        event_date,
        end_date,
        discharge_date,
        episode_order,
        case
            when episode_status <> '3' then 'SP-APC-01'
            when episode_type <> '1' then 'SP-APC-02'
            when
                row_number() over (
                    partition by
                        person_id, _supplier, provider, admission_date, event_date, end_date, episode_order,
                        diagnosis_01, episode_status, episode_type
                    order by _period desc, _delivery desc, _row desc
                ) > 1
                then 'SP-APC-03'
        end as left_out_by,
        _supplier,
        _period,
        _delivery,
        _row
    from delivered
),

numbered as (
    select
        *,
        coalesce(
            provider_spell_id,
            min(provider_spell_id) over (partition by person_id, _supplier, provider, admission_date)
        ) as spell_number
    from sorted
    where left_out_by is null
),

named as (
    select
        *,
        concat_ws(
            '|', _supplier, person_id, provider, coalesce(spell_number, cast(admission_date as varchar))
        ) as spell_id,
        min(person_id) over of_one_number <> max(person_id) over of_one_number as is_shared_number
    from numbered
    window of_one_number as (partition by _supplier, provider, provider_spell_id)
),

in_order as (
    select
        *,
        row_number() over by_day as nth_of_spell,
        lag(episode_order) over by_day as previous_order,
        min(admission_date) over (partition by spell_id) as spell_from,
        max(discharge_date) over (partition by spell_id) as spell_to
    from named
    window by_day as (partition by spell_id order by event_date, episode_order, episode_id, _period, _delivery, _row)
),

counted as (
    select
        spell_id,
        nth_of_spell,
        concat_ws(
            ' ',
            case when provider_spell_id is null and spell_number is not null then 'SP-APC-04' end,
            case when spell_number is null then 'SP-APC-05' end,
            case when admission_date > spell_from then 'SP-APC-06' end,
            case when discharge_date < spell_to then 'SP-APC-07' end,
            case when episode_order <= previous_order then 'SP-APC-08' end,
            case when provider_spell_id is not null and is_shared_number then 'SP-APC-09' end
        ) as repairs,
        _supplier,
        _period,
        _delivery,
        _row
    from in_order
),

placed as (
    select * from counted
    union all
    select
        cast(null as varchar) as spell_id,
        cast(null as bigint) as nth_of_spell,
        left_out_by as repairs,
        _supplier,
        _period,
        _delivery,
        _row
    from sorted
    where left_out_by is not null
)

select
    delivered.person_id,
    delivered.episode_id,
    delivered.provider,
    placed.spell_id,
    delivered.admission_date,
    delivered.event_date,
    delivered.end_date,
    delivered.discharge_date,
    placed.nth_of_spell,
    delivered.admission_method,
    delivered.admission_source,
    delivered.discharge_destination,
    [
        delivered.diagnosis_01, delivered.diagnosis_02, delivered.diagnosis_03, delivered.diagnosis_04,
        delivered.diagnosis_05, delivered.diagnosis_06, delivered.diagnosis_07, delivered.diagnosis_08,
        delivered.diagnosis_09, delivered.diagnosis_10, delivered.diagnosis_11, delivered.diagnosis_12,
        delivered.diagnosis_13, delivered.diagnosis_14, delivered.diagnosis_15, delivered.diagnosis_16,
        delivered.diagnosis_17, delivered.diagnosis_18, delivered.diagnosis_19, delivered.diagnosis_20
    ] as diagnoses,
    string_split(nullif(placed.repairs, ''), ' ') as repairs,
    delivered._supplier,
    delivered._period,
    delivered._delivery,
    delivered._row
from delivered
inner join placed
    on placed._supplier = delivered._supplier
    and placed._period = delivered._period
    and placed._delivery = delivered._delivery
    and placed._row = delivered._row
