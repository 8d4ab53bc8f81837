"""What a local authority delivers of children in need: the children-in-need census.

Column names are those of the census in lower snake case, shortened where the census repeats itself.
Source: the field lists of the census as reproduced by data-to-insight and liia-tools-pipeline; the DfE guide
itself was not opened.
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


class CinProtectionPlans(pa.DataFrameModel):
    """One row per child-protection plan."""

    record_key: pl.String = record_key()
    referral_date: pl.Date = day("Date of referral", nullable=False)
    plan_start_date: pl.Date = day("Plan started", nullable=False)
    plan_end_date: pl.Date = day("Plan ended; null while open")
    initial_category: pl.String = code("cin.category_of_abuse", "Initial category of abuse", nullable=False)
    latest_category: pl.String = code("cin.category_of_abuse", "Latest category of abuse", nullable=False)
    previous_plans: pl.Int16 = number("Number of previous plans", 0, 99, "plans", nullable=False)


CONTRACTS: tuple[Contract, ...] = (
    Contract("cin_children", "local_authority", CinChildren, ("record_key",), "period"),
    Contract("cin_referrals", "local_authority", CinReferrals, ("record_key", "referral_date"), "period"),
    Contract(
        "cin_assessments",
        "local_authority",
        CinAssessments,
        ("record_key", "referral_date", "assessment_start_date", "factor"),
        "period",
    ),
    Contract(
        "cin_protection_plans",
        "local_authority",
        CinProtectionPlans,
        ("record_key", "plan_start_date"),
        "period",
    ),
)
