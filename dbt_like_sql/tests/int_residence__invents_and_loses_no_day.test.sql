-- A person has a place on exactly the days on which some report that counts gives one.
with reached as (
    select
        person_id,
        valid_from,
        used_to,
        max(used_to) over (
            partition by person_id order by valid_from, used_to rows between unbounded preceding and 1 preceding
        ) as reached_to
    from int_residence_report
    where counts
),

reported as (
    select
        person_id,
        sum(greatest(0, used_to - greatest(valid_from, coalesce(reached_to + 1, valid_from)) + 1)) as days
    from reached
    group by person_id
),

placed as (
    select person_id, sum(valid_to - valid_from + 1) as days from int_residence group by person_id
)

select reported.person_id
from reported
left join placed on placed.person_id = reported.person_id
where placed.days is distinct from reported.days
