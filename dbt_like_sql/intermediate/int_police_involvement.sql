-- One row per person, crime and role, of crimes that were not cancelled, with the day the crime is dated to.
-- A crime is dated to the first day on which it may have been committed, or without a plausible one to the day
-- it was recorded, which is flagged.
-- grain: person_id, supplier, crime_id, role
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Police force. | not null
--   crime_id: Names the crime. | not null
--   role: Role in the crime. | not null
--   event_date: Day that the crime is dated to; null where the crime itself was not delivered.
--   date_basis: committed, or recorded where no day of the crime is known.
--   ho_offence_code: Home Office offence code.
--   outcome_type: Home Office outcome type of the crime.
--   is_domestic_abuse: The crime is flagged as domestic abuse.
--   by_family_or_carer: A suspect or offender is family or carer of the victim. | not null
--   age_at_offence: Age at the offence as the force recorded it. | unit: years
with persons as (
    select person_id, _supplier, crime_id, role, age_at_offence, relationship_to_victim
    from stg_police__police_crime_persons
),

crimes as (
    select * from stg_police__police_crimes
),

relationships as (
    select relationship_to_victim from reference.police_relationship where family_or_carer = 'yes'
),

family_crimes as (
    select persons._supplier, persons.crime_id
    from persons
    inner join relationships on relationships.relationship_to_victim = persons.relationship_to_victim
    where persons.role in ('suspect', 'offender')
    group by persons._supplier, persons.crime_id
),

roles as (
    select person_id, _supplier, crime_id, role, min(age_at_offence) as age_at_offence
    from persons
    group by person_id, _supplier, crime_id, role
),

dated as (
    select
        _supplier,
        crime_id,
        ho_offence_code,
        outcome_type,
        is_domestic_abuse,
        is_no_crime,
        recorded_date,
        coalesce(committed_from_date <= recorded_date, false) as has_committed_date,
        committed_from_date
    from crimes
),

involvements as (
    select
        roles.person_id,
        roles._supplier as supplier,
        roles.crime_id,
        roles.role,
        case when dated.has_committed_date then dated.committed_from_date else dated.recorded_date end as event_date,
        case
            when dated.crime_id is null then null
            when dated.has_committed_date then 'committed'
            else 'recorded'
        end as date_basis,
        dated.ho_offence_code,
        dated.outcome_type,
        dated.is_domestic_abuse,
        family_crimes.crime_id is not null as by_family_or_carer,
        roles.age_at_offence
    from roles
    left join dated on dated._supplier = roles._supplier and dated.crime_id = roles.crime_id
    left join family_crimes on family_crimes._supplier = roles._supplier and family_crimes.crime_id = roles.crime_id
    where dated.is_no_crime is null or not dated.is_no_crime
)

select * from involvements
