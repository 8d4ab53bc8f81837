-- Every delivered row is here once: the grain forbids a second.
with kept as (
    select count(*) as n from int_ecds_attendance
),

delivered as (
    select count(*) as n from stg_health__ecds_attendances
)

select kept.n as kept, delivered.n as delivered from kept cross join delivered where kept.n <> delivered.n
