"""Our own rules for what a police force delivers."""

from __future__ import annotations

from schemas.rules.ours import NOBODY, ORDER, future
from schemas.rules.rule import Rule, rules_of

_crime = rules_of("ours", "police_crimes")
_role = rules_of("ours", "police_crime_persons")
_incident = rules_of("ours", "police_incidents")

RULES: tuple[Rule, ...] = (
    _role(
        "P01",
        column="crime_id",
        says="The person's crime was never delivered.",
        matters=NOBODY,
        broken="""
        not exists (select 1 from so_far.police_crimes as crime where crime.crime_id = this.crime_id)
        """,
    ),
    _incident(
        "P02",
        column="linked_crime_id",
        says="The crime recorded from the incident was never delivered.",
        matters="One event is counted twice, as an incident and as a crime, or its offence is lost.",
        severity="warning",
        among="linked_crime_id is not null",
        broken="""
        not exists (
            select 1 from so_far.police_crimes as crime where crime.crime_id = this.linked_crime_id
        )
        """,
    ),
    _crime(
        "P03",
        column="crime_id",
        says="Nobody is named in the crime.",
        matters="A crime without a person is an exposure of nobody.",
        severity="warning",
        among="not no_crime_flag",
        broken="""
        not exists (
            select 1 from so_far.police_crime_persons as person where person.crime_id = this.crime_id
        )
        """,
    ),
    _crime(
        "P04",
        column="committed_from_date",
        says="The crime was committed after it was recorded.",
        matters=ORDER,
        among="committed_from_date is not null",
        broken="committed_from_date > recorded_date",
    ),
    _crime(
        "P05",
        column="committed_to_date",
        says="The last day of the crime is before its first.",
        matters=ORDER,
        among="committed_from_date is not null and committed_to_date is not null",
        broken="committed_to_date < committed_from_date",
    ),
    _crime(
        "P06",
        column="committed_from_date",
        says="The crime was recorded more than a year after it was committed.",
        matters="By the day of recording, abuse of long ago becomes an event of today.",
        severity="warning",
        among="committed_from_date is not null",
        broken="recorded_date - committed_from_date > 365",
    ),
    _crime(
        "P07",
        column="outcome_date",
        says="The crime's outcome is before it was recorded.",
        matters=ORDER,
        among="outcome_date is not null",
        broken="outcome_date < recorded_date",
    ),
    _role(
        "P08",
        column="role",
        says="An offender is named in a crime that has no charge, caution or other positive outcome.",
        matters="A suspect is counted as an offender.",
        severity="warning",
        among="role = 'offender'",
        broken="""
        exists (
            select 1 from so_far.police_crimes as crime
            where crime.crime_id = this.crime_id
              and coalesce(crime.outcome_type, '') not in ('1', '2', '3', '4', '6', '7', '8', '22')
        )
        """,
    ),
    _incident(
        "P09",
        column="n_children",
        says="No child was present, yet children are counted, or the reverse.",
        matters="Children who saw domestic abuse are missed or invented.",
        severity="warning",
        among="n_children is not null and child_present is not null",
        broken="child_present <> (n_children > 0)",
    ),
    future("P10", "police_crimes", "recorded_date"),
    future("P11", "police_incidents", "incident_date"),
    rules_of("ours", "police_custody_arrests")(
        "P12",
        column="age_at_arrest",
        says="The person arrested was younger than 10.",
        matters="Nobody below the age of criminal responsibility is arrested: age or person is wrong.",
        among="age_at_arrest is not null",
        broken="age_at_arrest < 10",
    ),
    rules_of("ours", "police_missing_reports")(
        "P13",
        column="reported_date",
        says="The person is reported missing while still missing.",
        matters="One time missing is counted as several.",
        severity="warning",
        broken="""
        exists (
            select 1 from so_far.police_missing_reports as other
            where other.record_key = this.record_key and other.report_id <> this.report_id
              and other.reported_date < this.reported_date and other.returned_date > this.reported_date
        )
        """,
    ),
    future("P14", "police_missing_reports", "reported_date"),
    future("P15", "police_custody_arrests", "arrest_date"),
    future("P16", "police_stop_searches", "search_date"),
)
