-- One row per episode of care: a stretch with one legal status and one placement, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   person_id: Stable id of the person. | not null
--   event_date: Episode start. | not null
--   reason_new_episode: Reason for new episode. | not null
--   legal_status: Legal status. | not null
--   category_of_need: Category of need at the start of care. | not null
--   placement_type: Placement type. | not null
--   placement_provider: Placement provider.
--   end_date: Episode end; null while open.
--   reason_ceased: Reason episode ceased.
--   reason_place_change: Reason for placement change.
--   home_lsoa21: Small area of the home (LSOA 2021).
--   placement_lsoa21: Small area of the placement (LSOA 2021).
--   ofsted_urn: Ofsted unique reference number.
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.ssda903_episodes
),

people as (
    select supplier, record_key, person_id from registry.record_person
),

renamed as (
    select
        people.person_id,
        delivered.decom as event_date,
        delivered.rne as reason_new_episode,
        delivered.ls as legal_status,
        delivered.cin as category_of_need,
        delivered.place as placement_type,
        delivered.place_provider as placement_provider,
        delivered.dec as end_date,
        delivered.rec as reason_ceased,
        delivered.reason_place_change,
        delivered.home_lsoa21,
        delivered.pl_lsoa21 as placement_lsoa21,
        delivered.urn as ofsted_urn,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
    left join people on people.supplier = delivered._supplier and people.record_key = delivered.record_key
)

select * from renamed
