"""What a police force delivers: crimes, the people in them, and people whom it met in other ways.

No public layout of a force's extract exists: names are ours, code sets public where the code list says
verified. Searches follow the files of data.police.uk. See `reference/code_lists.csv`.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import LSOA, TIME, code, day, event_id, flag, number, pattern, record_key
from schemas.row_rules import ends_before_it_begins


class PoliceCrimes(pa.DataFrameModel):
    """One row per recorded crime."""

    crime_id: pl.String = event_id("Crime number, re-keyed")
    recorded_date: pl.Date = day("Date recorded", nullable=False)
    committed_from_date: pl.Date = day("First day on which the crime may have been committed")
    committed_to_date: pl.Date = day("Last day on which the crime may have been committed")
    ho_offence_code: pl.String = code("police.ho_offence_code", "Home Office offence code", nullable=False)
    outcome_type: pl.String = code("police.outcome_type", "Home Office outcome type, 0 to 22")
    outcome_date: pl.Date = day("Date of the outcome")
    domestic_abuse_flag: pl.Boolean = flag("Domestic abuse", nullable=False)
    hate_flag: pl.Boolean = flag("Hate crime")
    alcohol_flag: pl.Boolean = flag("Alcohol involved")
    drug_flag: pl.Boolean = flag("Drugs involved")
    online_flag: pl.Boolean = flag("Online")
    cse_flag: pl.Boolean = flag("Child sexual exploitation")
    cce_flag: pl.Boolean = flag("Child criminal exploitation")
    modern_slavery_flag: pl.Boolean = flag("Modern slavery")
    no_crime_flag: pl.Boolean = flag("Cancelled or transferred; never counts", nullable=False)
    lsoa21: pl.String = pattern(LSOA, "Small area of the crime (LSOA 2021)")
    lsoa11: pl.String = pattern(LSOA, "Small area of the crime (LSOA 2011)")
    weapon_flag: pl.Boolean = flag("A weapon of any kind was used or threatened")
    knife_flag: pl.Boolean = flag("A knife or sharp instrument was used or threatened")
    firearm_flag: pl.Boolean = flag("A firearm was used or threatened")


class PoliceCrimePersons(pa.DataFrameModel):
    """One row per person and role in a crime."""

    crime_id: pl.String = event_id("Crime number, re-keyed")
    record_key: pl.String = record_key()
    role: pl.String = code("police.role", "Role in the crime", nullable=False)
    age_at_offence: pl.Int16 = number("Age at the offence", 0, 120, "years")
    sex: pl.String = code("police.sex", "Sex")
    self_defined_ethnicity: pl.String = code("police.self_defined_ethnicity", "Ethnicity, self-defined")
    observed_ethnicity: pl.String = code("police.observed_ethnicity", "Ethnicity, officer-observed")
    relationship_to_victim: pl.String = code(
        "police.relationship_to_victim", "What a suspect or offender is to the victim"
    )


class PoliceIncidents(pa.DataFrameModel):
    """One row per person and role in a public-protection incident."""

    incident_id: pl.String = event_id("Incident number, re-keyed")
    record_key: pl.String = record_key()
    role: pl.String = code("police.role", "Role in the incident", nullable=False)
    incident_date: pl.Date = day("Date of the incident", nullable=False)
    incident_type: pl.String = code("police.incident_type", "Kind of notice", nullable=False)
    child_present: pl.Boolean = flag("A child was present")
    n_children: pl.Int16 = number("Children present", 0, 30, "children")
    dash_risk: pl.String = code("police.dash_risk", "DASH risk grade; not comparable between forces")
    referred_to_la: pl.Boolean = flag("Referred to the local authority")
    linked_crime_id: pl.String = event_id("Crime recorded from the incident", nullable=True)


class PoliceMissingReports(pa.DataFrameModel):
    """One row per report of a missing person."""

    report_id: pl.String = event_id("Number of the report, re-keyed")
    record_key: pl.String = record_key()
    reported_date: pl.Date = day("Reported missing", nullable=False)
    reported_time: pl.String = pattern(TIME, "Time of the report, UK wall time")
    returned_date: pl.Date = day("Found or came back; null while missing")
    returned_time: pl.String = pattern(TIME, "Time of the return, UK wall time")
    risk_level: pl.String = code("police.missing_risk", "Risk as graded by the force")
    found_how: pl.String = code("police.found_how", "How the person was found")


class PoliceCustodyArrests(pa.DataFrameModel):
    """One row per arrest of a person who was brought into custody."""

    custody_id: pl.String = event_id("Number of the custody record, re-keyed")
    record_key: pl.String = record_key()
    arrest_date: pl.Date = day("Arrest", nullable=False)
    arrest_time: pl.String = pattern(TIME, "Time of the arrest, UK wall time")
    detention_authorised: pl.Boolean = flag("Detention was authorised")
    ho_offence_code: pl.String = code("police.ho_offence_code", "Home Office code of the main offence")
    disposal: pl.String = code("police.disposal", "How custody ended; null while it lasts")
    appropriate_adult: pl.Boolean = flag("An appropriate adult attended")
    age_at_arrest: pl.Int16 = number("Age at the arrest", 0, 120, "years")


class PoliceStopSearches(pa.DataFrameModel):
    """One row per stop and search of a person whose identity the force recorded."""

    search_id: pl.String = event_id("Number of the search, re-keyed")
    record_key: pl.String = record_key()
    search_date: pl.Date = day("Day of the search", nullable=False)
    search_time: pl.String = pattern(TIME, "Time of the search, UK wall time")
    search_type: pl.String = code("police.search_type", "What was searched", nullable=False)
    part_of_operation: pl.Boolean = flag("Part of a policing operation")
    legislation: pl.String = code("police.search_legislation", "Power used")
    object_of_search: pl.String = code("police.search_object", "What was looked for")
    outcome: pl.String = code("police.search_outcome", "Outcome")
    outcome_linked: pl.Boolean = flag("The outcome is about what was looked for")
    more_than_outer_clothing: pl.Boolean = flag("More than outer clothing was removed")
    age_range: pl.String = code("police.age_range", "Age range")
    sex: pl.String = code("police.sex", "Sex")
    self_defined_ethnicity: pl.String = code("police.self_defined_ethnicity", "Ethnicity, self-defined")
    observed_ethnicity: pl.String = code("police.observed_ethnicity", "Ethnicity, officer-observed")


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "police_crimes",
        "police",
        PoliceCrimes,
        ("crime_id",),
        "append",
        caveat="Date exposure by committed_from_date, not by recorded_date. Cancelled crimes never count. "
        "How fully flags are filled in differs between forces and years.",
    ),
    Contract(
        "police_crime_persons",
        "police",
        PoliceCrimePersons,
        ("crime_id", "record_key", "role"),
        "append",
        caveat="One person may be victim and suspect of one crime. An offender has a positive outcome.",
    ),
    Contract(
        "police_incidents",
        "police",
        PoliceIncidents,
        ("incident_id", "record_key", "role"),
        "append",
        caveat="n_children counts the children who were there, named or not; named ones are involved_child.",
    ),
    Contract(
        "police_missing_reports",
        "police",
        PoliceMissingReports,
        ("report_id",),
        "append",
        row_rules=(ends_before_it_begins("reported_date", "returned_date"),),
        caveat="Absence from care is reported to councils too (ssda903_missing): the two overlap in part.",
    ),
    Contract("police_custody_arrests", "police", PoliceCustodyArrests, ("custody_id",), "append"),
    Contract(
        "police_stop_searches",
        "police",
        PoliceStopSearches,
        ("search_id",),
        "append",
        caveat="Most searches record no identity and are not here: do not count searches in this table.",
    ),
)
