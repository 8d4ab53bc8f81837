-- One row per homelessness case and duty, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   case_id: Household's case, re-keyed. | not null
--   event_date: Day of the assessment. | not null
--   duty: Duty owed. | not null
--   duty_start_date: Duty accepted. | not null
--   duty_end_date: Duty ended; null while owed.
--   end_reason: Why the duty ended.
--   temporary_accommodation: Last kind of temporary accommodation under the duty; null: none.
--   ta_start_date: Entered temporary accommodation.
--   ta_end_date: Left temporary accommodation; null while there.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.hclic_cases
),

renamed as (
    select
        delivered.case_id,
        delivered.assessment_date as event_date,
        delivered.duty,
        delivered.duty_start_date,
        delivered.duty_end_date,
        delivered.end_reason,
        delivered.temporary_accommodation,
        delivered.ta_start_date,
        delivered.ta_end_date,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
)

select * from renamed
