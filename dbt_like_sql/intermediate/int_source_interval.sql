-- One row per person of int_person_supplier, delivered table and unbroken time that the table covers, by what the time
-- is worth: usable; unlinked where the supplier keeps a register of people and has no record of this one;
-- not_linkable where, or as long as, the supplier could not find the person.
-- grain: person_id, source_table, worth, interval_from
-- columns:
--   person_id: Stable id of the person. | not null
--   source_table: Delivered table. | not null
--   worth: usable, unlinked or not_linkable. | not null
--   interval_from: First day. | not null
--   interval_to: Last day. | not null
--   ended_by: What ends the time: death, moved_out or coverage_end. | not null
with coverage as (
    select person_id, source_table, supplier, interval_from, interval_to, ended_by from person_coverage where covered
),

registers as (
    select supplier, table_name, register from catalogue.supplier_tables
),

person_supplier as (
    select person_id, supplier, linkable, linkable_from, linked from int_person_supplier
),

judged as (
    select
        coverage.*,
        person_supplier.linkable,
        case
            when not person_supplier.linkable then coverage.interval_to + 1
            else greatest(coalesce(person_supplier.linkable_from, coverage.interval_from), coverage.interval_from)
        end as linkable_from,
        registers.register and not person_supplier.linked as is_unlinked
    from coverage
    inner join person_supplier
        on person_supplier.person_id = coverage.person_id and person_supplier.supplier = coverage.supplier
    inner join registers
        on registers.supplier = coverage.supplier and registers.table_name = coverage.source_table
),

parts as (
    select
        person_id,
        source_table,
        case when is_unlinked then 'unlinked' else 'usable' end as worth,
        linkable_from as interval_from,
        interval_to,
        ended_by
    from judged
    where linkable_from <= interval_to
    union all
    select
        person_id,
        source_table,
        'not_linkable' as worth,
        interval_from,
        case when linkable_from <= interval_to then linkable_from - 1 else interval_to end as interval_to,
        ended_by
    from judged
    where interval_from < linkable_from
),

-- one row a span: two suppliers may cover the same days, and rows that tie have no order
spans as (
    select
        person_id,
        source_table,
        worth,
        interval_from,
        interval_to,
        max_by(ended_by, list_position(['coverage_end', 'moved_out', 'death'], ended_by)) as ended_by
    from parts
    group by person_id, source_table, worth, interval_from, interval_to
),

reached as (
    select
        *,
        max(interval_to) over (
            partition by person_id, source_table, worth
            order by interval_from, interval_to
            rows between unbounded preceding and 1 preceding
        ) as reached_to
    from spans
),

islands as (
    select
        *,
        sum(case when reached_to is null or interval_from > reached_to + 1 then 1 else 0 end) over (
            partition by person_id, source_table, worth
            order by interval_from, interval_to
            rows unbounded preceding
        ) as island
    from reached
),

intervals as (
    select
        person_id,
        source_table,
        worth,
        min(interval_from) as interval_from,
        max(interval_to) as interval_to,
        max_by(
            ended_by, (interval_to, list_position(['coverage_end', 'moved_out', 'death'], ended_by))
        ) as ended_by
    from islands
    group by person_id, source_table, worth, island
)

select * from intervals
