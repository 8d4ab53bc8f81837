-- One row per person with an adversity, domain and outcome of which some record was seen at the ages of the outcome,
-- or may have been: the record could be one but for a blank. The event that dates the adversity is never among them.
-- grain: pair_id
-- columns:
--   pair_id: Number of the row in int_outcome_pair. | not null
--   seen_before: Seen on days -365 to -1. | not null
--   seen_day0: Seen on day 0. | not null
--   outcome_date: First day from day 1 on which it was seen.
--   unknown_before: A record that cannot be judged may lie on days -365 to -1. | not null
--   unknown_from: First day from day 1 on which a record that cannot be judged may lie.
with pairs as (
    select pair_id, person_id, outcome, index_date, index_event_id, at_risk_from, at_risk_to
    from int_outcome_pair
),

records as (
    select person_id, outcome, event_date, counts, source_event_id from int_outcome_record
),

placed as (
    select
        pairs.pair_id,
        pairs.index_date,
        records.event_date,
        records.counts = 'yes' as counts
    from pairs
    inner join records
        on records.person_id = pairs.person_id
        and records.outcome = pairs.outcome
        and records.source_event_id <> pairs.index_event_id
    where records.event_date is null or records.event_date between pairs.at_risk_from and pairs.at_risk_to
),

seen as (
    select
        pair_id,
        coalesce(bool_or(counts and event_date between index_date - 365 and index_date - 1), false) as seen_before,
        coalesce(bool_or(counts and event_date = index_date), false) as seen_day0,
        min(case when counts and event_date > index_date then event_date end) as outcome_date,
        bool_or(
            not counts and (event_date is null or event_date between index_date - 365 and index_date - 1)
        ) as unknown_before,
        min(
            case
                when counts then null
                when event_date is null then index_date + 1
                when event_date > index_date then event_date
            end
        ) as unknown_from
    from placed
    group by pair_id
)

select * from seen
