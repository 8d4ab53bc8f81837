-- One row per episode of care as delivered: the period of care that it is part of, or the rule that leaves it out,
-- and every repair by its rule (reference.repairs, SP-CARE). The delivered row itself stays as it is in staging.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   event_date: Episode start, as delivered. | not null
--   end_date: Episode end, as delivered; null while open.
--   used_to: Last day used, on which the next episode may start; null while open, and for an episode left out.
--   period_from: First day of the period of care that the episode is part of; null for an episode left out.
--   reason_new_episode: Reason for new episode, as delivered. | not null
--   category_of_need: Category of need, as delivered. | not null
--   repairs: Rules that changed the row or left it out; null for none.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _row: Row in the delivered file, counted from 1. | not null
with reports as (
    select
        person_id,
        event_date,
        end_date,
        reason_new_episode,
        legal_status,
        placement_type,
        category_of_need,
        reason_ceased,
        _supplier,
        _period,
        _delivery,
        _row,
        row_number() over of_one_start as nth,
        first_value(end_date) over of_one_start as last_end_date,
        first_value(reason_new_episode) over of_one_start as last_reason_new_episode,
        first_value(legal_status) over of_one_start as last_legal_status,
        first_value(placement_type) over of_one_start as last_placement_type,
        max(_period || '/' || _delivery) over (partition by _supplier) as last_return
    from stg_local_authority__ssda903_episodes
    window of_one_start as (
        partition by person_id, _supplier, event_date order by _period desc, _delivery desc, _row desc
    )
),

in_order as (
    select
        *,
        case when end_date < event_date then event_date else end_date end as last_day,
        lag(event_date) over of_child as previous_from,
        lag(case when end_date < event_date then event_date else end_date end) over of_child as previous_to,
        coalesce(lag(reason_ceased) over of_child = 'X1', false) as previous_goes_on,
        coalesce(lag(reason_ceased) over of_child <> 'X1', false) as previous_ceased,
        lead(event_date) over of_child as next_from,
        lead(reason_new_episode) over of_child as next_reason
    from reports
    where nth = 1 and legal_status not in ('V3', 'V4')
    window of_child as (partition by person_id, _supplier order by event_date)
),

judged as (
    select
        *,
        previous_to < event_date as is_after_gap,
        case
            when previous_from is null then true
            when reason_new_episode = 'S' then not (previous_goes_on and coalesce(previous_to >= event_date, false))
            else previous_ceased and coalesce(previous_to < event_date, false)
        end as begins_period
    from in_order
),

counted as (
    select
        person_id,
        event_date,
        end_date,
        least(last_day, next_from) as used_to,
        max(case when begins_period then event_date end) over (
            partition by person_id, _supplier order by event_date rows unbounded preceding
        ) as period_from,
        reason_new_episode,
        category_of_need,
        concat_ws(
            ' ',
            case when end_date < event_date then 'SP-CARE-04' end,
            case when last_day > next_from then 'SP-CARE-05' end,
            case when last_day is null and next_reason <> 'S' then 'SP-CARE-06' end,
            case when last_day is null and next_reason = 'S' then 'SP-CARE-07' end,
            case when is_after_gap and not begins_period then 'SP-CARE-08' end,
            case
                when begins_period and previous_from is not null and reason_new_episode <> 'S' then 'SP-CARE-09'
            end,
            case when not begins_period and reason_new_episode = 'S' then 'SP-CARE-10' end,
            case when not begins_period and previous_ceased and not is_after_gap then 'SP-CARE-11' end,
            case
                when last_day is null and next_from is null and _period || '/' || _delivery < last_return
                    then 'SP-CARE-12'
            end
        ) as repairs,
        _supplier,
        _period,
        _delivery,
        _row
    from judged
),

left_out as (
    select
        person_id,
        event_date,
        end_date,
        cast(null as date) as used_to,
        cast(null as date) as period_from,
        reason_new_episode,
        category_of_need,
        case
            when nth = 1 then 'SP-CARE-01'
            when end_date <> last_end_date
                or (end_date is not null and last_end_date is null)
                or reason_new_episode <> last_reason_new_episode
                or legal_status <> last_legal_status
                or placement_type <> last_placement_type
                then 'SP-CARE-03'
            else 'SP-CARE-02'
        end as repairs,
        _supplier,
        _period,
        _delivery,
        _row
    from reports
    where nth > 1 or legal_status in ('V3', 'V4')
),

episodes as (
    select * from counted
    union all
    select * from left_out
)

select
    person_id,
    event_date,
    end_date,
    used_to,
    period_from,
    reason_new_episode,
    category_of_need,
    string_split(nullif(repairs, ''), ' ') as repairs,
    _supplier,
    _period,
    _delivery,
    _row
from episodes
