-- One row per questionnaire, respondent, day and scale, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   instrument: Questionnaire. | not null
--   version: Version of the questionnaire. | not null
--   respondent: Who answered. | not null
--   event_date: Day on which it was filled in. | not null
--   timepoint: Before, during or after a service.
--   scale: total, or a subscale. | not null
--   score: Score on the scale. | not null | unit: points
--   episode_id: Episode of a service that it belongs to.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.measure_scores
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.instrument,
        delivered.version,
        delivered.respondent,
        delivered.measured_date as event_date,
        delivered.timepoint,
        delivered.scale,
        delivered.score,
        delivered.episode_id,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
