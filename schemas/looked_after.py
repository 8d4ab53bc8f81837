"""What a local authority delivers of children looked after: the modules of the SSDA903 return.

Column names are those of the return in lower snake case, dates of birth as months and postcodes as areas.
Every module repeats the child's month of birth, because the return's own rules compare it with the header's.
Source: the modules as csc-validator-be-903 (10ad07c) and liia-tools-pipeline (4aff918) have them, labels from
ssd-data-model (4987c73); the DfE guide itself was not opened.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import LSOA, code, day, event_id, flag, month, number, pattern, record_key

YEAR_OR_MONTH = r"^[12]\d{3}(-(0[1-9]|1[0-2]))?$"
"""A date as far as it is known, and no further than to the month."""


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


class Ssda903Reviews(pa.DataFrameModel):
    """One row per statutory review of a child looked after."""

    record_key: pl.String = record_key()
    birth_month: pl.Date = month("Month of birth")
    review: pl.Date = day("Day of the review", nullable=False)
    review_code: pl.String = code("ssda903.review_code", "How the child took part", nullable=False)


class Ssda903Uasc(pa.DataFrameModel):
    """One row per unaccompanied asylum-seeking child looked after in the collection year."""

    record_key: pl.String = record_key()
    sex: pl.String = code("ssda903.sex", "Sex")
    birth_month: pl.Date = month("Month of birth")
    duc: pl.Date = day("Unaccompanied asylum-seeking status ceased; null while it holds")


class Ssda903Oc2(pa.DataFrameModel):
    """One row per child looked after for a year or more: health, development and offending in that year."""

    record_key: pl.String = record_key()
    birth_month: pl.Date = month("Month of birth")
    sdq_score: pl.Int16 = number(
        "Strengths and Difficulties Questionnaire, total difficulties by the carer", 0, 40, "points"
    )
    sdq_reason: pl.String = code("ssda903.sdq_reason", "Why there is no score")
    convicted: pl.Boolean = flag("Convicted in the year, as the return defines it")
    health_check: pl.Boolean = flag("Development assessments up to date; children under five")
    immunisations: pl.Boolean = flag("Immunisations up to date")
    teeth_check: pl.Boolean = flag("Teeth checked by a dentist in the year")
    health_assessment: pl.Boolean = flag("Annual health assessment done")
    substance_misuse: pl.Boolean = flag("Identified as having a substance misuse problem")
    intervention_received: pl.Boolean = flag("Received an intervention for substance misuse")
    intervention_offered: pl.Boolean = flag("Was offered an intervention for substance misuse, not received")


class Ssda903Oc3(pa.DataFrameModel):
    """One row per care leaver: how they are around a birthday from the 17th to the 21st."""

    record_key: pl.String = record_key()
    birth_month: pl.Date = month("Month of birth")
    in_touch: pl.String = code("ssda903.in_touch", "In touch with the council", nullable=False)
    activ: pl.String = code("ssda903.activ", "Main activity", nullable=False)
    accom: pl.String = code("ssda903.accom", "Accommodation, and whether it is suitable", nullable=False)


class Ssda903Ad1(pa.DataFrameModel):
    """One row per child adopted from care in the collection year."""

    record_key: pl.String = record_key()
    birth_month: pl.Date = month("Month of birth")
    date_int: pl.Date = day("Decided that adoption was in the child's interest", nullable=False)
    date_match: pl.Date = day("Matched with the adopters", nullable=False)
    foster_care: pl.Boolean = flag("Adopted by the former foster carer", nullable=False)
    nb_adoptr: pl.Int16 = number("Number of adopters", 1, 2, "adopters", nullable=False)
    sex_adoptr: pl.String = code("ssda903.sex_adoptr", "Sex of the adopters", nullable=False)
    ls_adoptr: pl.String = code("ssda903.ls_adoptr", "Legal status of the adopters", nullable=False)


class Ssda903PlacedAdoption(pa.DataFrameModel):
    """One row per decision that a child should be placed for adoption."""

    record_key: pl.String = record_key()
    birth_month: pl.Date = month("Month of birth")
    date_placed: pl.Date = day("Decided that the child should be placed for adoption", nullable=False)
    date_placed_ceased: pl.Date = day("Decided that it should not, after all")
    reason_placed_ceased: pl.String = code("ssda903.reason_placed_ceased", "Why it should not")


class Ssda903PrevPerm(pa.DataFrameModel):
    """One row per child who started to be looked after, and permanent arrangement that they had before."""

    record_key: pl.String = record_key()
    birth_month: pl.Date = month("Month of birth")
    prev_perm: pl.String = code("ssda903.prev_perm", "Previous permanent arrangement", nullable=False)
    la_perm: pl.String = pattern(r"^(\d{3}|[A-Z]{3})$", "Council that arranged it, or a country's letters")
    date_perm: pl.String = pattern(
        YEAR_OR_MONTH, "Date of the order as YYYY-MM, or YYYY where only the year is known; null if neither"
    )


class Ssda903Missing(pa.DataFrameModel):
    """One row per time that a child looked after was missing or away without authorisation."""

    record_key: pl.String = record_key()
    birth_month: pl.Date = month("Month of birth")
    missing: pl.String = code("ssda903.missing", "Missing, or away without authorisation", nullable=False)
    mis_start: pl.Date = day("First day missing or away", nullable=False)
    mis_end: pl.Date = day("Day found or returned; null while missing or away")


class Ssda903SocialWorker(pa.DataFrameModel):
    """One row per stretch for which one social worker was responsible for a child looked after."""

    record_key: pl.String = record_key()
    birth_month: pl.Date = month("Month of birth")
    sw_id: pl.String = event_id("Registration number of the social worker, re-keyed")
    sw_decom: pl.Date = day("First day responsible", nullable=False)
    sw_dec: pl.Date = day("Last day responsible; null while responsible")
    sw_reason: pl.String = code("ssda903.sw_reason", "Why the social worker changed")


def _module(name: str, model: type[pa.DataFrameModel], *key: str, caveat: str = "") -> Contract:
    return Contract(
        f"ssda903_{name}", "local_authority", model, ("record_key", *key), "period", caveat=caveat
    )


CONTRACTS: tuple[Contract, ...] = (
    _module("header", Ssda903Header),
    _module(
        "episodes",
        Ssda903Episodes,
        "decom",
        caveat="A change of legal status or placement begins a new episode: count periods, not episodes. "
        "Series of short breaks (legal status V3, V4) are not usually counted as being looked after.",
    ),
    _module("reviews", Ssda903Reviews, "review"),
    _module("uasc", Ssda903Uasc),
    _module(
        "oc2",
        Ssda903Oc2,
        caveat="Only children looked after for a year or more at 31 March: no row is not good health. "
        "The questionnaire is for ages 4 to 16, by the carer and not by the child.",
    ),
    _module(
        "oc3",
        Ssda903Oc3,
        caveat="Code 0 is no information and not a no. Who is not in touch is not missing at random.",
    ),
    _module("ad1", Ssda903Ad1, caveat="Few rows: an adopted child is easily recognised."),
    _module("placed_adoption", Ssda903PlacedAdoption, "date_placed"),
    _module(
        "prev_perm",
        Ssda903PrevPerm,
        "prev_perm",
        "date_perm",
        caveat="Asked where care started in April 2016 or later. la_perm is seldom filled in.",
    ),
    _module(
        "missing",
        Ssda903Missing,
        "missing",
        "mis_start",
        "mis_end",
        caveat="Only children looked after; the police hold reports of all, in their own terms.",
    ),
    _module(
        "social_worker",
        Ssda903SocialWorker,
        "sw_id",
        "sw_decom",
        caveat="Collected from 2024 on.",
    ),
)
