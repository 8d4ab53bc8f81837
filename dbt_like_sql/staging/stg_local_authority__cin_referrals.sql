-- One row per referral of a child to children's social care, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   event_date: Date of referral. | not null
--   referral_source: Who referred.
--   primary_need: Primary need.
--   end_date: Case closed; null while open.
--   closure_reason: Reason for closure.
--   initial_conference_date: Initial child-protection conference.
--   no_further_action: Referral ended in no further action. | not null
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.cin_referrals
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.referral_date as event_date,
        delivered.referral_source,
        delivered.primary_need,
        delivered.closure_date as end_date,
        delivered.closure_reason,
        delivered.initial_cpc_date as initial_conference_date,
        delivered.no_further_action,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
