-- One row per person, adversity domain and outcome: what followed the first recorded adversity, and whether a
-- silence means anything. Only people with a qualifying event have rows, each a row for every outcome; there are no
-- unexposed rows, because no record is not no adversity. Percentages use rows in the denominator only: yes out of
-- all yes and no inflates the risk.
-- grain: person_id, adversity_domain, outcome
-- columns:
--   person_id: Stable id of the person. | not null
--   adversity_domain: Domain of the crosswalk. | not null
--   index_date: Day 0: the first event of the domain, under 18 and more than a proxy, on the record of the child, of
--     a parent or carer, or of the household. | not null
--   index_source: Delivered table of that event. | not null
--   whose_record: Whose record it was read from. | not null
--   evidence_level: How it is known; levels have no order. | not null
--   n_sources: Delivered tables with an event that could date the domain. | not null | unit: tables
--   index_is_first: False where the source covered the one whose record it was for under 365 days before and not
--     since the person's birth, so that an earlier event may be missing. | not null
--   age_index_years: Age on day 0, born on the 15th. | unit: years
--   sex: male, female or unknown. | not null
--   ethnicity5: Ethnic group of five. | not null
--   imd_quintile: Deprivation quintile of residence on day 0, else of the last known, 1 most deprived. | unit: quintile
--   la_code: Local authority of residence on day 0, else the last known.
--   outcome: Outcome concept; reference/measures.csv defines each. | not null
--   outcome_source: Delivered table that the outcome is read from. | not null
--   outcome_before: Whether it was seen on days -365 to -1; null unless seen or earned.
--   status_before: Status of outcome_before. | not null
--   outcome_day0: Whether it was seen on day 0, other than as the event that dates the adversity; null unless seen
--     or earned.
--   outcome_date: First day from day 1 on which it was seen.
--   outcome_day: That day counted from day 0. | unit: days
--   outcome_365: True when seen on days 1 to 365; false when not seen, the link is earned and the person was
--     covered and at risk to day 365 or died first; else null.
--   status_365: Why: of several that hold, the first in the order withheld, not_applicable, not_linkable,
--     not_linked, not_covered, partly_covered, missing_in_source, observed. | not null
--   days_observed_365: Days 1 to 365 that are covered, linked and at risk. | not null | unit: days
--   in_denominator_365: Followed to day 365 or dead before it, whether or not an event was seen, and with no record
--     in the window that cannot be judged. | not null
--   outcome_730: As outcome_365, for days 1 to 730.
--   status_730: Status of outcome_730. | not null
--   days_observed_730: Days 1 to 730 that are covered, linked and at risk. | not null | unit: days
--   in_denominator_730: As in_denominator_365, for day 730. | not null
--   end_day: Last day of unbroken follow-up from day 1; null where day 1 is not followed. | unit: days
--   end_reason: What ends it: death, moved_out, coverage_end (a declared gap too) or age_limit.
--   link_pass: Pass of the weaker of the links to the source of the adversity and to that of the outcome.
--   link_weight: Weight of that link (log2 odds), where a model has scored it.
--   link_level: Level of that link.
with indexes as (
    select * from int_adversity_index
),

pairs as (
    select * from int_outcome_pair
),

windows as (
    select * from int_outcome_window
),

follow_up as (
    select * from int_outcome_follow_up
),

seen as (
    select * from int_outcome_seen
),

people as (
    select person_id, sex, ethnicity5 from person
),

outcome_links as (
    select * from int_person_source
),

index_links as (
    select person_id, supplier, link_order, link_pass, link_weight, link_level from int_person_supplier
),

side_by_side as (
    select
        pair_id,
        bool_or(value) filter (where window_name = 'before') as outcome_before,
        max(status) filter (where window_name = 'before') as status_before,
        bool_or(value) filter (where window_name = '365') as outcome_365,
        max(status) filter (where window_name = '365') as status_365,
        max(days_observed) filter (where window_name = '365') as days_observed_365,
        bool_or(in_denominator) filter (where window_name = '365') as in_denominator_365,
        bool_or(value) filter (where window_name = '730') as outcome_730,
        max(status) filter (where window_name = '730') as status_730,
        max(days_observed) filter (where window_name = '730') as days_observed_730,
        bool_or(in_denominator) filter (where window_name = '730') as in_denominator_730
    from windows
    group by pair_id
),

described as (
    select
        indexes.*,
        people.sex,
        people.ethnicity5,
        index_links.link_order,
        index_links.link_pass,
        index_links.link_weight,
        index_links.link_level
    from indexes
    inner join people on people.person_id = indexes.person_id
    left join index_links
        on index_links.person_id = indexes.record_person_id and index_links.supplier = indexes.index_supplier
),

joined as (
    select
        described.*,
        pairs.outcome,
        pairs.source_table as outcome_source,
        side_by_side.*,
        follow_up.followed_to,
        follow_up.end_reason,
        coalesce(outcome_links.link_order < coalesce(described.link_order, outcome_links.link_order + 1), false)
            as is_outcome_link_weaker,
        outcome_links.link_pass as outcome_link_pass,
        outcome_links.link_weight as outcome_link_weight,
        outcome_links.link_level as outcome_link_level,
        case
            when side_by_side.status_365 = 'withheld' or pairs.in_both_roles then null
            when pairs.index_date not between pairs.at_risk_from and pairs.at_risk_to then null
            when seen.seen_day0 then true
            when follow_up.is_day0_covered then false
        end as outcome_day0,
        case
            when side_by_side.status_730 not in ('withheld', 'not_applicable') then seen.outcome_date
        end as outcome_date
    from pairs
    inner join described on described.index_id = pairs.index_id
    inner join side_by_side on side_by_side.pair_id = pairs.pair_id
    left join follow_up on follow_up.pair_id = pairs.pair_id
    left join seen on seen.pair_id = pairs.pair_id
    left join outcome_links
        on outcome_links.person_id = pairs.person_id and outcome_links.source_table = pairs.source_table
)

select
    person_id,
    adversity_domain,
    index_date,
    index_source,
    whose_record,
    evidence_level,
    n_sources,
    index_is_first,
    age_index_years,
    sex,
    ethnicity5,
    imd_quintile,
    la_code,
    outcome,
    outcome_source,
    outcome_before,
    status_before,
    outcome_day0,
    outcome_date,
    cast(date_diff('day', index_date, outcome_date) as integer) as outcome_day,
    outcome_365,
    status_365,
    days_observed_365,
    in_denominator_365,
    outcome_730,
    status_730,
    days_observed_730,
    in_denominator_730,
    cast(date_diff('day', index_date, followed_to) as integer) as end_day,
    end_reason,
    case when is_outcome_link_weaker then outcome_link_pass else link_pass end as link_pass,
    case when is_outcome_link_weaker then outcome_link_weight else link_weight end as link_weight,
    case when is_outcome_link_weaker then outcome_link_level else link_level end as link_level
from joined
