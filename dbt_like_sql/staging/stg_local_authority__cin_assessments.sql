-- One row per factor identified at an assessment; one row with a null factor where there is none, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   referral_date: Date of referral. | not null
--   event_date: Assessment started. | not null
--   internal_review_date: Internal review.
--   authorisation_date: Assessment completed; null while open.
--   factor: Factor identified: a concern, not a finding.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.cin_assessments
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.referral_date,
        delivered.assessment_start_date as event_date,
        delivered.internal_review_date,
        delivered.authorisation_date,
        delivered.factor,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
