-- Every delivered registration is here once: the grain forbids a second.
with kept as (
    select count(*) as n from int_residence_report where basis = 'registration'
),

delivered as (
    select count(*) as n from stg_health__residence
)

select kept.n as kept, delivered.n as delivered from kept cross join delivered where kept.n <> delivered.n
