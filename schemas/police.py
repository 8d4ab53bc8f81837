"""What a police force delivers: crimes, the people in them, public-protection incidents.

No public layout of a force's extract exists: names are ours, code sets public where the code list says
verified. See `reference/code_lists.csv`.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import LSOA, code, day, event_id, flag, number, pattern, record_key


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


CONTRACTS: tuple[Contract, ...] = (
    Contract("police_crimes", "police", PoliceCrimes, ("crime_id",), "append"),
    Contract(
        "police_crime_persons", "police", PoliceCrimePersons, ("crime_id", "record_key", "role"), "append"
    ),
    Contract("police_incidents", "police", PoliceIncidents, ("incident_id", "record_key", "role"), "append"),
)
