-- One row per person with an adversity, domain and outcome: the days between which the outcome can happen to the
-- person, and how long they are followed without a break from the day after the adversity.
-- grain: person_id, adversity_domain, outcome
-- columns:
--   person_id: Stable id of the person. | not null
--   adversity_domain: Domain of the crosswalk. | not null
--   outcome: Outcome concept. | not null
--   source_table: Delivered table that the outcome is read from. | not null
--   index_date: Day 0. | not null
--   index_event_id: Names the event of day 0, which is never its own outcome. | not null
--   at_risk_from: First day at the ages of the outcome. | not null
--   at_risk_to: Last day at the ages of the outcome. | not null
--   is_age_unknown: The outcome has ages and the person's month of birth is not known. | not null
--   in_both_roles: The outcome is one of the concepts that date the domain. | not null
--   born_on: Day from which ages are counted, the 15th of the month of birth.
--   death_date: Date of death.
--   followed_to: Last day of unbroken usable time at risk that includes day 1; null where day 1 is not.
--   end_reason: What ends it: death, moved_out, coverage_end or age_limit, the first of them on one day.
with indexes as (
    select person_id, adversity_domain, index_date, index_event_id from int_adversity_index
),

people as (
    select person_id, birth_month, death_date from person
),

concepts as (
    select
        outcome,
        source_table,
        nullif(cast(at_risk_from_age as integer), 0) as at_risk_from_age,
        cast(at_risk_to_age as integer) as at_risk_to_age
    from reference.outcome_concepts
),

both_roles as (
    select adversity_domain, outcome from reference.outcome_both_roles
),

intervals as (
    select person_id, source_table, interval_from, interval_to, ended_by
    from int_source_interval
    where worth = 'usable'
),

pairs as (
    select
        indexes.person_id,
        indexes.adversity_domain,
        concepts.outcome,
        concepts.source_table,
        indexes.index_date,
        indexes.index_event_id,
        coalesce(
            make_date(
                cast(extract(year from people.birth_month) as integer) + concepts.at_risk_from_age,
                cast(extract(month from people.birth_month) as integer),
                15
            ),
            date '1900-01-01'
        ) as at_risk_from,
        coalesce(
            make_date(
                cast(extract(year from people.birth_month) as integer) + concepts.at_risk_to_age + 1,
                cast(extract(month from people.birth_month) as integer),
                15
            ) - 1,
            date '2999-12-31'
        ) as at_risk_to,
        people.birth_month is null
        and coalesce(concepts.at_risk_from_age, concepts.at_risk_to_age) is not null as is_age_unknown,
        both_roles.outcome is not null as in_both_roles,
        people.birth_month + 14 as born_on,
        people.death_date
    from indexes
    inner join people on people.person_id = indexes.person_id
    cross join concepts
    left join both_roles
        on both_roles.adversity_domain = indexes.adversity_domain and both_roles.outcome = concepts.outcome
),

followed as (
    select
        pairs.*,
        case
            when intervals.interval_to is null then null
            when pairs.death_date = pairs.index_date then pairs.index_date
            when pairs.index_date + 1 between pairs.at_risk_from and pairs.at_risk_to
                then least(intervals.interval_to, pairs.at_risk_to)
        end as followed_to,
        case
            when pairs.death_date = pairs.index_date then 'death'
            when pairs.at_risk_to < intervals.interval_to then 'age_limit'
            else intervals.ended_by
        end as end_reason
    from pairs
    left join intervals
        on intervals.person_id = pairs.person_id
        and intervals.source_table = pairs.source_table
        and case when pairs.death_date = pairs.index_date then pairs.index_date else pairs.index_date + 1 end
        between intervals.interval_from and intervals.interval_to
)

select
    person_id,
    adversity_domain,
    outcome,
    source_table,
    index_date,
    index_event_id,
    at_risk_from,
    at_risk_to,
    is_age_unknown,
    in_both_roles,
    born_on,
    death_date,
    followed_to,
    case when followed_to is not null then end_reason end as end_reason
from followed
