"""What a health supplier delivers of mental-health services, after the Mental Health Services Data Set.

Names are ours, in the words of the other tables; each description gives the field of the data set.
Sources: field names from NHSDigital/mental-health-monthly-statistics @7b4d742, UCL-CHIG/MHSDS_setup @a51b56e
and ncl-icb-analytics/dbt-ncl-analytics @72ed93a. The NHS Data Dictionary pages were not opened.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import (
    SNOMED,
    TIME,
    TWO_DIGITS,
    code,
    day,
    event_id,
    flag,
    number,
    organisation,
    pattern,
    record_key,
)
from schemas.row_rules import ends_before_it_begins

_LATEST_ONLY = "The supplier sends the latest submission of each record only."


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
    provider: pl.String = organisation("Provider (OrgIDProv)")
    referring_organisation: pl.String = organisation("Who referred (OrgIDReferring)")
    rejection_reason: pl.String = pattern(TWO_DIGITS, "Why rejected (ReferRejectReason)")
    closure_date: pl.Date = day("Closed by the team (ReferClosureDate)")
    closure_reason: pl.String = pattern(TWO_DIGITS, "Why closed (ReferClosReason)")


class MhsdsCareContacts(pa.DataFrameModel):
    """One row per care contact offered, attended or not."""

    care_contact_id: pl.String = event_id("UniqCareContID, re-keyed")
    record_key: pl.String = record_key()
    referral_id: pl.String = event_id("UniqServReqID, re-keyed")
    contact_date: pl.Date = day("Care contact (CareContDate)", nullable=False)
    attend_status: pl.String = code("mhsds.attend_status", "Attended or not (AttendStatus, AttendOrDNACode)")
    mechanism: pl.String = code(
        "mhsds.contact_mechanism", "How it was held (ConsMechanismMH, ConsMediumUsed)"
    )
    minutes: pl.Int16 = number("Clinical contact time (ClinContDurOfCareCont)", 0, 1440, "minutes")
    provider: pl.String = organisation("Provider (OrgIDProv)")


class MhsdsHospitalSpells(pa.DataFrameModel):
    """One row per stay in hospital with one provider of mental-health care."""

    spell_id: pl.String = event_id("UniqHospProvSpellID, re-keyed")
    record_key: pl.String = record_key()
    referral_id: pl.String = event_id("UniqServReqID, re-keyed", nullable=True)
    start_date: pl.Date = day("Admission (StartDateHospProvSpell)", nullable=False)
    admission_method: pl.String = code("hes.admimeth", "Admission method (AdmMethCodeHospProvSpell)")
    planned_discharge_date: pl.Date = day("Planned discharge (PlannedDischDateHospProvSpell)")
    discharge_date: pl.Date = day("Discharge (DischDateHospProvSpell); null while in hospital")
    discharge_destination: pl.String = pattern(
        TWO_DIGITS, "Discharge destination (DischDestCodeHospProvSpell)"
    )
    provider: pl.String = organisation("Provider (OrgIDProv)")


class MhsdsWardStays(pa.DataFrameModel):
    """One row per stay on one ward, within a hospital spell."""

    ward_stay_id: pl.String = event_id("UniqWardStayID, re-keyed")
    record_key: pl.String = record_key()
    spell_id: pl.String = event_id("UniqHospProvSpellID, re-keyed")
    ward: pl.String = organisation("Ward (UniqWardCode, WardCode), as table organisations knows it", False)
    start_date: pl.Date = day("First day on the ward (StartDateWardStay)", nullable=False)
    end_date: pl.Date = day("Last day on the ward (EndDateWardStay); null: still there")
    ward_type: pl.String = code("mhsds.ward_type", "Kind of ward (WardType)")
    ward_age: pl.String = code("mhsds.ward_age", "Age group that the ward is for (WardAge)")
    ward_security: pl.String = code("mhsds.ward_security", "Security level (WardSecLevel)")
    locked: pl.Boolean = flag("Locked ward (LockedWardInd)")
    bed_type: pl.String = code("mhsds.bed_type", "Kind of bed (HospitalBedTypeMH)")
    site: pl.String = organisation("Site of treatment (SiteIDOfTreat)")
    provider: pl.String = organisation("Provider (OrgIDProv)")


class MhsdsRestrictiveInterventions(pa.DataFrameModel):
    """One row per type of restrictive intervention used in an incident."""

    intervention_id: pl.String = event_id("UniqRestrictiveIntTypeID, re-keyed")
    incident_id: pl.String = event_id("UniqRestrictiveIntIncID, re-keyed", nullable=True)
    record_key: pl.String = record_key()
    spell_id: pl.String = event_id("UniqHospProvSpellID, re-keyed", nullable=True)
    ward_stay_id: pl.String = event_id("UniqWardStayID, re-keyed", nullable=True)
    start_date: pl.Date = day("Day on which it began (StartDateRestrictiveIntType)", nullable=False)
    start_time: pl.String = pattern(TIME, "Time at which it began, UK wall time")
    end_date: pl.Date = day("Day on which it ended (EndDateRestrictiveIntType)")
    end_time: pl.String = pattern(TIME, "Time at which it ended, UK wall time")
    intervention_type: pl.String = code(
        "mhsds.restrictive_intervention", "What was done (RestrictiveIntType)", nullable=False
    )
    reason: pl.String = code("mhsds.restrictive_reason", "Why (RestrictiveIntReason)")
    patient_injured: pl.Boolean = flag("The patient was injured (RestraintInjuryPatient)")
    staff_injured: pl.Boolean = flag("A member of staff was injured (RestraintInjuryCarePers)")
    review_held: pl.Boolean = flag("A review was held with the patient (RestrictiveIntPIReviewHeldPat)")
    provider: pl.String = organisation("Provider (OrgIDProv)")


class MhsdsScoredAssessments(pa.DataFrameModel):
    """One row per score of an assessment tool: a total, a scale or an item, as its SNOMED CT code says."""

    assessment_id: pl.String = event_id("MHS606UniqID or MHS607UniqID, re-keyed")
    record_key: pl.String = record_key()
    referral_id: pl.String = event_id("UniqServReqID, re-keyed", nullable=True)
    care_contact_id: pl.String = event_id("UniqCareContID, re-keyed", nullable=True)
    assessment_date: pl.Date = day(
        "Day of completion (AssToolCompTimestamp), else of the contact", nullable=False
    )
    tool: pl.String = pattern(SNOMED, "What was scored (CodedAssToolType, SNOMED CT)", nullable=False)
    score: pl.Float64 = number("Score (PersScore)", -1000, 1000, "points", nullable=False)


CONTRACTS: tuple[Contract, ...] = (
    Contract("mhsds_referrals", "health", MhsdsReferrals, ("referral_id",), "append", caveat=_LATEST_ONLY),
    Contract(
        "mhsds_care_contacts",
        "health",
        MhsdsCareContacts,
        ("care_contact_id",),
        "append",
        caveat="A contact happened where attend_status is 5 or 6; a text message is no first contact.",
    ),
    Contract(
        "mhsds_hospital_spells",
        "health",
        MhsdsHospitalSpells,
        ("spell_id",),
        "append",
        row_rules=(ends_before_it_begins("start_date", "discharge_date"),),
        caveat=_LATEST_ONLY,
    ),
    Contract(
        "mhsds_ward_stays",
        "health",
        MhsdsWardStays,
        ("ward_stay_id",),
        "append",
        row_rules=(ends_before_it_begins("start_date", "end_date"),),
        caveat="An occupied bed-day is a night: a stay that begins and ends on one day has none.",
    ),
    Contract(
        "mhsds_restrictive_interventions",
        "health",
        MhsdsRestrictiveInterventions,
        ("intervention_id",),
        "append",
        row_rules=(ends_before_it_begins("start_date", "end_date"),),
        caveat="Providers differ in what they record: a ward without interventions may be one that does not "
        "report. One incident may have several rows. Until 2021 the data set knew fewer types.",
    ),
    Contract(
        "mhsds_scored_assessments",
        "health",
        MhsdsScoredAssessments,
        ("assessment_id",),
        "append",
        caveat="Whether a tool has such a score is not checked here, as it is in measure_scores.",
    ),
)
