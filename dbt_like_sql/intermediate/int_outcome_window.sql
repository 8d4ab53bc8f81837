-- One row per person with an adversity, domain, outcome and window of days: what was seen, and what a silence is
-- worth. A zero must be earned: by a link, by cover of every day, by being at risk on every day.
-- grain: pair_id, window_name
-- columns:
--   pair_id: Number of the row in int_outcome_pair. | not null
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

follow_up as (
    select * from int_outcome_follow_up
),

seen as (
    select * from int_outcome_seen
),

sources as (
    select person_id, source_table, linkable, withheld from int_person_source
),

known as (
    select
        pairs.*,
        follow_up.followed_to,
        follow_up.end_reason,
        follow_up.days_before,
        follow_up.days_365,
        follow_up.days_730,
        follow_up.unlinked_before,
        follow_up.unlinked_365,
        follow_up.unlinked_730,
        follow_up.not_linkable_before,
        follow_up.not_linkable_365,
        follow_up.not_linkable_730,
        coalesce(seen.seen_before, false) as seen_before,
        seen.outcome_date,
        coalesce(seen.unknown_before, false) as unknown_before,
        seen.unknown_from,
        coalesce(sources.linkable, false) as is_linkable,
        coalesce(sources.withheld, false) as is_withheld
    from pairs
    left join follow_up on follow_up.pair_id = pairs.pair_id
    left join seen on seen.pair_id = pairs.pair_id
    left join sources on sources.person_id = pairs.person_id and sources.source_table = pairs.source_table
),

placed as (
    select
        known.*,
        windows.window_name,
        windows.window_name = 'before' as is_before,
        case
            when windows.window_name = 'before' and born_on > index_date - 365 then born_on
            else index_date + windows.first_day
        end as window_from,
        index_date + windows.last_day as window_to,
        coalesce(
            case windows.window_name when 'before' then days_before when '365' then days_365 else days_730 end, 0
        ) as days_observed,
        coalesce(
            case windows.window_name
                when 'before' then unlinked_before when '365' then unlinked_365 else unlinked_730
            end,
            false
        ) as has_unlinked_days,
        coalesce(
            case windows.window_name
                when 'before' then not_linkable_before when '365' then not_linkable_365 else not_linkable_730
            end,
            false
        ) as has_not_linkable_days
    from known
    cross join windows
),

judged as (
    select
        *,
        in_both_roles
        or window_from > window_to
        or window_to < at_risk_from
        or window_from > at_risk_to
        or (outcome = 'death' and not is_before and coalesce(death_date = index_date, false)) as is_not_applicable,
        case
            when is_before then days_observed > date_diff('day', window_from, window_to)
            else coalesce(followed_to >= window_to or (end_reason = 'death' and death_date <= window_to), false)
        end as is_complete,
        case when is_before then seen_before else coalesce(outcome_date <= window_to, false) end as is_seen,
        case when is_before then unknown_before else coalesce(unknown_from <= window_to, false) end
        or is_age_unknown as is_unknown
    from placed
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
    pair_id,
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
