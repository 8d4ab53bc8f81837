-- One row per child-protection plan, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   referral_date: Date of referral. | not null
--   event_date: Plan started. | not null
--   end_date: Plan ended; null while open.
--   initial_category: Initial category of abuse. | not null
--   latest_category: Latest category of abuse. | not null
--   previous_plans: Number of previous plans. | not null | unit: plans
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.cin_protection_plans
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.referral_date,
        delivered.plan_start_date as event_date,
        delivered.plan_end_date as end_date,
        delivered.initial_category,
        delivered.latest_category,
        delivered.previous_plans,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
