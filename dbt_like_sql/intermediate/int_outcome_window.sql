-- One row per person with an adversity, domain, outcome and window of days: what was seen, and what a silence is
-- worth. A zero must be earned: by a link, by cover of every day, by being at risk on every day.
-- grain: person_id, adversity_domain, outcome, window_name
-- columns:
--   person_id: Stable id of the person. | not null
--   adversity_domain: Domain of the crosswalk. | not null
--   outcome: Outcome concept. | not null
--   window_name: before (days -365 to -1), 365 (days 1 to 365) or 730 (days 1 to 730), both ends included. | not null
--   days_observed: Days of the window that are covered, linked and at risk. | not null | unit: days
--   status: Status of the value; of several that hold, the first in the order withheld, not_applicable,
--     not_linkable, not_linked, not_covered, partly_covered, missing_in_source, observed. An event seen proves
--     that its day was covered. | not null
--   value: True when the event was seen, false when its absence is earned or the person died first, else null.
--   in_denominator: Followed through the whole window, or to a death in it, whether or not an event was seen, and
--     with no record that cannot be judged. | not null
with pairs as (
    select * from int_outcome_pair
),

windows as (
    select * from (values ('before', -365, -1), ('365', 1, 365), ('730', 1, 730)) as w (window_name, first_day, last_day)
),

seen as (
    select * from int_outcome_seen
),

sources as (
    select person_id, source_table, linkable, withheld from int_person_source
),

intervals as (
    select person_id, source_table, worth, interval_from, interval_to from int_source_interval
),

placed as (
    select
        pairs.*,
        windows.window_name,
        greatest(
            pairs.index_date + windows.first_day,
            case when windows.first_day < 0 then coalesce(pairs.born_on, pairs.at_risk_from) else pairs.index_date end
        ) as window_from,
        pairs.index_date + windows.last_day as window_to
    from pairs
    cross join windows
),

at_risk as (
    select
        *,
        greatest(window_from, at_risk_from) as risk_from,
        least(window_to, at_risk_to) as risk_to
    from placed
),

observed as (
    select
        at_risk.person_id,
        at_risk.adversity_domain,
        at_risk.outcome,
        at_risk.window_name,
        coalesce(
            sum(
                case
                    when intervals.worth = 'usable'
                        then date_diff(
                            'day',
                            greatest(intervals.interval_from, at_risk.risk_from),
                            least(intervals.interval_to, at_risk.risk_to)
                        ) + 1
                end
            ),
            0
        ) as days_observed,
        coalesce(bool_or(intervals.worth = 'unlinked'), false) as has_unlinked_days,
        coalesce(bool_or(intervals.worth = 'not_linkable'), false) as has_not_linkable_days
    from at_risk
    inner join intervals
        on intervals.person_id = at_risk.person_id
        and intervals.source_table = at_risk.source_table
        and intervals.interval_from <= at_risk.risk_to
        and intervals.interval_to >= at_risk.risk_from
    group by at_risk.person_id, at_risk.adversity_domain, at_risk.outcome, at_risk.window_name
),

judged as (
    select
        at_risk.person_id,
        at_risk.adversity_domain,
        at_risk.outcome,
        at_risk.window_name,
        coalesce(observed.days_observed, 0) as days_observed,
        coalesce(observed.has_unlinked_days, false) as has_unlinked_days,
        coalesce(observed.has_not_linkable_days, false) as has_not_linkable_days,
        coalesce(sources.linkable, false) as is_linkable,
        coalesce(sources.withheld, false) as is_withheld,
        at_risk.in_both_roles
        or at_risk.risk_from > at_risk.risk_to
        or (
            at_risk.outcome = 'death'
            and at_risk.window_name <> 'before'
            and coalesce(at_risk.death_date = at_risk.index_date, false)
        ) as is_not_applicable,
        case
            when at_risk.window_name = 'before'
                then coalesce(observed.days_observed, 0)
                > date_diff('day', at_risk.window_from, at_risk.window_to)
            else coalesce(
                at_risk.followed_to >= at_risk.window_to
                or (at_risk.end_reason = 'death' and at_risk.death_date <= at_risk.window_to),
                false
            )
        end as is_complete,
        case
            when at_risk.window_name = 'before' then coalesce(seen.seen_before, false)
            else coalesce(seen.outcome_date <= at_risk.window_to, false)
        end as is_seen,
        case
            when at_risk.window_name = 'before' then coalesce(seen.unknown_before, false)
            else coalesce(seen.unknown_from <= at_risk.window_to, false)
        end
        or at_risk.is_age_unknown as is_unknown
    from at_risk
    left join observed
        on observed.person_id = at_risk.person_id
        and observed.adversity_domain = at_risk.adversity_domain
        and observed.outcome = at_risk.outcome
        and observed.window_name = at_risk.window_name
    left join seen
        on seen.person_id = at_risk.person_id
        and seen.adversity_domain = at_risk.adversity_domain
        and seen.outcome = at_risk.outcome
    left join sources on sources.person_id = at_risk.person_id and sources.source_table = at_risk.source_table
),

decided as (
    select
        *,
        case
            when is_withheld then 'withheld'
            when is_not_applicable then 'not_applicable'
            when is_seen and is_complete then 'observed'
            when is_seen then 'partly_covered'
            when not is_linkable then 'not_linkable'
            when days_observed = 0 and has_unlinked_days then 'not_linked'
            when days_observed = 0 and has_not_linkable_days then 'not_linkable'
            when days_observed = 0 and not is_complete then 'not_covered'
            when not is_complete then 'partly_covered'
            when is_unknown then 'missing_in_source'
            else 'observed'
        end as status
    from judged
)

select
    person_id,
    adversity_domain,
    outcome,
    window_name,
    cast(days_observed as integer) as days_observed,
    status,
    case
        when status in ('withheld', 'not_applicable') then null
        when is_seen then true
        when status = 'observed' then false
    end as value,
    status = 'observed' and not is_unknown as in_denominator
from decided
