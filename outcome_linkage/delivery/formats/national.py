"""What the columns of our tables are called in national data sets and in suppliers' systems, beside their own
names. Headers are compared by letters and digits alone (see `header.header_name`): `Arrival_Date` is
`arrival_date` already and is not listed.

HES, ECDS, MHSDS and mortality names as in the schemas' sources (HFAnalyticsLab/HES_pipeline,
opensafely-core/ehrql, NHSDigital/mental-health-monthly-statistics, UCL-CHIG/MHSDS_setup); fields of NCCIS by
number as seen in public code, unverified.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from outcome_linkage.delivery.encoding.convert import text_of

_PERSON = {"record_key": ("TOKEN_PERSON_ID", "Person_ID", "ENCRYPTED_HESID")}
_HES = {**_PERSON, "birth_month": ("MYDOB",)}
_MHSDS = {
    **_PERSON,
    "referral_id": ("UniqServReqID",),
    "spell_id": ("UniqHospProvSpellID",),
    "ward_stay_id": ("UniqWardStayID",),
    "care_contact_id": ("UniqCareContID",),
    "provider": ("OrgIDProv",),
    "site": ("SiteIDOfTreat",),
}
_DIAGNOSES = tuple(f"diagnosis_{n:02d}" for n in range(1, 13))
FEEDING = (*_DIAGNOSES, "month_of_birth", "year_of_birth")
"""Columns of a raw file from which `complete` makes one of ours."""

HEADERS: dict[str, dict[str, tuple[str, ...]]] = {
    "apc_episodes": {**_HES, "provspnops": ("PROVSPNO",)},
    "op_appointments": _HES,
    "ecds_attendances": {
        **_PERSON,
        "attendance_id": ("EC_Ident",),
        "department_type": ("EC_Department_Type",),
        "attendance_category": ("EC_AttendanceCategory",),
        "chief_complaint": ("EC_Chief_Complaint_SNOMED_CT",),
        "diagnoses": ("Der_EC_Diagnosis_All",),
        **{name: (f"EC_{name}", f"EC_{name}_SNOMED_CT") for name in _DIAGNOSES},
        "injury_intent": ("EC_Injury_Intent_SNOMED_CT",),
        "injury_mechanism": ("EC_Injury_Mechanism_SNOMED_CT",),
        "injury_activity_type": ("EC_Injury_Activity_Type_SNOMED_CT",),
        "injury_activity_status": ("EC_Injury_Activity_Status_SNOMED_CT",),
        "injury_date": ("EC_Injury_Date",),
        "injury_time": ("EC_Injury_Time",),
        "place_of_injury": ("EC_Place_Of_Injury_SNOMED_CT",),
        "arrival_mode": ("EC_Arrival_Mode_SNOMED_CT",),
        "attendance_source": ("EC_Attendance_Source_SNOMED_CT",),
        "acuity": ("EC_Acuity_SNOMED_CT",),
        "alcohol_drug_involvement": ("EC_Alcohol_Drug_Involvement_01",),
        "decision_to_admit_date": ("EC_Decision_To_Admit_Date",),
        "departure_date": ("EC_Departure_Date",),
        "departure_time": ("EC_Departure_Time",),
        "discharge_status": ("EC_Discharge_Status_SNOMED_CT", "Discharge_Status_SNOMED_CT"),
        "discharge_destination": ("Discharge_Destination_SNOMED_CT",),
        "discharge_follow_up": ("Discharge_Follow_Up_SNOMED_CT",),
        "accommodation_status": ("Accommodation_Status_SNOMED_CT",),
        "month_of_birth": ("Month_of_Birth",),
        "year_of_birth": ("Year_of_Birth",),
        "duplicate": ("Der_Dupe_Flag",),
        "hrg": ("SUS_HRG_Code",),
    },
    "mhsds_referrals": {
        **_MHSDS,
        "referral_date": ("ReferralRequestReceivedDate",),
        "source_of_referral": ("SourceOfReferralMH",),
        "primary_reason": ("PrimReasonReferralMH",),
        "priority": ("ClinRespPriorityType",),
        "team_type": ("ServTeamTypeRefToMH",),
        "rejection_date": ("ReferRejectionDate",),
        "rejection_reason": ("ReferRejectReason", "ReferRejectionReason"),
        "discharge_date": ("ServDischDate",),
        "referring_organisation": ("OrgIDReferring",),
        "closure_date": ("ReferClosureDate",),
        "closure_reason": ("ReferClosReason", "ReferClosureReason"),
    },
    "mhsds_care_contacts": {
        **_MHSDS,
        "contact_date": ("CareContDate",),
        "attend_status": ("AttendStatus", "AttendOrDNACode"),
        "mechanism": ("ConsMechanismMH", "ConsMediumUsed"),
        "minutes": ("ClinContDurOfCareCont",),
    },
    "mhsds_hospital_spells": {
        **_MHSDS,
        "start_date": ("StartDateHospProvSpell",),
        "admission_method": ("AdmMethCodeHospProvSpell",),
        "planned_discharge_date": ("PlannedDischDateHospProvSpell",),
        "discharge_date": ("DischDateHospProvSpell",),
        "discharge_destination": ("DischDestCodeHospProvSpell",),
    },
    "mhsds_ward_stays": {
        **_MHSDS,
        "ward": ("UniqWardCode", "WardCode"),
        "start_date": ("StartDateWardStay",),
        "end_date": ("EndDateWardStay",),
        "ward_type": ("WardType",),
        "ward_age": ("WardAge",),
        "ward_security": ("WardSecLevel",),
        "locked": ("LockedWardInd",),
        "bed_type": ("HospitalBedTypeMH",),
    },
    "mhsds_restrictive_interventions": {
        **_MHSDS,
        "intervention_id": ("UniqRestrictiveIntTypeID",),
        "incident_id": ("UniqRestrictiveIntIncID",),
        "start_date": ("StartDateRestrictiveIntType",),
        "start_time": ("StartTimeRestrictiveIntType",),
        "end_date": ("EndDateRestrictiveIntType",),
        "end_time": ("EndTimeRestrictiveIntType",),
        "intervention_type": ("RestrictiveIntType",),
        "reason": ("RestrictiveIntReason",),
        "patient_injured": ("RestraintInjuryPatient",),
        "staff_injured": ("RestraintInjuryCarePers",),
        "review_held": ("RestrictiveIntPIReviewHeldPat",),
    },
    "mhsds_scored_assessments": {
        **_MHSDS,
        "assessment_id": ("MHS606UniqID", "MHS607UniqID"),
        "assessment_date": ("AssToolCompTimestamp",),
        "tool": ("CodedAssToolType",),
        "score": ("PersScore",),
    },
    "deaths": {
        **_PERSON,
        "death_date": ("DOD",),
        "registration_date": ("DOR",),
        "underlying_cause": ("CAUSE_OF_DEATH", "icd10u"),
        "place_of_death": ("place",),
        **{f"contributory_cause_{n:02d}": (f"ICD10{n:03d}",) for n in range(1, 16)},
    },
    "gp_events": {**_PERSON, "practice": ("practice_code",)},
    "nccis_activity": {
        "la_year_11": ("YP12",),
        "transferred_to": ("YP13",),
        "postcode": ("YP19",),
        "ethnicity": ("YP27",),
    },
}

PEOPLE: dict[str, tuple[str, ...]] = {
    "forename": ("first_name", "given_name"),
    "surname": ("last_name", "family_name"),
    "previous_surname": ("former_surname",),
    "dob": ("date_of_birth", "birth_date"),
    "ethnic_group": ("ethnic_origin",),
    "postcode": ("post_code", "postal_code"),
    "nhs_number": ("nhs_no", "NEWNHSNO"),
    "upn": ("unique_pupil_number",),
    "uprn": ("unique_property_reference_number",),
    "pnc_id": ("pnc_number",),
}
"""Of what identifies people, in any table that may hold it."""


def complete(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with what a data set spreads over several columns: a list of diagnoses, and a month of birth
    that is told as month and year."""
    several = [name for name in _DIAGNOSES if name in frame.columns]
    if several or "diagnoses" in frame.columns:
        told = text_of(frame, "diagnoses").str.replace_all(r"[|;,\s]+", ",")
        listed = pl.concat_str(several or [pl.lit("")], separator=",", ignore_nulls=True)
        frame = frame.with_columns(diagnoses=pl.coalesce(told, pl.when(listed != "").then(listed)))
    if {"month_of_birth", "year_of_birth"} <= set(frame.columns):
        month = pl.col("month_of_birth").str.replace(r"\.0$", "").str.zfill(2)
        told = text_of(frame, "birth_month")
        year = pl.col("year_of_birth").str.replace(r"\.0$", "")
        frame = frame.with_columns(birth_month=pl.coalesce(told, pl.format("{}-{}", year, month)))
    return frame


def headers_of(table: str, columns: Mapping[str, object]) -> dict[str, str]:
    """Other headers of the `columns` of a table, and of what feeds them: the column that each means."""
    known = {**PEOPLE, **HEADERS.get(table, {})}
    return {
        header: column
        for column, headers in known.items()
        if column in columns or column in FEEDING
        for header in headers
    }
