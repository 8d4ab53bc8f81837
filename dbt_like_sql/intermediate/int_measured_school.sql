-- One row per fact of a school return that a measure of the library may be read from: suspensions with their
-- length, times on a roll, and half-days missed in a term. The returns name terms and no days: a term runs between
-- the days of reference.school_terms. Half-days under suspension (code E) are taken out of what a pupil could have
-- missed, since they are lost by the suspension itself.
-- grain: person_id, source_table, source_column, code, condition, source_event_id
-- columns:
--   person_id: Stable id of the person. | not null
--   supplier: Supplier of the record. | not null
--   source_table: Delivered table that the measure is read from. | not null
--   source_column: Column that held the code, or what stands for it. | not null
--   code: The code; (any) where the record itself is what counts. | not null
--   condition: What reference.measure_codes may ask for besides the code; null for nothing.
--   event_date: Day, or first day of a spell or term. | not null
--   end_date: Last day of a spell or term; null for a single day, and while a spell is open.
--   value: What was measured, in the unit of the measure; null where only that it happened is recorded.
--   denominator: What the value is out of, for a total of a term.
--   organisation_id: Ward, team, school or service that the source names most closely.
--   organisation_kind: school, ward, team or organisation; null without one.
--   belongs: A spell of being with the organisation. | not null
--   source_event_id: Names the event in every table that reads it. | not null
with pupils as (
    select * from stg_local_authority__school_pupils where roll = 'on'
),

sessions as (
    select * from stg_local_authority__school_sessions where roll = 'on'
),

exclusions as (
    select * from stg_local_authority__school_exclusions
),

calendar as (
    select
        term,
        cast(years_before as integer) as years_before,
        cast(from_month as integer) as from_month,
        cast(from_day as integer) as from_day,
        cast(to_month as integer) as to_month,
        cast(to_day as integer) as to_day
    from reference.school_terms
),

terms as (
    select
        pupils.person_id,
        pupils._supplier as supplier,
        pupils.school_id,
        pupils.academic_year,
        pupils.term,
        min(pupils.entry_date) as entry_date,
        max(pupils.leaving_date) as leaving_date,
        max(pupils.sessions_possible) as sessions_possible,
        make_date(any_value(pupils.academic_year) - any_value(calendar.years_before),
            any_value(calendar.from_month), any_value(calendar.from_day)) as term_from,
        make_date(any_value(pupils.academic_year) - any_value(calendar.years_before),
            any_value(calendar.to_month), any_value(calendar.to_day)) as term_to
    from pupils
    inner join calendar on calendar.term = pupils.term
    group by pupils.person_id, pupils._supplier, pupils.school_id, pupils.academic_year, pupils.term
),

missed as (
    select
        person_id, _supplier as supplier, school_id, academic_year, term, attendance_reason, sum(sessions) as sessions
    from sessions
    group by person_id, _supplier, school_id, academic_year, term, attendance_reason
),

suspended as (
    select * from missed where attendance_reason = 'E'
),

-- a term of which a council has sent no half-days at all is not a term in which nobody was away
told as (
    select supplier, academic_year, term from missed group by supplier, academic_year, term
),

attended as (
    select
        terms.*,
        concat_ws('|', terms.supplier, terms.person_id, terms.school_id, terms.academic_year, terms.term) as term_id,
        greatest(terms.entry_date, terms.term_from) as here_from,
        least(terms.leaving_date, terms.term_to) as here_to,
        case
            when told.term is not null then terms.sessions_possible - coalesce(suspended.sessions, 0)
        end as sessions_open
    from terms
    left join told
        on told.supplier = terms.supplier
        and told.academic_year = terms.academic_year
        and told.term = terms.term
    left join suspended
        on suspended.person_id = terms.person_id
        and suspended.supplier = terms.supplier
        and suspended.school_id = terms.school_id
        and suspended.academic_year = terms.academic_year
        and suspended.term = terms.term
),

last_terms as (
    select supplier, max(term_to) as last_term_to from terms group by supplier
),

-- whoever is missing from the roll of a later term, without a day of leaving, left at the end of the last one
stays as (
    select
        attended.person_id,
        attended.supplier,
        attended.school_id,
        min(attended.here_from) as event_date,
        case
            when max(attended.leaving_date) is not null then max(attended.leaving_date)
            when max(attended.term_to) < any_value(last_terms.last_term_to) then max(attended.term_to)
        end as end_date
    from attended
    inner join last_terms on last_terms.supplier = attended.supplier
    group by attended.person_id, attended.supplier, attended.school_id
),

-- the day after a stay, unless another school of the region takes the child within six weeks
leavers as (
    select stays.person_id, stays.supplier, stays.school_id, stays.end_date
    from stays
    left join stays as others
        on others.person_id = stays.person_id
        and others.school_id <> stays.school_id
        and others.event_date <= stays.end_date + 42
        and coalesce(others.end_date, stays.end_date + 1) > stays.end_date
    where stays.end_date is not null and others.person_id is null
),

facts as (
    select
        person_id, _supplier as supplier, 'school_exclusions' as source_table, 'category' as source_column,
        category as code, cast(null as varchar) as condition, event_date, cast(null as date) as end_date,
        cast(sessions as double) as value, cast(null as double) as denominator,
        school_id as organisation_id, case when school_id is not null then 'school' end as organisation_kind,
        false as belongs, exclusion_id as source_event_id
    from exclusions
    union all
    select
        person_id, supplier, 'school_pupils', 'school_id', '(any)', null, event_date, end_date,
        null, null, school_id, 'school', true, concat_ws('|', supplier, person_id, school_id)
    from stays
    union all
    select
        person_id, supplier, 'school_pupils', 'leaving_date', '(any)', null, end_date + 1, null,
        null, null, school_id, 'school', false, concat_ws('|', supplier, person_id, school_id)
    from leavers
    union all
    select
        person_id, supplier, 'school_pupils', 'term', '(any)', null, here_from, null,
        null, null, school_id, 'school', false, term_id
    from attended
    where coalesce(here_to, here_from) >= here_from
    union all
    select
        person_id, supplier, 'school_sessions', 'sessions', '(any)', null, term_from, term_to,
        0, sessions_open, school_id, 'school', false, term_id
    from attended
    where sessions_open > 0
    union all
    select
        attended.person_id, attended.supplier, 'school_sessions', 'attendance_reason',
        missed.attendance_reason, null, attended.term_from, attended.term_to,
        missed.sessions, attended.sessions_open, attended.school_id, 'school', false, attended.term_id
    from attended
    inner join missed
        on missed.person_id = attended.person_id
        and missed.supplier = attended.supplier
        and missed.school_id = attended.school_id
        and missed.academic_year = attended.academic_year
        and missed.term = attended.term
    where attended.sessions_open > 0 and missed.attendance_reason <> 'E'
)

select
    person_id,
    supplier,
    source_table,
    source_column,
    code,
    condition,
    event_date,
    end_date,
    value,
    denominator,
    organisation_id,
    organisation_kind,
    belongs,
    source_event_id
from facts
