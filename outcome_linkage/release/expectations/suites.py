"""The suites: what is expected of each mart, as one table. Bounds are generous; what they catch is a fault.

`t` is the row that is judged. Permitted values stand here where the SQL of the mart makes them, and in
reference lists or the catalogue where these do. What SQL tests cover is not repeated.
"""

from __future__ import annotations

from outcome_linkage.release.expectations.expect import (
    Expect,
    Share,
    Suite,
    between,
    holds,
    known,
    one_of,
    unique,
)

# Raise it when the same suites are to be judged or shown otherwise.
SUITES_VERSION = "1"

OLDEST = 115
SEX = ("female", "male", "unknown")
EVIDENCE = "select distinct evidence_level from reference.adversity_crosswalk"
DOMAINS = "select distinct adversity_domain from reference.adversity_crosswalk where used = 'yes'"
ETHNICITY = "select distinct ons_5_group from reference.ethnicity union select 'Unknown'"
AREAS = "select distinct ltla22_code from reference.lsoa_lookup"
LEVELS = "select level from reference.link_levels"
OUTCOMES = "select measure from reference.measures where mart = 'outcome_event'"
MEASURES = "select measure from reference.measures where mart = 'measure_event'"
SUPPLIERS = "select supplier from catalogue.suppliers"
TABLES = "select distinct table_name from catalogue.supplier_tables"
STATUSES = (
    "withheld",
    "not_applicable",
    "not_linkable",
    "not_linked",
    "not_covered",
    "partly_covered",
    "missing_in_source",
    "observed",
)
LAST_DAY = "(select max(interval_to) from person_coverage)"


def in_time(column: str) -> Expect:
    """Nothing is dated after the last day that any supplier covers, but for a few late entries.

    It warns only: the rows are as their supplier sent them, and no window counts a day that is not covered.
    """
    return holds(
        f"{column} is no later than the last covered day",
        f"coalesce({column} <= {LAST_DAY}, true)",
        allowed=0.01,
        critical=False,
    )


AGES = (
    between("age_years", 0, OLDEST, allowed=0.01),
    holds("age in months and age in years agree", "age_months // 12 = age_years"),
)
DELIVERED = (
    one_of("supplier", SUPPLIERS, "the catalogue of suppliers"),
    one_of("source", TABLES, "the catalogue of delivered tables"),
)

PERSON = Suite(
    "person",
    (
        one_of("sex", SEX),
        one_of("ethnicity5", ETHNICITY, "reference/ethnicity.csv"),
        one_of("la_code", AREAS, "reference/lsoa_lookup.csv", critical=False),
        one_of("link_level", LEVELS, "reference/link_levels.csv"),
        between("imd_quintile", 1, 5),
        between(
            "years lived",
            0,
            OLDEST,
            sql=f"year(coalesce(death_date, {LAST_DAY}, make_date(birth_year, 1, 1))) - birth_year",
            allowed=0.01,
        ),
        between("n_records", 1, 100, critical=False),
        holds("n_records is at least n_suppliers", "n_records >= n_suppliers"),
        holds(
            "n_suppliers is the number of rows in person_link",
            "n_suppliers = (select count(*) from person_link as l where l.person_id = t.person_id)",
        ),
        holds("one record has no link, several have one", "(n_records > 1) = (link_level is not null)"),
        known("broad_person_id"),
    ),
    nulls=("birth_year", "la_code", "imd_quintile", "death_date", "link_level"),
    shares=(Share("sex", SEX), Share("ethnicity5", ETHNICITY), Share("link_level", LEVELS)),
)

PERSON_LINK = Suite(
    "person_link",
    (
        known(),
        one_of("supplier", SUPPLIERS, "the catalogue of suppliers"),
        one_of("link_level", LEVELS, "reference/link_levels.csv"),
        between("n_records", 1, 100, critical=False),
        between("link_weight", -10, 100, critical=False),
        holds("no candidate came before the one that was linked", "link_lead >= 0", critical=False),
    ),
    nulls=("link_level", "link_weight"),
    shares=(Share("supplier", SUPPLIERS),),
)

ADVERSITY_EVENT = Suite(
    "adversity_event",
    (
        known(),
        known("record_person_id"),
        *DELIVERED,
        *AGES,
        in_time("event_date"),
        one_of("date_basis", ("event", "recorded", "plan_start")),
        one_of("whose_record", ("child", "parent", "household")),
        one_of("life_stage", ("child", "adult", "unknown")),
        between("n_codes", 1, 50, critical=False),
        holds("end_date is no earlier than event_date", "end_date >= event_date", allowed=0.01),
    ),
    nulls=("end_date", "age_years"),
    shares=(
        Share("adversity_domain", DOMAINS),
        Share("supplier", SUPPLIERS),
        Share("evidence_level", EVIDENCE),
        Share("life_stage", ("child", "adult", "unknown")),
    ),
)

OUTCOME_EVENT = Suite(
    "outcome_event",
    (
        known(),
        *DELIVERED,
        *AGES,
        in_time("event_date"),
        one_of("outcome", OUTCOMES, "reference/measures.csv"),
        one_of("date_basis", ("event", "recorded")),
        holds("event_time falls on event_date", "cast(event_time as date) = event_date"),
        unique("nobody has two rows of death", "case when outcome = 'death' then person_id end"),
    ),
    nulls=("event_time", "age_years"),
    shares=(Share("outcome", OUTCOMES), Share("supplier", SUPPLIERS)),
)

MEASURE_EVENT = Suite(
    "measure_event",
    (
        known(),
        *DELIVERED,
        in_time("event_date"),
        one_of("concept", MEASURES, "reference/measures.csv"),
        one_of("counts", ("yes", "unknown")),
        one_of("organisation_kind", ("school", "ward", "team", "organisation")),
        holds("end_date is no earlier than event_date", "end_date >= event_date", allowed=0.01),
        holds("a share of a term is at most 1", "coalesce(value <= denominator, true)", allowed=0.01),
    ),
    nulls=("end_date", "value", "organisation_id"),
    shares=(Share("concept", MEASURES), Share("supplier", SUPPLIERS)),
)

ADVERSITY_OUTCOME = Suite(
    "adversity_outcome",
    (
        known(),
        one_of("adversity_domain", DOMAINS, "reference/adversity_crosswalk.csv"),
        one_of("outcome", OUTCOMES, "reference/measures.csv"),
        one_of("index_source", TABLES, "the catalogue of delivered tables"),
        one_of("evidence_level", EVIDENCE, "reference/adversity_crosswalk.csv"),
        one_of("link_level", LEVELS, "reference/link_levels.csv"),
        one_of("end_reason", ("death", "moved_out", "coverage_end", "age_limit")),
        between("age_index_years", 0, 17),
        between("imd_quintile", 1, 5),
        between("n_sources", 1, 20, critical=False),
        in_time("index_date"),
        in_time("outcome_date"),
        holds(
            "sex and ethnicity5 are those of person",
            "exists (select 1 from person as p where p.person_id = t.person_id "
            "and p.sex = t.sex and p.ethnicity5 = t.ethnicity5)",
        ),
        holds("outcome_day counts from index_date", "outcome_date = index_date + outcome_day"),
    ),
    nulls=("age_index_years", "imd_quintile", "la_code", "outcome_date", "end_day", "link_level"),
    shares=(
        Share("adversity_domain", DOMAINS),
        Share("status_365", STATUSES),
        Share("status_730", STATUSES),
        Share("outcome_365", ("true", "false", "null"), "outcome", OUTCOMES, blocks=True),
        Share("outcome_730", ("true", "false", "null"), blocks=True),
    ),
)

PERSON_COVERAGE = Suite(
    "person_coverage",
    (
        known(),
        one_of("supplier", SUPPLIERS, "the catalogue of suppliers"),
        one_of("source_table", TABLES, "the catalogue of delivered tables"),
        one_of("ended_by", ("death", "moved_out", "coverage_end")),
        holds("days counts from interval_from to interval_to", "interval_to = interval_from + (days - 1)"),
        between("days", 1, OLDEST * 366),
        holds("who has no supplier has no residence", "(supplier is null) = (reason = 'no_residence')"),
    ),
    nulls=("supplier", "reason"),
    shares=(
        Share("source_table", TABLES),
        Share("supplier", SUPPLIERS),
        Share("covered", ("true", "false"), blocks=True),
    ),
)

KINDS = "select kind from reference.relationship_kinds where kind <> 'child'"
DERIVED_KINDS = f"{KINDS} union values ('household_member'), ('named_together')"
CONFIDENCE = ("corroborated", "delivered", "derived", "household", "incident")

PERSON_RELATIONSHIP = Suite(
    "person_relationship",
    (
        known(),
        known("related_person_id"),
        one_of("kind", DERIVED_KINDS, "reference/relationship_kinds.csv or is derived"),
        one_of("confidence", CONFIDENCE),
        holds("valid_to is no earlier than valid_from", "valid_to >= valid_from", allowed=0.01),
        holds("n_suppliers is 0 for what is derived alone", "(n_suppliers = 0) = (confidence = 'derived')"),
        holds(
            "who shares a home with somebody does so from both sides",
            "kind <> 'household_member' or exists (select 1 from person_relationship as o "
            "where o.kind = t.kind and o.person_id = t.related_person_id "
            "and o.related_person_id = t.person_id and o.valid_from = t.valid_from)",
        ),
    ),
    nulls=("valid_to",),
    shares=(Share("kind", DERIVED_KINDS), Share("confidence", CONFIDENCE)),
)

SUITES = (
    PERSON,
    PERSON_LINK,
    ADVERSITY_EVENT,
    OUTCOME_EVENT,
    MEASURE_EVENT,
    ADVERSITY_OUTCOME,
    PERSON_COVERAGE,
    PERSON_RELATIONSHIP,
)
