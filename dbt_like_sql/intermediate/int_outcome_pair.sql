-- One row per person with an adversity, domain and outcome: the days between which the outcome can happen to them.
-- grain: pair_id
-- columns:
--   pair_id: Number of the row in this build. | not null
--   index_id: Number of the person and domain in int_adversity_index. | not null
--   person_id: Stable id of the person. | not null
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
with indexes as (
    select index_id, person_id, adversity_domain, index_date, index_event_id from int_adversity_index
),

people as (
    select person_id, birth_month, death_date from person
),

concepts as (
    select
        row_number() over (order by measure) as outcome_number,
        measure as outcome,
        source_table,
        nullif(cast(at_risk_from_age as integer), 0) as at_risk_from_age,
        cast(at_risk_to_age as integer) as at_risk_to_age
    from reference.measures
    where mart = 'outcome_event'
),

both_roles as (
    select adversity_domain, outcome from reference.outcome_both_roles
),

pairs as (
    select
        indexes.index_id * 1000 + concepts.outcome_number as pair_id,
        indexes.index_id,
        indexes.person_id,
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
)

select * from pairs
