"""What a health supplier delivers of hospitals: emergency attendances, admissions, outpatients.

Column names follow HES and ECDS in lower case, with dates and ids named alike across tables.
Sources: HFAnalyticsLab/HES_pipeline @cab20a8, opensafely-core/ehrql @350a1cc, UCL-ECHILD @1ab27e2.
The NHS Data Dictionary pages were not opened. Procedures are dated by their episode: OPDATE is not asked for.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import (
    ICD10,
    LSOA,
    OPCS4,
    SNOMED,
    SNOMED_LIST,
    TIME,
    TWO_DIGITS,
    code,
    day,
    event_id,
    flag,
    month,
    number,
    organisation,
    pattern,
    record_key,
)

_THREE = r"^[A-Z0-9]{3}$"


class EcdsAttendances(pa.DataFrameModel):
    """One row per attendance at an emergency department."""

    attendance_id: pl.String = event_id("EC_Ident, re-keyed")
    record_key: pl.String = record_key()
    arrival_date: pl.Date = day("Arrival", nullable=False)
    arrival_time: pl.String = pattern(TIME, "Time of arrival, UK wall time")
    department_type: pl.String = code("ecds.department_type", "Kind of department")
    attendance_category: pl.String = code("ecds.attendance_category", "Unplanned or planned", nullable=False)
    chief_complaint: pl.String = pattern(SNOMED, "Chief complaint (SNOMED CT)")
    diagnoses: pl.String = pattern(SNOMED_LIST, "All diagnoses (SNOMED CT), comma-separated")
    injury_intent: pl.String = pattern(SNOMED, "Injury intent (SNOMED CT)")
    discharge_destination: pl.String = pattern(SNOMED, "Discharge destination (SNOMED CT)")
    accommodation_status: pl.String = pattern(SNOMED, "Accommodation status (SNOMED CT)")
    age_at_arrival: pl.Int16 = number("Age at arrival", 0, 120, "years")
    sex: pl.String = code("hes.sex", "Sex")
    ethnic_category: pl.String = code("nhs.ethnicity", "Ethnic category")
    birth_month: pl.Date = month("Month of birth")
    arrival_mode: pl.String = pattern(SNOMED, "How the person came (SNOMED CT)")
    attendance_source: pl.String = pattern(SNOMED, "Where the person came from (SNOMED CT)")
    acuity: pl.String = pattern(SNOMED, "Acuity (SNOMED CT)")
    injury_date: pl.Date = day("Day of the injury")
    injury_time: pl.String = pattern(TIME, "Time of the injury, UK wall time")
    injury_mechanism: pl.String = pattern(SNOMED, "Injury mechanism (SNOMED CT)")
    injury_activity_type: pl.String = pattern(SNOMED, "Activity when injured (SNOMED CT)")
    injury_activity_status: pl.String = pattern(SNOMED, "Status of that activity (SNOMED CT)")
    place_of_injury: pl.String = pattern(SNOMED, "Kind of place of the injury (SNOMED CT)")
    alcohol_drug_involvement: pl.String = pattern(SNOMED, "Alcohol or drugs involved (SNOMED CT)")
    decision_to_admit_date: pl.Date = day("Decision to admit")
    departure_date: pl.Date = day("Departure")
    departure_time: pl.String = pattern(TIME, "Time of departure, UK wall time")
    discharge_status: pl.String = pattern(SNOMED, "Discharge status (SNOMED CT)")
    discharge_follow_up: pl.String = pattern(SNOMED, "Discharge follow-up (SNOMED CT)")
    duplicate: pl.Boolean = flag("Marked as a copy of another row (Der_Dupe_Flag); never counts")
    hrg: pl.String = pattern(r"^[A-Z]{2}\d{2}[A-Z]$", "Healthcare resource group (SUS_HRG_Code)")
    site: pl.String = organisation("Site of the department")


class ApcEpisodes(pa.DataFrameModel):
    """One row per finished consultant episode of admitted patient care."""

    epikey: pl.String = event_id("Episode key, re-keyed")
    record_key: pl.String = record_key()
    provspnops: pl.String = event_id("Provider spell number, re-keyed", nullable=True)
    procode3: pl.String = pattern(_THREE, "Provider", nullable=False)
    admidate: pl.Date = day("Admission", nullable=False)
    epistart: pl.Date = day("Episode start", nullable=False)
    epiend: pl.Date = day("Episode end")
    disdate: pl.Date = day("Discharge")
    admimeth: pl.String = code("hes.admimeth", "Admission method", nullable=False)
    admisorc: pl.String = pattern(TWO_DIGITS, "Admission source")
    dismeth: pl.String = code("hes.dismeth", "Discharge method")
    disdest: pl.String = pattern(TWO_DIGITS, "Discharge destination")
    epiorder: pl.Int16 = number("Order of the episode in its spell", 1, 98, "episodes", nullable=False)
    epistat: pl.String = code("hes.epistat", "Episode status", nullable=False)
    epitype: pl.String = code("hes.epitype", "Episode type", nullable=False)
    classpat: pl.String = code("hes.classpat", "Patient classification")
    diag_01: pl.String = pattern(ICD10, "Diagnosis 1")
    diag_02: pl.String = pattern(ICD10, "Diagnosis 2")
    diag_03: pl.String = pattern(ICD10, "Diagnosis 3")
    diag_04: pl.String = pattern(ICD10, "Diagnosis 4")
    diag_05: pl.String = pattern(ICD10, "Diagnosis 5")
    diag_06: pl.String = pattern(ICD10, "Diagnosis 6")
    diag_07: pl.String = pattern(ICD10, "Diagnosis 7")
    diag_08: pl.String = pattern(ICD10, "Diagnosis 8")
    diag_09: pl.String = pattern(ICD10, "Diagnosis 9")
    diag_10: pl.String = pattern(ICD10, "Diagnosis 10")
    diag_11: pl.String = pattern(ICD10, "Diagnosis 11")
    diag_12: pl.String = pattern(ICD10, "Diagnosis 12")
    diag_13: pl.String = pattern(ICD10, "Diagnosis 13")
    diag_14: pl.String = pattern(ICD10, "Diagnosis 14")
    diag_15: pl.String = pattern(ICD10, "Diagnosis 15")
    diag_16: pl.String = pattern(ICD10, "Diagnosis 16")
    diag_17: pl.String = pattern(ICD10, "Diagnosis 17")
    diag_18: pl.String = pattern(ICD10, "Diagnosis 18")
    diag_19: pl.String = pattern(ICD10, "Diagnosis 19")
    diag_20: pl.String = pattern(ICD10, "Diagnosis 20")
    sex: pl.String = code("hes.sex", "Sex")
    ethnos: pl.String = code("nhs.ethnicity", "Ethnic category")
    birth_month: pl.Date = month("Month of birth")
    opertn_01: pl.String = pattern(OPCS4, "Procedure 1")
    opertn_02: pl.String = pattern(OPCS4, "Procedure 2")
    opertn_03: pl.String = pattern(OPCS4, "Procedure 3")
    opertn_04: pl.String = pattern(OPCS4, "Procedure 4")
    opertn_05: pl.String = pattern(OPCS4, "Procedure 5")
    opertn_06: pl.String = pattern(OPCS4, "Procedure 6")
    opertn_07: pl.String = pattern(OPCS4, "Procedure 7")
    opertn_08: pl.String = pattern(OPCS4, "Procedure 8")
    opertn_09: pl.String = pattern(OPCS4, "Procedure 9")
    opertn_10: pl.String = pattern(OPCS4, "Procedure 10")
    opertn_11: pl.String = pattern(OPCS4, "Procedure 11")
    opertn_12: pl.String = pattern(OPCS4, "Procedure 12")
    opertn_13: pl.String = pattern(OPCS4, "Procedure 13")
    opertn_14: pl.String = pattern(OPCS4, "Procedure 14")
    opertn_15: pl.String = pattern(OPCS4, "Procedure 15")
    opertn_16: pl.String = pattern(OPCS4, "Procedure 16")
    opertn_17: pl.String = pattern(OPCS4, "Procedure 17")
    opertn_18: pl.String = pattern(OPCS4, "Procedure 18")
    opertn_19: pl.String = pattern(OPCS4, "Procedure 19")
    opertn_20: pl.String = pattern(OPCS4, "Procedure 20")
    opertn_21: pl.String = pattern(OPCS4, "Procedure 21")
    opertn_22: pl.String = pattern(OPCS4, "Procedure 22")
    opertn_23: pl.String = pattern(OPCS4, "Procedure 23")
    opertn_24: pl.String = pattern(OPCS4, "Procedure 24")
    mainspef: pl.String = pattern(_THREE, "Main specialty")
    tretspef: pl.String = pattern(_THREE, "Treatment specialty")
    neocare: pl.String = code("hes.neocare", "Level of neonatal care")
    sitetret: pl.String = organisation("Site of treatment")
    gpprac: pl.String = organisation("General practice")
    lsoa11: pl.String = pattern(LSOA, "Small area of residence (LSOA 2011)")
    susrecid: pl.String = event_id("SUS record id, re-keyed", nullable=True)


class OpAppointments(pa.DataFrameModel):
    """One row per outpatient appointment, attended or not."""

    attendkey: pl.String = event_id("Attendance key, re-keyed")
    record_key: pl.String = record_key()
    apptdate: pl.Date = day("Appointment", nullable=False)
    reqdate: pl.Date = day("Referral request received")
    attended: pl.String = code("hes.attended", "Attended or not", nullable=False)
    atentype: pl.String = pattern(r"^\d{1,2}$", "Type of attendance")
    firstatt: pl.String = code("hes.firstatt", "First attendance or follow-up")
    outcome: pl.String = code("hes.op_outcome", "Outcome of the attendance")
    priority: pl.String = code("hes.priority", "Priority")
    refsourc: pl.String = pattern(TWO_DIGITS, "Source of referral")
    mainspef: pl.String = pattern(_THREE, "Main specialty")
    tretspef: pl.String = pattern(_THREE, "Treatment specialty")
    procode3: pl.String = pattern(_THREE, "Provider")
    sitetret: pl.String = organisation("Site of treatment")
    diag_01: pl.String = pattern(ICD10, "Diagnosis 1")
    diag_02: pl.String = pattern(ICD10, "Diagnosis 2")
    diag_03: pl.String = pattern(ICD10, "Diagnosis 3")
    diag_04: pl.String = pattern(ICD10, "Diagnosis 4")
    diag_05: pl.String = pattern(ICD10, "Diagnosis 5")
    diag_06: pl.String = pattern(ICD10, "Diagnosis 6")
    diag_07: pl.String = pattern(ICD10, "Diagnosis 7")
    diag_08: pl.String = pattern(ICD10, "Diagnosis 8")
    diag_09: pl.String = pattern(ICD10, "Diagnosis 9")
    diag_10: pl.String = pattern(ICD10, "Diagnosis 10")
    diag_11: pl.String = pattern(ICD10, "Diagnosis 11")
    diag_12: pl.String = pattern(ICD10, "Diagnosis 12")
    opertn_01: pl.String = pattern(OPCS4, "Procedure 1")
    opertn_02: pl.String = pattern(OPCS4, "Procedure 2")
    opertn_03: pl.String = pattern(OPCS4, "Procedure 3")
    opertn_04: pl.String = pattern(OPCS4, "Procedure 4")
    opertn_05: pl.String = pattern(OPCS4, "Procedure 5")
    opertn_06: pl.String = pattern(OPCS4, "Procedure 6")
    opertn_07: pl.String = pattern(OPCS4, "Procedure 7")
    opertn_08: pl.String = pattern(OPCS4, "Procedure 8")
    opertn_09: pl.String = pattern(OPCS4, "Procedure 9")
    opertn_10: pl.String = pattern(OPCS4, "Procedure 10")
    opertn_11: pl.String = pattern(OPCS4, "Procedure 11")
    opertn_12: pl.String = pattern(OPCS4, "Procedure 12")
    opertn_13: pl.String = pattern(OPCS4, "Procedure 13")
    opertn_14: pl.String = pattern(OPCS4, "Procedure 14")
    opertn_15: pl.String = pattern(OPCS4, "Procedure 15")
    opertn_16: pl.String = pattern(OPCS4, "Procedure 16")
    opertn_17: pl.String = pattern(OPCS4, "Procedure 17")
    opertn_18: pl.String = pattern(OPCS4, "Procedure 18")
    opertn_19: pl.String = pattern(OPCS4, "Procedure 19")
    opertn_20: pl.String = pattern(OPCS4, "Procedure 20")
    opertn_21: pl.String = pattern(OPCS4, "Procedure 21")
    opertn_22: pl.String = pattern(OPCS4, "Procedure 22")
    opertn_23: pl.String = pattern(OPCS4, "Procedure 23")
    opertn_24: pl.String = pattern(OPCS4, "Procedure 24")
    sex: pl.String = code("hes.sex", "Sex")
    ethnos: pl.String = code("nhs.ethnicity", "Ethnic category")
    birth_month: pl.Date = month("Month of birth")


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "ecds_attendances",
        "health",
        EcdsAttendances,
        ("attendance_id",),
        "append",
        caveat="Usable from about 2019/20. No code for assault as the intent of an injury was found.",
    ),
    Contract(
        "apc_episodes",
        "health",
        ApcEpisodes,
        ("epikey",),
        "append",
        caveat="A stay may have several episodes: count spells. Only finished episodes (epistat 3) count.",
    ),
    Contract(
        "op_appointments",
        "health",
        OpAppointments,
        ("attendkey",),
        "append",
        caveat="Attended is 5 or 6. Diagnoses are rarely filled in.",
    ),
)
