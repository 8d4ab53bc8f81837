-- One row per contact with a mental-health service, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   care_contact_id: UniqCareContID, re-keyed. | not null
--   referral_id: UniqServReqID, re-keyed. | not null
--   event_date: Care contact (CareContDate). | not null
--   attend_status: Attended or not (AttendStatus, AttendOrDNACode).
--   mechanism: How it was held (ConsMechanismMH, ConsMediumUsed).
--   minutes: Clinical contact time (ClinContDurOfCareCont). | unit: minutes
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.mhsds_care_contacts
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.care_contact_id,
        delivered.referral_id,
        delivered.contact_date as event_date,
        delivered.attend_status,
        delivered.mechanism,
        delivered.minutes,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
