-- One row per pair of people named in one crime or one public-protection incident, and day, each way round, in
-- whatever roles: victim, suspect, witness, child at the scene. It says that the police met them in one matter and
-- no more. A matter that names more than ten people says nothing about any two of them.
-- grain: person_id, related_person_id, event_date
-- columns:
--   person_id: Stable id of the person. | not null
--   related_person_id: Stable id of the other. | not null
--   event_date: Day of the crime or incident. | not null
--   n_suppliers: Forces that say so. | not null | unit: suppliers
with crimes as (
    select supplier, 'crime' as matter, crime_id as matter_id, person_id, event_date
    from int_police_involvement
    where event_date is not null
),

incidents as (
    select _supplier as supplier, 'incident' as matter, incident_id as matter_id, person_id, event_date
    from stg_police__police_incidents
),

named as (
    select supplier, matter, matter_id, person_id, min(event_date) as event_date
    from (select * from crimes union all select * from incidents)
    group by supplier, matter, matter_id, person_id
),

few as (
    select supplier, matter, matter_id
    from named
    group by supplier, matter, matter_id
    having count(*) between 2 and 10
),

together as (
    select named.* from named
    inner join few
        on few.supplier = named.supplier and few.matter = named.matter and few.matter_id = named.matter_id
),

pairs as (
    select
        together.person_id,
        others.person_id as related_person_id,
        together.event_date,
        cast(count(distinct together.supplier) as integer) as n_suppliers
    from together
    inner join together as others
        on others.supplier = together.supplier
        and others.matter = together.matter
        and others.matter_id = together.matter_id
        and others.event_date = together.event_date
        and others.person_id <> together.person_id
    group by together.person_id, others.person_id, together.event_date
)

select * from pairs
