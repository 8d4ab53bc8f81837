"""What a health supplier delivers of people in the community: events at the practice, residence, deaths.

Names are ours. Sources: opensafely-core/ehrql @350a1cc for events and deaths. Of the board's own tables only
the names are public (BNSSG-System-Analysts/ICS-code-library @decd73a).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import (
    ICD10,
    LSOA,
    SNOMED,
    code,
    day,
    event_id,
    number,
    organisation,
    pattern,
    record_key,
    token,
)


class GpEvents(pa.DataFrameModel):
    """One row per coded event in a general practice's record."""

    event_id: pl.String = event_id("Id of the event")
    record_key: pl.String = record_key()
    event_date: pl.Date = day("Day of the event", nullable=False)
    snomed_concept_id: pl.String = pattern(SNOMED, "What was recorded (SNOMED CT)", nullable=False)
    numeric_value: pl.Float64 = number("Value, in the unit of the concept", -1e6, 1e6, "as the concept says")
    practice: pl.String = organisation("General practice")


class Deaths(pa.DataFrameModel):
    """One row per death."""

    record_key: pl.String = record_key()
    death_date: pl.Date = day("Date of death", nullable=False)
    registration_date: pl.Date = day("Date of registration")
    underlying_cause: pl.String = pattern(ICD10, "Underlying cause (ICD-10)")
    place_of_death: pl.String = code("death.place", "Kind of place of death")
    contributory_cause_01: pl.String = pattern(ICD10, "Contributory cause 1 (ICD-10)")
    contributory_cause_02: pl.String = pattern(ICD10, "Contributory cause 2 (ICD-10)")
    contributory_cause_03: pl.String = pattern(ICD10, "Contributory cause 3 (ICD-10)")
    contributory_cause_04: pl.String = pattern(ICD10, "Contributory cause 4 (ICD-10)")
    contributory_cause_05: pl.String = pattern(ICD10, "Contributory cause 5 (ICD-10)")
    contributory_cause_06: pl.String = pattern(ICD10, "Contributory cause 6 (ICD-10)")
    contributory_cause_07: pl.String = pattern(ICD10, "Contributory cause 7 (ICD-10)")
    contributory_cause_08: pl.String = pattern(ICD10, "Contributory cause 8 (ICD-10)")
    contributory_cause_09: pl.String = pattern(ICD10, "Contributory cause 9 (ICD-10)")
    contributory_cause_10: pl.String = pattern(ICD10, "Contributory cause 10 (ICD-10)")
    contributory_cause_11: pl.String = pattern(ICD10, "Contributory cause 11 (ICD-10)")
    contributory_cause_12: pl.String = pattern(ICD10, "Contributory cause 12 (ICD-10)")
    contributory_cause_13: pl.String = pattern(ICD10, "Contributory cause 13 (ICD-10)")
    contributory_cause_14: pl.String = pattern(ICD10, "Contributory cause 14 (ICD-10)")
    contributory_cause_15: pl.String = pattern(ICD10, "Contributory cause 15 (ICD-10)")


class Residence(pa.DataFrameModel):
    """One row per person and stretch of residence, from general-practice registration."""

    record_key: pl.String = record_key()
    lsoa21: pl.String = pattern(LSOA, "Small area of residence (LSOA 2021)", nullable=False)
    household_token: pl.Int64 = token("Keyed hash of the address (UPRN)")
    valid_from: pl.Date = day("First day of residence", nullable=False)
    valid_to: pl.Date = day("Last day of residence; null: still there")


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "gp_events",
        "health",
        GpEvents,
        ("event_id",),
        "append",
        caveat="The day is the one that the practice gave the event; it may have been entered years later.",
    ),
    Contract(
        "deaths",
        "health",
        Deaths,
        ("record_key",),
        "append",
        caveat="A death after an inquest is registered late.",
    ),
    Contract("residence", "health", Residence, ("record_key", "valid_from"), "snapshot"),
)
