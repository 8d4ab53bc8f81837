-- One row per person, supplier and unbroken time in that supplier's area, overlapping and adjoining stays joined.
-- On the basis of responsible authority a child in a council's care stays in its area wherever placed.
-- grain: person_id, supplier, area_basis, area_from
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier whose area it is. | not null
--   area_basis: residence or responsible_authority. | not null
--   area_from: First day. | not null
--   area_to: Last day; 2999-12-31 while it goes on. | not null
with residence as (
    select person_id, la_code, valid_from, valid_to from int_residence where la_code is not null
),

supplier_areas as (
    select supplier, la_code from catalogue.supplier_areas
),

responsible_suppliers as (
    select supplier from catalogue.supplier_tables where coverage_basis = 'responsible_authority' group by supplier
),

care_periods as (
    select person_id, supplier, started_on, coalesce(ended_on, date '2999-12-31') as ended_on from int_care_period
),

resident as (
    select residence.person_id, supplier_areas.supplier, residence.valid_from, residence.valid_to
    from residence
    inner join supplier_areas on supplier_areas.la_code = residence.la_code
),

stays as (
    select person_id, supplier, 'residence' as area_basis, valid_from, valid_to from resident
    union
    select resident.person_id, resident.supplier, 'responsible_authority', resident.valid_from, resident.valid_to
    from resident
    inner join responsible_suppliers on responsible_suppliers.supplier = resident.supplier
    union
    select care_periods.person_id, care_periods.supplier, 'responsible_authority', started_on, ended_on
    from care_periods
    inner join responsible_suppliers on responsible_suppliers.supplier = care_periods.supplier
),

reached as (
    select
        *,
        max(valid_to) over (
            partition by person_id, supplier, area_basis
            order by valid_from, valid_to
            rows between unbounded preceding and 1 preceding
        ) as reached_to
    from stays
),

islands as (
    select
        *,
        sum(case when reached_to is null or valid_from > reached_to + 1 then 1 else 0 end) over (
            partition by person_id, supplier, area_basis order by valid_from, valid_to rows unbounded preceding
        ) as island
    from reached
),

intervals as (
    select
        person_id,
        supplier,
        area_basis,
        min(valid_from) as area_from,
        max(valid_to) as area_to
    from islands
    group by person_id, supplier, area_basis, island
)

select * from intervals
