-- One row per delivered row and rule that changed it or left it out, so that every repair can be counted and undone.
-- What the rules are: reference.repairs. The delivered row stays as it is in staging; a rule on a whole spell stands
-- beside each row of the spell.
-- grain: rule, source_row
-- columns:
--   rule: Rule. | not null
--   source_table: Delivered table; link_tokens for an address. | not null
--   source_row: Supplier, delivery and row, or for an address the person and its number in int_residence_report. | not null
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the row. | not null
--   event_date: First day in the row, as delivered.
--   end_date: Last day in the row, as delivered.
--   used_to: Last day that is used instead; null where none is.
with episodes_of_care as (
    select
        unnest(repairs) as rule,
        'ssda903_episodes' as source_table,
        concat_ws('|', _supplier, _period, _delivery, cast(_row as varchar)) as source_row,
        person_id,
        _supplier as supplier,
        event_date,
        end_date,
        used_to
    from int_care_episode
    where repairs is not null
),

referrals as (
    select
        unnest(repairs) as rule,
        'cin_referrals' as source_table,
        concat_ws('|', _supplier, _period, _delivery, cast(_row as varchar)) as source_row,
        person_id,
        _supplier as supplier,
        event_date,
        end_date,
        used_to
    from int_cin_report
    where repairs is not null
),

spells as (
    select spell_id, repair, end_date from int_apc_spell where repair is not null
),

episodes_of_hospital_care as (
    select
        unnest(repairs) as rule,
        'apc_episodes' as source_table,
        concat_ws('|', _supplier, _period, _delivery, cast(_row as varchar)) as source_row,
        person_id,
        _supplier as supplier,
        event_date,
        discharge_date as end_date,
        cast(null as date) as used_to
    from int_apc_episode
    where repairs is not null
    union all
    select
        spells.repair,
        'apc_episodes',
        concat_ws('|', episodes._supplier, episodes._period, episodes._delivery, cast(episodes._row as varchar)),
        episodes.person_id,
        episodes._supplier,
        episodes.event_date,
        episodes.discharge_date,
        spells.end_date
    from int_apc_episode as episodes
    inner join spells on spells.spell_id = episodes.spell_id
),

residences as (
    select
        unnest(repairs) as rule,
        case when basis = 'registration' then 'residence' else 'link_tokens' end as source_table,
        case
            when _row is null then concat_ws('|', person_id, cast(report as varchar))
            else concat_ws('|', supplier, _period, _delivery, cast(_row as varchar))
        end as source_row,
        person_id,
        supplier,
        valid_from as event_date,
        valid_to as end_date,
        used_to
    from int_residence_report
    where repairs is not null
),

attendances as (
    select
        unnest(repairs) as rule,
        'ecds_attendances' as source_table,
        concat_ws('|', _supplier, _period, _delivery, cast(_row as varchar)) as source_row,
        person_id,
        _supplier as supplier,
        event_date,
        cast(null as date) as end_date,
        cast(null as date) as used_to
    from int_ecds_attendance
    where repairs is not null
),

repairs as (
    select * from episodes_of_care
    union all
    select * from referrals
    union all
    select * from episodes_of_hospital_care
    union all
    select * from residences
    union all
    select * from attendances
)

select * from repairs
