-- One row per person and adversity domain: the first event that dates it. On one day the first source by name.
-- grain: person_id, adversity_domain
-- columns:
--   index_id: Number of the row in this build. | not null
--   person_id: Stable id of the person. | not null
--   adversity_domain: Domain of the crosswalk. | not null
--   index_date: Day of the first event. | not null
--   index_source: Delivered table of that event. | not null
--   index_supplier: Supplier of that event. | not null
--   index_event_id: Names that event in every table that reads it. | not null
--   whose_record: Whose record it was read from. | not null
--   record_person_id: Stable id of the person whose record it was read from. | not null
--   evidence_level: How it is known. | not null
--   n_sources: Delivered tables with an event of the domain that could date it. | not null | unit: tables
--   index_is_first: False where the source covered the one whose record it was for under 365 days before and not since birth, so
--     that an earlier event may be missing. | not null
--   age_index_years: Age on the day. | unit: years
--   la_code: Local authority of residence on the day, else the last known.
--   imd_quintile: Deprivation quintile of residence on the day, else of the last known. | unit: quintile
with events as (
    select * from adversity_event where dates_adversity
),

people as (
    select person_id, birth_month, la_code, imd_quintile from person
),

intervals as (
    select person_id, source_table, interval_from, interval_to from int_source_interval where worth = 'usable'
),

residence as (
    select person_id, la_code, imd_quintile, basis, valid_from, valid_to from int_residence
),

ranked as (
    select
        *,
        row_number() over (
            partition by person_id, adversity_domain order by event_date, source, supplier, event_id
        ) as nth
    from events
),

breadth as (
    select person_id, adversity_domain, count(distinct source) as n_sources
    from events
    group by person_id, adversity_domain
),

indexes as (
    select
        ranked.person_id,
        ranked.adversity_domain,
        ranked.event_date,
        ranked.source,
        ranked.supplier,
        ranked.source_event_id,
        ranked.whose_record,
        coalesce(ranked.record_person_id, ranked.person_id) as record_person_id,
        ranked.evidence_level,
        ranked.age_years,
        breadth.n_sources,
        people.la_code as last_la_code,
        people.imd_quintile as last_imd_quintile,
        greatest(
            ranked.event_date - 365, coalesce(people.birth_month + 14, ranked.event_date - 365)
        ) as look_back_from
    from ranked
    inner join breadth
        on breadth.person_id = ranked.person_id and breadth.adversity_domain = ranked.adversity_domain
    inner join people on people.person_id = ranked.person_id
    where ranked.nth = 1
),

looked_back as (
    select indexes.person_id, indexes.adversity_domain
    from indexes
    inner join intervals
        on intervals.person_id = indexes.record_person_id
        and intervals.source_table = indexes.source
        and intervals.interval_from <= indexes.look_back_from
        and intervals.interval_to >= indexes.event_date - 1
    group by indexes.person_id, indexes.adversity_domain
),

homes as (
    select
        indexes.person_id,
        indexes.adversity_domain,
        residence.la_code,
        residence.imd_quintile,
        row_number() over (
            partition by indexes.person_id, indexes.adversity_domain
            order by residence.valid_from desc, residence.basis desc, residence.la_code
        ) as nth
    from indexes
    inner join residence
        on residence.person_id = indexes.person_id
        and indexes.event_date between residence.valid_from and residence.valid_to
),

described as (
    select
        row_number() over (order by indexes.person_id, indexes.adversity_domain) as index_id,
        indexes.person_id,
        indexes.adversity_domain,
        indexes.event_date as index_date,
        indexes.source as index_source,
        indexes.supplier as index_supplier,
        indexes.source_event_id as index_event_id,
        indexes.whose_record,
        indexes.record_person_id,
        indexes.evidence_level,
        cast(indexes.n_sources as integer) as n_sources,
        looked_back.person_id is not null or indexes.look_back_from >= indexes.event_date as index_is_first,
        indexes.age_years as age_index_years,
        coalesce(homes.la_code, indexes.last_la_code) as la_code,
        coalesce(homes.imd_quintile, indexes.last_imd_quintile) as imd_quintile
    from indexes
    left join looked_back
        on looked_back.person_id = indexes.person_id and looked_back.adversity_domain = indexes.adversity_domain
    left join homes
        on homes.person_id = indexes.person_id
        and homes.adversity_domain = indexes.adversity_domain
        and homes.nth = 1
)

select * from described
