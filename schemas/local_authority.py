"""What a local authority delivers: children looked after, children in need, exclusions from school.

Column names are those of the return in lower snake case, shortened where the return repeats itself.
Sources: SSDA903 and CIN census field lists as reproduced by data-to-insight and liia-tools-pipeline;
the school census column lists of liia-tools-pipeline. The DfE guides themselves were not opened.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.fields import LSOA, code, day, event_id, flag, month, number, pattern, record_key


class Ssda903Header(pa.DataFrameModel):
    """One row per child looked after in the collection year."""

    record_key: pl.String = record_key()
    sex: pl.String = code("ssda903.sex", "Sex", nullable=False)
    birth_month: pl.Date = month("Month of birth", nullable=False)
    ethnic: pl.String = code("dfe.ethnicity", "Ethnic group", nullable=False)
    mother: pl.Boolean = flag("Whether the child is herself a mother")
    mc_birth_month: pl.Date = month("Month of birth of the child's own child")


class Ssda903Episodes(pa.DataFrameModel):
    """One row per episode of care: a stretch with one legal status and one placement."""

    record_key: pl.String = record_key()
    decom: pl.Date = day("Episode start", nullable=False)
    rne: pl.String = code("ssda903.rne", "Reason for new episode", nullable=False)
    ls: pl.String = code("ssda903.ls", "Legal status", nullable=False)
    cin: pl.String = code("ssda903.cin", "Category of need at the start of care", nullable=False)
    place: pl.String = code("ssda903.place", "Placement type", nullable=False)
    place_provider: pl.String = code("ssda903.place_provider", "Placement provider")
    dec: pl.Date = day("Episode end; null while open")
    rec: pl.String = code("ssda903.rec", "Reason episode ceased")
    reason_place_change: pl.String = code("ssda903.reason_place_change", "Reason for placement change")
    home_lsoa21: pl.String = pattern(LSOA, "Small area of the home (LSOA 2021)")
    pl_lsoa21: pl.String = pattern(LSOA, "Small area of the placement (LSOA 2021)")
    urn: pl.String = pattern(r"^(SC\d{6}|\d{7}|X{7})$", "Ofsted unique reference number")


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


class SchoolExclusions(pa.DataFrameModel):
    """One row per suspension or permanent exclusion."""

    exclusion_id: pl.String = event_id("Id of the exclusion")
    record_key: pl.String = record_key()
    start_date: pl.Date = day("First day excluded", nullable=False)
    category: pl.String = code("school.exclusion_category", "Suspension or exclusion", nullable=False)
    sessions: pl.Float64 = number("Length", 0, 400, "half-days")
    reason1: pl.String = code("school.exclusion_reason", "First reason")
    reason2: pl.String = code("school.exclusion_reason", "Second reason")
    reason3: pl.String = code("school.exclusion_reason", "Third reason")
    sen_provision: pl.String = code("school.sen_provision", "Special educational needs provision")
