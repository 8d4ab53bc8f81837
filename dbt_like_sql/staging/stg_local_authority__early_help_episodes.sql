-- One row per episode of early help, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   episode_id: Id of the episode. | not null
--   event_date: Episode start. | not null
--   end_date: Episode end; null while open.
--   reason: Main reason.
--   end_reason: Why it ended.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.early_help_episodes
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.episode_id,
        delivered.start_date as event_date,
        delivered.end_date,
        delivered.reason,
        delivered.end_reason,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
