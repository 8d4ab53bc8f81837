-- One row per person with an adversity, domain and outcome of which a source covers some day: how many days of each
-- window were observed, and how long the person is followed without a break from the day after the adversity.
-- grain: pair_id
-- columns:
--   pair_id: Number of the row in int_outcome_pair. | not null
--   followed_to: Last day of unbroken usable time at risk that includes day 1; null where day 1 is not. For a person
--     who died on day 0 and was covered, day 0.
--   end_reason: What ends it: death, moved_out, coverage_end or age_limit, the first of them on one day.
--   is_day0_covered: Day 0 is usable. | not null
--   days_before: Usable days at risk of days -365 to -1. | not null | unit: days
--   days_365: Usable days at risk of days 1 to 365. | not null | unit: days
--   days_730: Usable days at risk of days 1 to 730. | not null | unit: days
--   unlinked_before: A register that should know the person covers a day of -365 to -1. | not null
--   unlinked_365: A register that should know the person covers a day of 1 to 365. | not null
--   unlinked_730: A register that should know the person covers a day of 1 to 730. | not null
--   not_linkable_before: A source that could not find the person covers a day of -365 to -1. | not null
--   not_linkable_365: A source that could not find the person covers a day of 1 to 365. | not null
--   not_linkable_730: A source that could not find the person covers a day of 1 to 730. | not null
with pairs as (
    select * from int_outcome_pair
),

intervals as (
    select person_id, source_table, worth, interval_from, interval_to, ended_by from int_source_interval
),

spans as (
    select
        pairs.pair_id,
        pairs.index_date,
        pairs.death_date,
        pairs.at_risk_to,
        intervals.worth,
        intervals.interval_from,
        intervals.interval_to,
        intervals.ended_by,
        pairs.index_date + 1 between pairs.at_risk_from and pairs.at_risk_to as is_at_risk_on_day_1,
        date_diff('day', pairs.index_date, greatest(intervals.interval_from, pairs.at_risk_from)) as first_day,
        date_diff('day', pairs.index_date, least(intervals.interval_to, pairs.at_risk_to)) as last_day,
        date_diff('day', pairs.index_date, coalesce(pairs.born_on, pairs.index_date - 365)) as birth_day
    from pairs
    inner join intervals on intervals.person_id = pairs.person_id and intervals.source_table = pairs.source_table
),

counted as (
    select
        *,
        greatest(0, least(last_day, -1) - greatest(first_day, birth_day, -365) + 1) as days_before,
        greatest(0, least(last_day, 365) - greatest(first_day, 1) + 1) as days_365,
        greatest(0, least(last_day, 730) - greatest(first_day, 1) + 1) as days_730,
        worth = 'usable' and index_date between interval_from and interval_to as holds_day_0,
        worth = 'usable' and (
            case when death_date = index_date then index_date else index_date + 1 end
            between interval_from and interval_to
        ) as holds_the_start
    from spans
),

followed as (
    select
        *,
        case
            when not holds_the_start then null
            when death_date = index_date then index_date
            when is_at_risk_on_day_1 then least(interval_to, at_risk_to)
        end as followed_to,
        case
            when death_date = index_date then 'death'
            when at_risk_to < interval_to then 'age_limit'
            else ended_by
        end as end_reason
    from counted
)

select
    pair_id,
    max(followed_to) as followed_to,
    max(case when followed_to is not null then end_reason end) as end_reason,
    bool_or(holds_day_0) as is_day0_covered,
    sum(case when worth = 'usable' then days_before else 0 end) as days_before,
    sum(case when worth = 'usable' then days_365 else 0 end) as days_365,
    sum(case when worth = 'usable' then days_730 else 0 end) as days_730,
    bool_or(worth = 'unlinked' and days_before > 0) as unlinked_before,
    bool_or(worth = 'unlinked' and days_365 > 0) as unlinked_365,
    bool_or(worth = 'unlinked' and days_730 > 0) as unlinked_730,
    bool_or(worth = 'not_linkable' and days_before > 0) as not_linkable_before,
    bool_or(worth = 'not_linkable' and days_365 > 0) as not_linkable_365,
    bool_or(worth = 'not_linkable' and days_730 > 0) as not_linkable_730
from followed
group by pair_id
