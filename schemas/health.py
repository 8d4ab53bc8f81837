"""What an integrated care board delivers: attendances, admissions, referrals, deaths, registration.

Column names follow HES, ECDS and MHSDS in lower case, with dates and ids named alike across tables.
Sources: HFAnalyticsLab HES_pipeline, opensafely ehrQL, UCL-ECHILD, NHSDigital mental-health statistics.
The NHS Data Dictionary pages were not opened.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import (
    ICD10,
    LSOA,
    SNOMED,
    SNOMED_LIST,
    TIME,
    code,
    day,
    event_id,
    month,
    number,
    pattern,
    record_key,
    token,
)


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


class ApcEpisodes(pa.DataFrameModel):
    """One row per finished consultant episode of admitted patient care."""

    epikey: pl.String = event_id("Episode key, re-keyed")
    record_key: pl.String = record_key()
    provspnops: pl.String = event_id("Provider spell number, re-keyed", nullable=True)
    procode3: pl.String = pattern(r"^[A-Z0-9]{3}$", "Provider", nullable=False)
    admidate: pl.Date = day("Admission", nullable=False)
    epistart: pl.Date = day("Episode start", nullable=False)
    epiend: pl.Date = day("Episode end")
    disdate: pl.Date = day("Discharge")
    admimeth: pl.String = code("hes.admimeth", "Admission method", nullable=False)
    admisorc: pl.String = pattern(r"^\d{2}$", "Admission source")
    dismeth: pl.String = code("hes.dismeth", "Discharge method")
    disdest: pl.String = pattern(r"^\d{2}$", "Discharge destination")
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


class MhsdsReferrals(pa.DataFrameModel):
    """One row per referral to a mental-health service."""

    referral_id: pl.String = event_id("UniqServReqID, re-keyed")
    record_key: pl.String = record_key()
    referral_date: pl.Date = day("Referral request received", nullable=False)
    source_of_referral: pl.String = pattern(r"^[A-Q]\d$", "Source of referral")
    primary_reason: pl.String = code("mhsds.primary_reason", "Primary reason for referral")
    priority: pl.String = code("mhsds.priority", "Clinical response priority")
    team_type: pl.String = pattern(r"^[A-Z]\d{2}$", "Service team referred to")
    rejection_date: pl.Date = day("Referral rejected")
    discharge_date: pl.Date = day("Discharged from the service")


class Deaths(pa.DataFrameModel):
    """One row per death."""

    record_key: pl.String = record_key()
    death_date: pl.Date = day("Date of death", nullable=False)
    registration_date: pl.Date = day("Date of registration")
    underlying_cause: pl.String = pattern(ICD10, "Underlying cause (ICD-10)")


class Residence(pa.DataFrameModel):
    """One row per person and stretch of residence, from general-practice registration."""

    record_key: pl.String = record_key()
    lsoa21: pl.String = pattern(LSOA, "Small area of residence (LSOA 2021)", nullable=False)
    household_token: pl.Int64 = token("Keyed hash of the address (UPRN)")
    valid_from: pl.Date = day("First day of residence", nullable=False)
    valid_to: pl.Date = day("Last day of residence; null: still there")


class OptOuts(pa.DataFrameModel):
    """One row per person and opt-out."""

    record_key: pl.String = record_key()
    scope: pl.String = code("opt_out.scope", "Hides this supplier's data, or the person", nullable=False)
    kind: pl.String = code("opt_out.kind", "Kind of opt-out", nullable=False)
    from_date: pl.Date = day("First day of the opt-out", nullable=False)


CONTRACTS: tuple[Contract, ...] = (
    Contract("ecds_attendances", "health", EcdsAttendances, ("attendance_id",), "append"),
    Contract("apc_episodes", "health", ApcEpisodes, ("epikey",), "append"),
    Contract("mhsds_referrals", "health", MhsdsReferrals, ("referral_id",), "append"),
    Contract("deaths", "health", Deaths, ("record_key",), "append"),
    Contract("residence", "health", Residence, ("record_key", "valid_from"), "snapshot"),
    Contract("opt_outs", "health", OptOuts, ("record_key", "scope", "kind"), "snapshot"),
)
