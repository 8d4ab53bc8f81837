"""Marts of four invented people that meet every expectation, and a fault for each."""

from __future__ import annotations

from pathlib import Path

import duckdb

REFERENCE = Path(__file__).parents[1] / "reference"
ADA, BEN, CAT, DAN = (letter * 32 for letter in "abcd")

_TABLES = f"""
create table person as select * from (values
    ('{ADA}', 2010, 'female', 'White', 'E06000023', 1, null::date, 2, 2, 'strict', '{ADA}'),
    ('{BEN}', 2012, 'male', 'Asian', 'E06000024', 3, date '2024-05-01', 1, 1, null, '{BEN}'),
    ('{CAT}', 1980, 'female', 'Black', 'E06000025', 5, null, 2, 2, 'main', '{CAT}'),
    ('{DAN}', 2015, 'unknown', 'Unknown', null, null, null, 1, 1, null, '{CAT}')
) as t (person_id, birth_year, sex, ethnicity5, la_code, imd_quintile, death_date, n_records, n_suppliers,
        link_level, broad_person_id);
create table person_link as select * from (values
    ('{ADA}', 'bristol', 1, 'strict', null::integer, null::integer),
    ('{ADA}', 'bnssg_icb', 1, 'strict', null, null),
    ('{BEN}', 'north_somerset', 1, null, null, null),
    ('{CAT}', 'bristol', 1, 'main', 9, 3),
    ('{CAT}', 'bnssg_icb', 1, 'main', 9, null),
    ('{DAN}', 'bristol', 1, null, null, null)
) as t (person_id, supplier, n_records, link_level, link_weight, link_lead);
create table adversity_event as select * from (values
    ('{ADA}', null, 'neglect', date '2023-03-01', date '2023-09-01', 'plan_start', 'cin_protection_plans',
     'bristol', 'assessed_concern', 'child', 'child', 1, 13, null),
    ('{BEN}', '{CAT}', 'domestic_abuse', date '2013-05-01', null, 'event', 'police_incidents',
     'avon_somerset_police', 'police_record', 'parent', 'child', 1, 1, 13)
) as t (person_id, record_person_id, adversity_domain, event_date, end_date, date_basis, source, supplier,
        evidence_level, whose_record, life_stage, n_codes, age_years, age_months);
create table outcome_event as select * from (values
    ('{ADA}', 'emergency_attendance', date '2023-06-01', timestamp '2023-06-01 10:00', 'event',
     'ecds_attendances', 'bnssg_icb', 13, null::integer),
    ('{BEN}', 'death', date '2024-05-01', null, 'event', 'deaths', 'bnssg_icb', 12, null)
) as t (person_id, outcome, event_date, event_time, date_basis, source, supplier, age_years, age_months);
create table measure_event as select * from (values
    ('{ADA}', 'on_roll', 'deaths', 'bristol', date '2021-09-01', date '2023-07-01', 'yes', null, null,
     '980000', 'school'),
    ('{ADA}', 'absence_share_of_term', 'deaths', 'bristol', date '2022-09-01', date '2022-12-31',
     'yes', 12, 140, '980000', 'school')
) as t (person_id, concept, source, supplier, event_date, end_date, counts, value, denominator,
        organisation_id, organisation_kind);
create table adversity_outcome as select * from (values
    ('{ADA}', 'neglect', date '2023-03-01', 'cin_protection_plans', 'assessed_concern', 1, 13,
     'female', 'White', 1, 'E06000023', 'emergency_attendance', date '2023-06-01', 92, true, 'observed',
     null::boolean, 'partly_covered', 500, 'coverage_end', 'strict'),
    ('{ADA}', 'neglect', date '2023-03-01', 'cin_protection_plans', 'assessed_concern', 1, 13,
     'female', 'White', 1, 'E06000023', 'death', null, null, false, 'observed', null, 'partly_covered', 500,
     'coverage_end', 'strict')
) as t (person_id, adversity_domain, index_date, index_source, evidence_level, n_sources, age_index_years,
        sex, ethnicity5, imd_quintile, la_code, outcome, outcome_date, outcome_day, outcome_365, status_365,
        outcome_730, status_730, end_day, end_reason, link_level);
create table person_coverage as select * from (values
    ('{ADA}', 'ecds_attendances', 'bnssg_icb', date '2019-04-01', date '2026-03-31', true, null,
     'coverage_end'),
    ('{DAN}', 'deaths', null, date '2019-04-01', date '2026-03-31', false, 'no_residence', 'coverage_end')
) as t (person_id, source_table, supplier, interval_from, interval_to, covered, reason, ended_by);
alter table person_coverage add column days integer;
update person_coverage set days = interval_to - interval_from + 1;
create table person_relationship as select * from (values
    ('{BEN}', '{CAT}', 'mother', 'delivered', date '2012-01-01', null::date, 1),
    ('{ADA}', '{CAT}', 'household_member', 'household', date '2020-01-01', null, 1),
    ('{CAT}', '{ADA}', 'household_member', 'household', date '2020-01-01', null, 1),
    ('{ADA}', '{BEN}', 'sibling', 'derived', date '2012-01-01', date '2024-05-01', 0)
) as t (person_id, related_person_id, kind, confidence, valid_from, valid_to, n_suppliers);
create table main._models (
    name varchar primary key, fingerprint varchar, deliveries_fingerprint varchar, rows bigint, run_id varchar
);
insert into main._models select table_name, md5(table_name), 'same', 1, 'run' from duckdb_tables()
where database_name = current_database() and table_name <> '_models';
"""
_CATALOGUE = """
attach ':memory:' as catalogue;
create table catalogue.main.suppliers as
select unnest(['bristol', 'north_somerset', 'bnssg_icb', 'avon_somerset_police']) as supplier;
create table catalogue.main.supplier_tables as
select unnest(['cin_protection_plans', 'police_incidents', 'ecds_attendances', 'deaths']) as table_name;
"""


def tiny_marts() -> duckdb.DuckDBPyConnection:
    """A warehouse in memory whose marts meet every expectation, beside the real reference lists."""
    connection = duckdb.connect()
    connection.execute(_CATALOGUE)
    connection.execute("attach ':memory:' as reference")
    for path in sorted(REFERENCE.glob("*.csv")):
        connection.execute(
            f"create table reference.main.{path.stem} as "
            "select * from read_csv(?, header = true, all_varchar = true)",
            [str(path)],
        )
    connection.execute(_TABLES)
    return connection


# What each expectation must catch: its table, the start of its words, and the fault.
NOBODY = "person_id = repeat('9', 32)"
FAULTS: dict[str, dict[str, str]] = {
    "person": {
        "sex is one of": "sex = 'm'",
        "ethnicity5 stands in": "ethnicity5 = 'WBRI'",
        "la_code stands in": "la_code = 'E06000999'",
        "link_level stands in": "link_level = 'loose'",
        "imd_quintile lies": "imd_quintile = 10",
        "years lived lies": "birth_year = 1850",
        "n_records lies": "n_records = 500",
        "n_records is at least": "n_suppliers = 7",
        "n_suppliers is the number": "n_suppliers = 7",
        "one record has no link": "link_level = case when link_level is null then 'main' end",
        "broad_person_id has a row": "broad_person_id = repeat('9', 32)",
    },
    "person_link": {
        "person_id has a row": NOBODY,
        "supplier stands in": "supplier = 'somebody'",
        "link_level stands in": "link_level = 'loose'",
        "n_records lies": "n_records = 500",
        "link_weight lies": "link_weight = -40",
        "no candidate came before": "link_lead = -1",
    },
    "adversity_event": {
        "person_id has a row": NOBODY,
        "record_person_id has a row": "record_person_id = repeat('9', 32)",
        "supplier stands in": "supplier = 'somebody'",
        "source stands in": "source = 'a_table'",
        "age_years lies": "age_years = 180",
        "age in months and": "age_years = 3, age_months = 1",
        "event_date is no later": "event_date = date '2199-01-01'",
        "date_basis is one of": "date_basis = 'guess'",
        "whose_record is one of": "whose_record = 'friend'",
        "life_stage is one of": "life_stage = 'old'",
        "n_codes lies": "n_codes = 0",
        "end_date is no earlier": "end_date = event_date - 1",
    },
    "outcome_event": {
        "person_id has a row": NOBODY,
        "supplier stands in": "supplier = 'somebody'",
        "source stands in": "source = 'a_table'",
        "age_years lies": "age_years = -1",
        "age in months and": "age_years = 3, age_months = 1",
        "event_date is no later": "event_date = date '2199-01-01'",
        "outcome stands in": "outcome = 'happiness'",
        "date_basis is one of": "date_basis = 'guess'",
        "event_time falls on": "event_time = timestamp '2001-01-01 00:00'",
        "nobody has two rows": f"person_id = '{BEN}', outcome = 'death'",
    },
    "measure_event": {
        "person_id has a row": NOBODY,
        "supplier stands in": "supplier = 'somebody'",
        "source stands in": "source = 'a_table'",
        "event_date is no later": "event_date = date '2199-01-01', end_date = null",
        "concept stands in": "concept = 'happiness'",
        "counts is one of": "counts = 'perhaps'",
        "organisation_kind is one of": "organisation_kind = 'shop'",
        "end_date is no earlier": "end_date = event_date - 1",
        "a share of a term": "value = 150, denominator = 140",
    },
    "adversity_outcome": {
        "person_id has a row": NOBODY,
        "adversity_domain stands in": "adversity_domain = 'weather'",
        "outcome stands in": "outcome = 'happiness'",
        "index_source stands in": "index_source = 'a_table'",
        "evidence_level stands in": "evidence_level = 'rumour'",
        "link_level stands in": "link_level = 'loose'",
        "end_reason is one of": "end_reason = 'bored'",
        "age_index_years lies": "age_index_years = 18",
        "imd_quintile lies": "imd_quintile = 0",
        "n_sources lies": "n_sources = 0",
        "index_date is no later": "index_date = date '2199-01-01'",
        "outcome_date is no later": "outcome_date = date '2199-01-01'",
        "sex and ethnicity5 are": "sex = 'male'",
        "outcome_day counts from": "outcome_date = index_date, outcome_day = 5",
    },
    "person_coverage": {
        "person_id has a row": NOBODY,
        "supplier stands in": "supplier = 'somebody'",
        "source_table stands in": "source_table = 'a_table'",
        "ended_by is one of": "ended_by = 'bored'",
        "days counts from": "days = 3",
        "days lies": "days = 0",
        "who has no supplier": "supplier = null, reason = 'system_change'",
    },
    "person_relationship": {
        "person_id has a row": NOBODY,
        "related_person_id has a row": "related_person_id = repeat('9', 32)",
        "kind stands in": "kind = 'friend'",
        "confidence is one of": "confidence = 'rumour'",
        "valid_to is no earlier": "valid_to = valid_from - 1",
        "n_suppliers is 0": "n_suppliers = 0, confidence = 'delivered'",
        "who shares a home": "kind = 'household_member', valid_from = date '1999-01-01'",
    },
}
