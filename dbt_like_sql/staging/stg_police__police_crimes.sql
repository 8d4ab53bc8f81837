-- One row per recorded crime, as delivered.
-- grain: _supplier, _period, _delivery, _row
-- columns:
--   crime_id: Crime number, re-keyed. | not null
--   recorded_date: Date recorded. | not null
--   committed_from_date: First day on which the crime may have been committed.
--   committed_to_date: Last day on which the crime may have been committed.
--   ho_offence_code: Home Office offence code. | not null
--   outcome_type: Home Office outcome type, 0 to 22.
--   outcome_date: Date of the outcome.
--   is_domestic_abuse: Domestic abuse. | not null
--   is_hate_crime: Hate crime.
--   is_alcohol_related: Alcohol involved.
--   is_drug_related: Drugs involved.
--   is_online: Online.
--   is_child_sexual_exploitation: Child sexual exploitation.
--   is_child_criminal_exploitation: Child criminal exploitation.
--   is_modern_slavery: Modern slavery.
--   is_no_crime: Cancelled or transferred; never counts. | not null
--   is_weapon_involved: A weapon was used or threatened.
--   is_knife_involved: The weapon was a knife or sharp instrument.
--   is_firearm_involved: The weapon was a firearm.
--   crime_lsoa21: Small area of the crime (LSOA 2021).
--   _supplier: Supplier that delivered the row. | not null
--   _period: Month of the delivery. | not null
--   _delivery: Number of the delivery within its period. | not null
--   _file: Delivered file that the row came from. | not null
--   _row: Row in that file, counted from 1. | not null
with delivered as (
    select * from validated.police_crimes
),

renamed as (
    select
        delivered.crime_id,
        delivered.recorded_date,
        delivered.committed_from_date,
        delivered.committed_to_date,
        delivered.ho_offence_code,
        delivered.outcome_type,
        delivered.outcome_date,
        delivered.domestic_abuse_flag as is_domestic_abuse,
        delivered.hate_flag as is_hate_crime,
        delivered.alcohol_flag as is_alcohol_related,
        delivered.drug_flag as is_drug_related,
        delivered.online_flag as is_online,
        delivered.cse_flag as is_child_sexual_exploitation,
        delivered.cce_flag as is_child_criminal_exploitation,
        delivered.modern_slavery_flag as is_modern_slavery,
        delivered.no_crime_flag as is_no_crime,
        delivered.weapon_flag as is_weapon_involved,
        delivered.knife_flag as is_knife_involved,
        delivered.firearm_flag as is_firearm_involved,
        delivered.lsoa21 as crime_lsoa21,
        delivered._supplier,
        delivered._period,
        delivered._delivery,
        delivered._file,
        delivered._row
    from delivered
)

select * from renamed
