-- One row per victim and crime, with the one setting that the crime counts in: at the hands of family or a carer,
-- which needs a domestic-abuse flag or such a suspect, or else in the community; never both.
-- grain: person_id, supplier, crime_id
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Police force. | not null
--   crime_id: Names the crime. | not null
--   event_date: Day that the crime is dated to. | not null
--   date_basis: committed, or recorded where no day of the crime is known. | not null
--   ho_offence_code: Home Office offence code. | not null
--   setting: victim_of_family or victim_in_community. | not null
--   age_at_offence: Age at the offence as the force recorded it. | unit: years
with involvements as (
    select * from int_police_involvement
),

victims as (
    select
        person_id,
        supplier,
        crime_id,
        event_date,
        date_basis,
        ho_offence_code,
        case
            when is_domestic_abuse or by_family_or_carer then 'victim_of_family'
            else 'victim_in_community'
        end as setting,
        age_at_offence
    from involvements
    where role = 'victim' and event_date is not null
)

select * from victims
