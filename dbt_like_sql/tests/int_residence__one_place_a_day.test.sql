-- On each day a person is in one place at most.
with residences as (
    select
        valid_from,
        valid_to,
        lead(valid_from) over (partition by person_id order by valid_from) as next_from
    from int_residence
)

select valid_from, valid_to, next_from from residences where valid_to < valid_from or next_from <= valid_to
