-- Within one supplier's table a person's days of coverage are counted once.
with intervals as (
    select
        person_id,
        source_table,
        supplier,
        interval_from,
        interval_to,
        lead(interval_from) over (
            partition by person_id, source_table, supplier order by interval_from
        ) as next_from
    from person_coverage
)

select person_id, source_table, supplier, interval_from, next_from
from intervals
where interval_from > interval_to or next_from <= interval_to
