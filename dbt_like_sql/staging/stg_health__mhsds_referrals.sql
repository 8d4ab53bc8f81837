-- One row per referral to a mental-health service, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   referral_id: UniqServReqID, re-keyed. | not null
--   event_date: Referral request received. | not null
--   source_of_referral: Source of referral.
--   primary_reason: Primary reason for referral.
--   priority: Clinical response priority.
--   team_type: Service team referred to.
--   rejection_date: Referral rejected.
--   end_date: Discharged from the service.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.mhsds_referrals
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.referral_id,
        delivered.referral_date as event_date,
        delivered.source_of_referral,
        delivered.primary_reason,
        delivered.priority,
        delivered.team_type,
        delivered.rejection_date,
        delivered.discharge_date as end_date,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
