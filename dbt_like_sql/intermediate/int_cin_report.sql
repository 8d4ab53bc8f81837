-- One row per referral as delivered, once for each census that reports it: whether it is the one that counts, and
-- every repair by its rule (reference.repairs, SP-CIN). The delivered row itself stays as it is in staging.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   event_date: Date of referral. | not null
--   end_date: Case closed, as delivered; null while open.
--   counts: Whether the row stands for its referral: the last report of it. | not null
--   used_to: Day of closure used; null while open, and for a row that does not count.
--   primary_need: Primary need, as delivered.
--   no_further_action: Referral ended in no further action. | not null
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
        primary_need,
        no_further_action,
        _supplier,
        _period,
        _delivery,
        _row,
        row_number() over of_one_referral as nth,
        first_value(end_date) over of_one_referral as last_end_date,
        first_value(primary_need) over of_one_referral as last_primary_need,
        first_value(no_further_action) over of_one_referral as last_no_further_action,
        max(_period || '/' || _delivery) over (partition by _supplier) as last_census
    from stg_local_authority__cin_referrals
    window of_one_referral as (
        partition by person_id, _supplier, event_date order by _period desc, _delivery desc, _row desc
    )
),

in_order as (
    select
        *,
        case when end_date < event_date then event_date else end_date end as last_day,
        -- a referral that led to nothing may come while a case is open
        case
            when not no_further_action
                then lead(event_date) over (
                    partition by person_id, _supplier, no_further_action order by event_date
                )
        end as next_from
    from reports
    where nth = 1
),

counted as (
    select
        person_id,
        event_date,
        end_date,
        true as counts,
        least(last_day, next_from) as used_to,
        primary_need,
        no_further_action,
        concat_ws(
            ' ',
            case when end_date < event_date then 'SP-CIN-03' end,
            case when last_day > next_from then 'SP-CIN-04' end,
            case when last_day is null and next_from is not null then 'SP-CIN-05' end,
            case
                when
                    last_day is null
                    and next_from is null
                    and not no_further_action
                    and _period || '/' || _delivery < last_census
                    then 'SP-CIN-06'
            end
        ) as repairs,
        _supplier,
        _period,
        _delivery,
        _row
    from in_order
),

left_out as (
    select
        person_id,
        event_date,
        end_date,
        false as counts,
        cast(null as date) as used_to,
        primary_need,
        no_further_action,
        case
            when end_date <> last_end_date
                or (end_date is not null and last_end_date is null)
                or primary_need <> last_primary_need
                or no_further_action <> last_no_further_action
                then 'SP-CIN-02'
            else 'SP-CIN-01'
        end as repairs,
        _supplier,
        _period,
        _delivery,
        _row
    from reports
    where nth > 1
),

rows_of_census as (
    select * from counted
    union all
    select * from left_out
)

select
    person_id,
    event_date,
    end_date,
    counts,
    used_to,
    primary_need,
    no_further_action,
    string_split(nullif(repairs, ''), ' ') as repairs,
    _supplier,
    _period,
    _delivery,
    _row
from rows_of_census
