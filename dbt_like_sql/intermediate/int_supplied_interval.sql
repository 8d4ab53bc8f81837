-- One row per supplier, table and unbroken time for which the deliveries in use claim to be complete, or for which
-- a gap is declared. A table that needs another (a person in a crime needs the crime) is supplied where both are.
-- Tables that say who people or organisations are and where they live, not what happened to people, are left out.
-- grain: supplier, source_table, supplied_from
-- columns:
--   supplier: Supplier. | not null
--   source_table: Delivered table. | not null
--   area_basis: How a person comes to be in the supplier's area: residence or responsible_authority. | not null
--   supplied_from: First day. | not null
--   supplied_to: Last day. | not null
--   reason: Reason of a declared gap; null for time that is supplied.
with deliveries as (
    select supplier, table_name, covers_from, covers_to
    from catalogue.deliveries
    where covers_from is not null and covers_to is not null
),

supplier_tables as (
    select
        supplier,
        table_name,
        case coverage_basis
            when 'responsible_authority' then 'responsible_authority' else 'residence'
        end as area_basis
    from catalogue.supplier_tables
    where table_name not in ('link_tokens', 'opt_outs', 'organisations', 'relationships', 'residence')
),

gaps as (
    select supplier, table_name, gap_start, gap_end, reason from catalogue.supplier_gaps
),

needs as (
    select supplier, table_name, table_name as needed_table from supplier_tables
    union
    select supplier_tables.supplier, requirements.source_table, requirements.required_table
    from supplier_tables
    inner join reference.coverage_requirements as requirements
        on requirements.source_table = supplier_tables.table_name
),

claims as (
    select needs.supplier, needs.table_name, needs.needed_table, deliveries.covers_from, deliveries.covers_to
    from needs
    inner join deliveries on deliveries.supplier = needs.supplier and deliveries.table_name = needs.needed_table
),

holes as (
    select needs.supplier, needs.table_name, gaps.gap_start, gaps.gap_end, gaps.reason
    from needs
    inner join gaps on gaps.supplier = needs.supplier and gaps.table_name = needs.needed_table
),

starts as (
    select supplier, table_name, covers_from as day from claims
    union
    select supplier, table_name, covers_to + 1 as day from claims
    union
    select supplier, table_name, gap_start as day from holes
    union
    select supplier, table_name, gap_end + 1 as day from holes
),

segments as (
    select
        supplier,
        table_name,
        day as segment_from,
        lead(day) over (partition by supplier, table_name order by day) - 1 as segment_to
    from starts
),

needed as (
    select supplier, table_name, count(*) as n_needed from needs group by supplier, table_name
),

claimed as (
    select
        segments.supplier,
        segments.table_name,
        segments.segment_from,
        segments.segment_to,
        count(distinct claims.needed_table) as n_claimed
    from segments
    inner join claims
        on claims.supplier = segments.supplier
        and claims.table_name = segments.table_name
        and segments.segment_from between claims.covers_from and claims.covers_to
    group by segments.supplier, segments.table_name, segments.segment_from, segments.segment_to
),

judged as (
    select
        claimed.supplier,
        claimed.table_name,
        claimed.segment_from,
        claimed.segment_to,
        min(holes.reason) as reason
    from claimed
    inner join needed
        on needed.supplier = claimed.supplier
        and needed.table_name = claimed.table_name
        and needed.n_needed = claimed.n_claimed
    left join holes
        on holes.supplier = claimed.supplier
        and holes.table_name = claimed.table_name
        and claimed.segment_from between holes.gap_start and holes.gap_end
    group by claimed.supplier, claimed.table_name, claimed.segment_from, claimed.segment_to
),

followed as (
    select
        *,
        lag(segment_to) over (partition by supplier, table_name order by segment_from) as previous_to,
        lag(reason) over (partition by supplier, table_name order by segment_from) as previous_reason
    from judged
),

islands as (
    select
        *,
        sum(
            case
                when previous_to = segment_from - 1 and previous_reason is not distinct from reason then 0 else 1
            end
        ) over (partition by supplier, table_name order by segment_from rows unbounded preceding) as island
    from followed
),

joined as (
    select
        supplier,
        table_name,
        min(segment_from) as supplied_from,
        max(segment_to) as supplied_to,
        min(reason) as reason
    from islands
    group by supplier, table_name, island
),

intervals as (
    select
        joined.supplier,
        joined.table_name as source_table,
        supplier_tables.area_basis,
        joined.supplied_from,
        joined.supplied_to,
        joined.reason
    from joined
    inner join supplier_tables
        on supplier_tables.supplier = joined.supplier and supplier_tables.table_name = joined.table_name
)

select * from intervals
