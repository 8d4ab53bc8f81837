-- One row per referral to a service, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   episode_id: Id of the episode. | not null
--   service: Kind of service. | not null
--   organisation_id: Organisation that provides it. | not null
--   team_id: Team or site that provides it.
--   referred_date: Referred; null where people walk in.
--   accepted_date: Referral accepted; null if it was not, or not yet.
--   started_date: First attended; null if never.
--   end_date: Ended, or referral turned down; null while open.
--   end_reason: Why it ended.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.service_episodes
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.episode_id,
        delivered.service,
        delivered.organisation_id,
        delivered.team_id,
        delivered.referred_date,
        delivered.accepted_date,
        delivered.started_date,
        delivered.ended_date as end_date,
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
