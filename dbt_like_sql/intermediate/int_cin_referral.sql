-- One row per referral of a person to a council: a census that repeats an open referral adds none.
-- int_cin_report says which rows were reported of it, and what was repaired (reference.repairs, SP-CIN).
-- grain: person_id, supplier, event_date
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Council that took the referral. | not null
--   event_date: Date of referral. | not null
--   end_date: Case closed, as last reported; null while open.
--   primary_need: Primary need, as last reported.
--   previous_referral_date: Date of the person's referral before this one, to any council.
--   source_event_id: Names the referral in every table that reads it. | not null
with reports as (
    select * from int_cin_report where counts
),

referral_days as (
    select person_id, event_date from reports group by person_id, event_date
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
        reports.person_id,
        reports._supplier as supplier,
        reports.event_date,
        reports.used_to as end_date,
        reports.primary_need,
        previous.previous_referral_date,
        concat_ws('|', reports._supplier, reports.person_id, cast(reports.event_date as varchar)) as source_event_id
    from reports
    inner join previous on previous.person_id = reports.person_id and previous.event_date = reports.event_date
)

select * from referrals
