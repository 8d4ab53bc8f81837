-- One row per referral of a person to a council: a census that repeats an open referral adds none.
-- grain: person_id, supplier, event_date
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Council that took the referral. | not null
--   event_date: Date of referral. | not null
--   end_date: Case closed, as last reported; null while open.
--   primary_need: Primary need, as last reported.
--   previous_referral_date: Date of the person's referral before this one, to any council.
--   source_event_id: Names the referral in every table that reads it. | not null
with reported as (
    select person_id, _supplier, event_date, end_date, primary_need, _period, _delivery, _row
    from stg_local_authority__cin_referrals
),

latest as (
    select
        *,
        row_number() over (
            partition by person_id, _supplier, event_date order by _period desc, _delivery desc, _row desc
        ) as nth
    from reported
),

referral_days as (
    select person_id, event_date from latest where nth = 1 group by person_id, event_date
),

previous as (
    select
        person_id,
        event_date,
        lag(event_date) over (partition by person_id order by event_date) as previous_referral_date
    from referral_days
),

referrals as (
    select
        latest.person_id,
        latest._supplier as supplier,
        latest.event_date,
        latest.end_date,
        latest.primary_need,
        previous.previous_referral_date,
        concat_ws('|', latest._supplier, latest.person_id, cast(latest.event_date as varchar)) as source_event_id
    from latest
    inner join previous on previous.person_id = latest.person_id and previous.event_date = latest.event_date
    where latest.nth = 1
)

select * from referrals
