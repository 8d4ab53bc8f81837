-- One row per rule of reference.repairs, delivered table and supplier whose rows it looked at: how many it changed or left out, which
-- may be none. Not rounded: for the warehouse only.
-- grain: rule, source_table, supplier
-- columns:
--   rule: Rule. | not null
--   supplier: Supplier of the rows. | not null
--   source_table: Delivered table; link_tokens for addresses. | not null
--   effect: What becomes of a row: left_out, moved, joined, parted or kept. | not null
--   n_rows: Rows that the rule changed or left out. | not null | unit: rows
--   n_people: Persons of those rows. | not null | unit: persons
--   n_looked_at: Rows that the supplier's deliveries in use hold. | not null | unit: rows
with rules as (
    select rule, unnest(string_split(source_table, ' ')) as source_table, effect from reference.repairs
),

looked_at as (
    select 'ssda903_episodes' as source_table, _supplier as supplier, count(*) as n_rows
    from int_care_episode
    group by _supplier
    union all
    select 'cin_referrals', _supplier, count(*)
    from int_cin_report
    group by _supplier
    union all
    select 'apc_episodes', _supplier, count(*)
    from int_apc_episode
    group by _supplier
    union all
    select 'ecds_attendances', _supplier, count(*)
    from int_ecds_attendance
    group by _supplier
    union all
    select case when basis = 'registration' then 'residence' else 'link_tokens' end, supplier, count(*)
    from int_residence_report
    group by supplier, basis
),

repaired as (
    select rule, source_table, supplier, count(*) as n_rows, count(distinct person_id) as n_people
    from int_repair
    group by rule, source_table, supplier
)

select
    rules.rule,
    looked_at.supplier,
    rules.source_table,
    rules.effect,
    coalesce(repaired.n_rows, 0) as n_rows,
    coalesce(repaired.n_people, 0) as n_people,
    looked_at.n_rows as n_looked_at
from rules
inner join looked_at on looked_at.source_table = rules.source_table
left join repaired
    on repaired.rule = rules.rule
    and repaired.source_table = rules.source_table
    and repaired.supplier = looked_at.supplier
