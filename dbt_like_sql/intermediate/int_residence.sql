-- One row per person and unbroken time at one known residence: on each day one place, or none where none is known.
-- General-practice registration, and before the first of it the addresses that came with other suppliers'
-- identifiers. A day after the last registration is a day away. Where residences overlap, each day goes to the one
-- that begins last (int_residence_report; reference.repairs, SP-RES).
-- grain: person_id, valid_from
-- columns:
--   person_id: Stable id of the person. | not null
--   report: Row of int_residence_report that holds. | not null
--   basis: registration, or link_tokens for an address that came with identifiers. | not null
--   lsoa21: Small area (LSOA 2021); null where only the authority is known.
--   la_code: Local authority; null outside the areas of the lookup.
--   imd_quintile: Deprivation quintile of the small area, 1 most deprived. | unit: quintile
--   valid_from: First day. | not null
--   valid_to: Last day; 2999-12-31 while the person still lives there. | not null
with reports as (
    select
        person_id,
        report,
        basis,
        lsoa21,
        la_code,
        valid_from,
        used_to,
        max(used_to) over (
            partition by person_id order by report rows between unbounded preceding and 1 preceding
        ) as reached_to
    from int_residence_report
    where counts
),

small_areas as (
    select
        lsoa21_code,
        min(ltla22_code) as la_code,
        cast(ceil(min(cast(imd2025_decile as integer)) / 2.0) as integer) as imd_quintile
    from reference.lsoa_lookup
    group by lsoa21_code
),

people_in_two_places as (
    select person_id from reports where reached_to >= valid_from group by person_id
),

overlapping as (
    select reports.* from reports
    inner join people_in_two_places on people_in_two_places.person_id = reports.person_id
),

turns as (
    select person_id, valid_from as turn from overlapping
    union
    select person_id, used_to + 1 as turn from overlapping
),

parts as (
    select person_id, turn as part_from, lead(turn) over (partition by person_id order by turn) - 1 as part_to
    from turns
),

-- of the residences that hold in a part, the one of the highest precedence
held as (
    select parts.person_id, parts.part_from, parts.part_to, max(overlapping.report) as report
    from parts
    inner join overlapping
        on overlapping.person_id = parts.person_id
        and parts.part_from between overlapping.valid_from and overlapping.used_to
    group by parts.person_id, parts.part_from, parts.part_to
),

runs as (
    select
        *,
        case
            when
                lag(report) over (partition by person_id order by part_from) = report
                and lag(part_to) over (partition by person_id order by part_from) = part_from - 1
                then 0
            else 1
        end as begins
    from held
),

numbered as (
    select *, sum(begins) over (partition by person_id order by part_from rows unbounded preceding) as run
    from runs
),

stretches as (
    select person_id, report, min(part_from) as valid_from, max(part_to) as valid_to
    from numbered
    group by person_id, report, run
    union all
    select reports.person_id, reports.report, reports.valid_from, reports.used_to
    from reports
    left join people_in_two_places on people_in_two_places.person_id = reports.person_id
    where people_in_two_places.person_id is null
),

residence as (
    select
        stretches.person_id,
        stretches.report,
        reports.basis,
        reports.lsoa21,
        coalesce(small_areas.la_code, reports.la_code) as la_code,
        small_areas.imd_quintile,
        stretches.valid_from,
        stretches.valid_to
    from stretches
    inner join reports on reports.person_id = stretches.person_id and reports.report = stretches.report
    left join small_areas on small_areas.lsoa21_code = reports.lsoa21
)

select * from residence
