-- One row per fact of services, questionnaires, treatment and work that a measure of the library may be read from.
-- grain: person_id, source_table, source_column, code, condition, source_event_id
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the record. | not null
--   source_table: Delivered table that the measure is read from. | not null
--   source_column: Column that held the code, or what stands for it. | not null
--   code: The code; (any) where the record itself is what counts. | not null
--   condition: What reference.measure_codes may ask for besides the code; null for nothing.
--   event_date: Day, or first day of a spell or term. | not null
--   end_date: Last day of a spell or term; null for a single day, and while a spell is open.
--   value: What was measured, in the unit of the measure; null where only that it happened is recorded.
--   denominator: What the value is out of, for a total of a term.
--   organisation_id: Ward, team, school or service that the source names most closely.
--   organisation_kind: school, ward, team or organisation; null without one.
--   belongs: A spell of being with the organisation. | not null
--   source_event_id: Names the event in every table that reads it. | not null
with episodes as (
    select * from stg_any__service_episodes
),

contacts as (
    select * from stg_any__service_contacts where is_attended
),

scores as (
    select * from stg_any__measure_scores
),

treatment as (
    select * from stg_any__substance_treatment
),

work as (
    select * from stg_any__employment_status
),

activity as (
    select * from stg_local_authority__nccis_activity
),

working as (
    select code, counts from reference.measure_codes where measure = 'in_work'
),

facts as (
    select
        person_id, _supplier as supplier, 'service_episodes' as source_table, 'referred_date' as source_column,
        service as code, cast(null as varchar) as condition, referred_date as event_date,
        cast(null as date) as end_date, cast(null as double) as value, cast(null as double) as denominator,
        coalesce(team_id, organisation_id) as organisation_id,
        case when team_id is null then 'organisation' else 'team' end as organisation_kind,
        false as belongs, episode_id as source_event_id
    from episodes
    where referred_date is not null
    union all
    select
        person_id, _supplier, 'service_episodes', 'accepted_date', service, null, accepted_date, null, null, null,
        coalesce(team_id, organisation_id), case when team_id is null then 'organisation' else 'team' end,
        false, episode_id
    from episodes
    where accepted_date is not null
    union all
    select
        person_id, _supplier, 'service_episodes', 'started_date', service, null, started_date, end_date, null, null,
        coalesce(team_id, organisation_id), case when team_id is null then 'organisation' else 'team' end,
        true, episode_id
    from episodes
    where started_date is not null
    union all
    select
        contacts.person_id, contacts._supplier, 'service_contacts', 'attended', episodes.service, null,
        contacts.event_date, null, contacts.minutes, null,
        coalesce(episodes.team_id, contacts.organisation_id),
        case when episodes.team_id is null then 'organisation' else 'team' end, false, contacts.contact_id
    from contacts
    inner join episodes on episodes._supplier = contacts._supplier and episodes.episode_id = contacts.episode_id
    union all
    select
        person_id, _supplier, 'measure_scores', 'score', instrument || ':' || scale, null, event_date, null,
        score, null, null, null, false,
        concat_ws('|', _supplier, person_id, instrument, version, respondent, cast(event_date as varchar))
    from scores
    where score is not null
    union all
    select
        person_id, _supplier, 'substance_treatment', 'started_date', '(any)', null, event_date, end_date,
        null, null, organisation_id, 'organisation', false, treatment_id
    from treatment
    where event_date is not null
    union all
    select
        work.person_id, work._supplier, 'employment_status', 'status', work.status, null, work.event_date, null,
        case when working.counts = 'yes' then case work.status when '01' then 1 else 0 end end,
        null, null, null, false, concat_ws('|', work._supplier, work.person_id, cast(work.event_date as varchar))
    from work
    left join working on working.code = work.status
    union all
    select
        person_id, _supplier, 'nccis_activity', 'activity', activity, null, event_date, null,
        null, null, null, null, false, concat_ws('|', _supplier, person_id, cast(event_date as varchar))
    from activity
)

select
    person_id,
    supplier,
    source_table,
    source_column,
    code,
    condition,
    event_date,
    end_date,
    value,
    denominator,
    organisation_id,
    organisation_kind,
    belongs,
    source_event_id
from facts
