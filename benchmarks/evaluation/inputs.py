"""Inputs of an evaluation, invented quickly for many people, in the shape of `engine/inputs.py`."""

from __future__ import annotations

import duckdb

from outcome_linkage.evaluation.engine.inputs import INPUTS

EVENTS = 10
"""Of each person."""
CONCEPTS = {
    "suspension": ("school_exclusions", 8),
    "emergency_attendance": ("ecds_attendances", 40),
    "self_harm": ("ecds_attendances", 4),
    "otitis_media": ("ecds_attendances", 10),
    "mental_health_referral": ("mhsds_referrals", 8),
    "neglect": ("cin_protection_plans", 4),
    "physical_abuse": ("cin_protection_plans", 4),
    "emotional_abuse": ("cin_protection_plans", 4),
    "other": ("police_incidents", 18),
}
"""Concept: where it is recorded, and its share of the events. Unit: percent."""
SOURCES = ("police_incidents", *dict.fromkeys(source for source, _ in CONCEPTS.values()))
_PERSON = """
create temp macro dice(what, salt, sides) as cast(hash(what, salt) % sides as integer);
create table in_person as
select 'p' || n as person_id, cast(date '2006-01-01' + to_months(dice(n, 1, 144)) as date) as birth_month,
    ['female', 'male'][1 + dice(n, 2, 2)] as sex,
    ['White', 'Asian', 'Black', 'Mixed', 'Other'][1 + least(dice(n, 3, 10), 4)] as ethnicity5,
    'E0600002' || (2 + dice(n, 4, 3)) as la_code, 'E010' || (10000 + dice(n, 5, 600)) as lsoa21,
    cast(1 + dice(n, 6, 5) as integer) as imd_quintile,
    case when dice(n, 7, 200) = 0 then date '2021-01-01' + dice(n, 8, 1400) end as death_date
from range({people}) as r (n)
"""
_REST = """
create table in_residence as
select person_id, lsoa21, la_code, imd_quintile, birth_month as valid_from, date '2999-12-31' as valid_to
from in_person;
create table in_area as
select person_id, birth_month as area_from,
    case when dice(person_id, 9, 20) = 0 then date '2022-01-01' + dice(person_id, 10, 900)
        else date '2999-12-31' end as area_to
from in_person;
create table in_source as
select source, source as supplier, source = 'school_exclusions' as register, date '2025-03-31' as covers_to
from (values {sources}) as s (source);
create table in_link as
select person_id, source as supplier, dice(person_id || source, 11, 50) > 0 as linkable,
    cast(null as date) as linkable_from, dice(person_id || source, 12, 10) < 8 as linked, false as withheld,
    cast(10 + dice(person_id || source, 13, 20) as integer) as link_weight
from in_person, (values {sources}) as s (source);
create table in_coverage as
with whole as (
    select a.person_id, s.source, s.source as supplier, date '2018-04-01' as interval_from,
        least(date '2025-03-31', a.area_to) as interval_to, true as covered, cast(null as varchar) as reason,
        case when a.area_to < date '2025-03-31' then 'moved_out' else 'coverage_end' end as ended_by,
        dice(a.person_id || s.source, 14, 10) = 0 as has_gap
    from in_area as a, (values {sources}) as s (source)
)
select * exclude (has_gap) from whole where not has_gap
union all
select * exclude (has_gap) replace (date '2022-03-31' as interval_to) from whole where has_gap
union all
select * exclude (has_gap) replace (date '2022-07-01' as interval_from) from whole
where has_gap and interval_to > date '2022-07-01';
create table in_event as
with drawn as (
    select e.n, 'p' || (dice(e.n, 15, {people})) as person_id, dice(e.n, 16, 100) as part,
        date '2018-04-01' + dice(e.n, 17, 2556) as event_date
    from range({events}) as e (n)
),
placed as (
    select d.*, c.concept, c.source from drawn as d
    inner join (values {concepts}) as c (concept, source, low, high) on d.part >= c.low and d.part < c.high
    union all
    select {events} + n, 'p' || n, 0, date '2020-04-01' + dice(n, 18, 730), 'domestic_abuse', {police}
    from range({indexed}) as r (n)
)
select person_id, 'e' || n as event_id, 's' || n as source_event_id, concept, source, source as supplier,
    event_date, cast(null as date) as end_date, 'child' as whose_record, 'yes' as counts,
    source = 'cin_protection_plans' as is_adversity, source = 'cin_protection_plans' as in_score
from placed;
create table in_use as
select person_id, event_id, source_event_id, 'ecds_attendances' as resource, source, event_date, end_date
from in_event where concept = 'emergency_attendance';
create table in_domain as
select domain, 'cin_protection_plans' as source, 'child' as read_from, true as in_score
from (values ('neglect'), ('physical_abuse'), ('emotional_abuse')) as d (domain)
"""


def invent(connection: duckdb.DuckDBPyConnection, people: int, indexed: int) -> None:
    """Make the inputs."""
    low, concepts = 0, []
    for name, (source, share) in CONCEPTS.items():
        concepts.append(f"('{name}', '{source}', {low}, {low + share})")
        low += share
    facts = {
        "people": people,
        "indexed": indexed,
        "events": EVENTS * people,
        "police": "'police_incidents'",
        "concepts": ", ".join(concepts),
    }
    sources = ", ".join(f"('{name}')" for name in SOURCES)
    connection.execute(_PERSON.format(**facts))
    connection.execute(_REST.format(**facts, sources=sources))


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Inputs and columns that are not invented are there, and hold nothing."""
    for name, columns in INPUTS.items():
        typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        connection.execute(f"create table if not exists {name} ({typed})")
        there = {row[0] for row in connection.execute(f"describe {name}").fetchall()}
        for column, kind in columns.items():
            if column not in there:
                connection.execute(f"alter table {name} add column {column} {kind}")
