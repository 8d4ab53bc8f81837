"""What a local authority delivers of children in need: the census, one table for each element that repeats.

Column names are those of the census in lower snake case, shortened where the census repeats itself.
Source: the CIN schemas 2017 to 2026 of liia-tools-pipeline (4aff918), csc-validator-be-cin (1bf6f22), labels
from ssd-data-model (4987c73); the DfE guide itself was not opened.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import code, day, flag, month, number, pattern, record_key


class CinChildren(pa.DataFrameModel):
    """One row per child in the children-in-need census."""

    record_key: pl.String = record_key()
    sex: pl.String = code("cin.sex", "Sex; gender up to 2024", nullable=False)
    birth_month: pl.Date = month("Month of birth; null for an unborn child")
    expected_birth_month: pl.Date = month("Expected month of birth of an unborn child")
    death_date: pl.Date = day("Date of death")
    ethnicity: pl.String = code("dfe.ethnicity", "Ethnic group", nullable=False)
    upn_unknown: pl.String = pattern(r"^UN[1-7]$", "Why there is no unique pupil number")


class CinDisabilities(pa.DataFrameModel):
    """One row per child and disability; NONE where the council says that there is none."""

    record_key: pl.String = record_key()
    disability: pl.String = code("cin.disability", "Disability", nullable=False)


class CinReferrals(pa.DataFrameModel):
    """One row per referral of a child to children's social care."""

    record_key: pl.String = record_key()
    referral_date: pl.Date = day("Date of referral", nullable=False)
    referral_source: pl.String = code("cin.referral_source", "Who referred")
    primary_need: pl.String = code("cin.primary_need", "Primary need")
    closure_date: pl.Date = day("Case closed; null while open")
    closure_reason: pl.String = code("cin.reason_for_closure", "Reason for closure")
    initial_cpc_date: pl.Date = day("Initial child-protection conference")
    no_further_action: pl.Boolean = flag("Referral ended in no further action", nullable=False)


class CinAssessments(pa.DataFrameModel):
    """One row per factor identified at an assessment; one row with a null factor where there is none."""

    record_key: pl.String = record_key()
    referral_date: pl.Date = day("Date of referral", nullable=False)
    assessment_start_date: pl.Date = day("Assessment started", nullable=False)
    internal_review_date: pl.Date = day("Internal review")
    authorisation_date: pl.Date = day("Assessment completed; null while open")
    factor: pl.String = code("cin.assessment_factor", "Factor identified: a concern, not a finding")


class CinPlans(pa.DataFrameModel):
    """One row per child-in-need plan."""

    record_key: pl.String = record_key()
    referral_date: pl.Date = day("Date of referral", nullable=False)
    plan_start_date: pl.Date = day("Plan started", nullable=False)
    plan_end_date: pl.Date = day("Plan ended; null while open")


class CinSection47(pa.DataFrameModel):
    """One row per enquiry under section 47: whether a child suffers, or may suffer, significant harm."""

    record_key: pl.String = record_key()
    referral_date: pl.Date = day("Date of referral", nullable=False)
    s47_start_date: pl.Date = day("Enquiry started", nullable=False)
    initial_cpc_target: pl.Date = day("Day by which the initial conference was due")
    initial_cpc_date: pl.Date = day("Initial child-protection conference")
    icpc_not_required: pl.Boolean = flag("No initial conference was required", nullable=False)


class CinProtectionPlans(pa.DataFrameModel):
    """One row per child-protection plan."""

    record_key: pl.String = record_key()
    referral_date: pl.Date = day("Date of referral", nullable=False)
    plan_start_date: pl.Date = day("Plan started", nullable=False)
    plan_end_date: pl.Date = day("Plan ended; null while open")
    initial_category: pl.String = code("cin.category_of_abuse", "Initial category of abuse", nullable=False)
    latest_category: pl.String = code("cin.category_of_abuse", "Latest category of abuse", nullable=False)
    previous_plans: pl.Int16 = number("Number of previous plans", 0, 99, "plans", nullable=False)


class CinReviews(pa.DataFrameModel):
    """One row per review of a child-protection plan."""

    record_key: pl.String = record_key()
    referral_date: pl.Date = day("Date of referral", nullable=False)
    plan_start_date: pl.Date = day("Child-protection plan started", nullable=False)
    review_date: pl.Date = day("Day of the review", nullable=False)


def _table(name: str, model: type[pa.DataFrameModel], *key: str, caveat: str = "") -> Contract:
    return Contract(f"cin_{name}", "local_authority", model, ("record_key", *key), "period", caveat=caveat)


CONTRACTS: tuple[Contract, ...] = (
    _table("children", CinChildren),
    _table("disabilities", CinDisabilities, "disability"),
    _table(
        "referrals",
        CinReferrals,
        "referral_date",
        caveat="A referral that stays open is reported again each year: count referrals, not rows.",
    ),
    _table(
        "assessments",
        CinAssessments,
        "referral_date",
        "assessment_start_date",
        "factor",
        caveat="Factors exist only where an assessment was completed: none is not the absence of adversity. "
        "A factor is a concern, not a finding. Code 21 means that none was identified and stands alone.",
    ),
    _table("plans", CinPlans, "referral_date", "plan_start_date", caveat="Collected from 2022 on."),
    _table(
        "section47",
        CinSection47,
        "referral_date",
        "s47_start_date",
        caveat="An enquiry is a question and not a finding.",
    ),
    _table(
        "protection_plans",
        CinProtectionPlans,
        "plan_start_date",
        caveat="A plan for multiple categories of abuse (MUL) cannot be split into them.",
    ),
    _table("reviews", CinReviews, "referral_date", "plan_start_date", "review_date"),
)
