"""The children-in-need census of one council and year as XML, written column by column.

Elements and their order as in the CIN schema of 2026; assessments hold their factors, plans their review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from outcome_linkage.synthetic.agencies.need import NeedRecords, open_in
from outcome_linkage.synthetic.files.text import ISO, dates, dates_up_to
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import NEVER, DeliveryPlan

_LEA: Final = {"bristol": "801", "north_somerset": "802", "south_gloucestershire": "803"}
_NONE: Final = pl.lit("")


@dataclass(frozen=True)
class Census:
    """What one census is made from."""

    lives: Lives
    need: NeedRecords
    held: Books
    plan: DeliveryPlan


def opening(plan: DeliveryPlan) -> str:
    """The beginning of the file, up to the first child."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<Message>\n'
        "<Header><CollectionDetails><Collection>CIN</Collection>"
        f"<Year>{plan.collection_year}</Year><ReferenceDate>{plan.collection_year}-03-31</ReferenceDate>"
        f"</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>{_LEA[plan.supplier]}</LEA>"
        "<SoftwareCode>outcome-linkage synthetic</SoftwareCode><Release>1</Release><SerialNo>001</SerialNo>"
        f"<DateTime>{plan.collection_year}-05-20T10:00:00</DateTime></Source></Header>\n<Children>\n"
    )


CLOSING: Final = "</Children>\n</Message>\n"


def children_xml(census: Census) -> pl.Series:
    """One `Child` element for each child with a case open in the year."""
    plan = census.plan
    cases = open_in(census.need.cases, plan.start, plan.end)
    details = _details(census, cases).group_by("who", maintain_order=True).agg(pl.col("xml").str.join(""))
    first = census.held.records.filter(pl.col("nth") == 0)
    children = details.join(first, on="who", how="left", maintain_order="left")
    birth, death = (census.lives.people[name].gather(children["who"]) for name in ("birth", "death"))
    unborn = birth > plan.end
    died = pl.when(death < NEVER).then(death)
    upn = (
        pl.when(pl.col("upn").is_null())
        .then(_element("UPNunknown", pl.lit("UN1")))
        .otherwise(_element("UPN", pl.col("upn")))
    )
    return children.select(
        pl.lit("<Child><ChildIdentifiers>")
        + _element("LAchildID", pl.col("original_id"))
        + upn
        + _element("PersonBirthDate", pl.when(~unborn).then(pl.col("dob").dt.to_string(ISO)))
        + _element("ExpectedPersonBirthDate", dates(pl.when(unborn).then(birth)))
        + _element("Sex", pl.when(unborn).then(pl.lit("U")).otherwise("sex"))
        + _element("PersonDeathDate", dates_up_to(died, plan.end))
        + pl.lit("</ChildIdentifiers><ChildCharacteristics>")
        + _element("Ethnicity", pl.col("ethnic"))
        + pl.lit("<Disabilities><Disability>NONE</Disability></Disabilities></ChildCharacteristics>")
        + pl.col("xml")
        + pl.lit("</Child>\n")
    ).to_series()


def _details(census: Census, cases: pl.DataFrame) -> pl.DataFrame:
    """One `CINdetails` element for each case: who, xml."""
    end = census.plan.end
    parts = _assessments(census, cases).join(_plans(census, cases), on="case", how="full", coalesce=True)
    rows = cases.join(parts, on="case", how="left", maintain_order="left")
    closed = pl.col("closure") <= end
    conference = pl.when(pl.col("conference") <= end).then(pl.col("conference"))
    xml = (
        pl.lit("<CINdetails>")
        + _element("CINreferralDate", dates(pl.col("referral")))
        + _element("ReferralSource", pl.col("source"))
        + _element("PrimaryNeedCode", pl.col("need"))
        + _element("CINclosureDate", dates_up_to(pl.col("closure"), end))
        + _element("ReasonForClosure", pl.when(closed).then("reason"))
        + _element("DateOfInitialCPC", dates(conference))
        + pl.col("assessments").fill_null(_NONE)
        + _section47(conference)
        + _element("ReferralNFA", pl.when("nfa").then(pl.lit("1")).otherwise(pl.lit("0")))
        + pl.col("plans").fill_null(_NONE)
        + pl.lit("</CINdetails>")
    )
    return rows.select("who", xml.alias("xml"))


def _section47(conference: pl.Expr) -> pl.Expr:
    """The enquiry that led to a conference."""
    started = _element("S47ActualStartDate", dates(conference - 15))
    held = _element("DateOfInitialCPC", dates(conference))
    enquiry = (
        pl.lit("<Section47>") + started + held + pl.lit("<ICPCnotRequired>0</ICPCnotRequired></Section47>")
    )
    return pl.when(conference.is_not_null()).then(enquiry).otherwise(_NONE)


def _assessments(census: Census, cases: pl.DataFrame) -> pl.DataFrame:
    """The `Assessments` elements of each case: case, assessments. Factors need a finished assessment."""
    end = census.plan.end
    factor = _element("AssessmentFactors", pl.col("factor"))
    listed = (
        census.need.factors.select("case", factor.alias("factor"))
        .group_by("case", maintain_order=True)
        .agg(pl.col("factor").str.join(""))
    )
    rows = (
        census.need.assessments.filter(pl.col("started") <= end)
        .join(cases.select("case"), on="case", how="semi", maintain_order="left")
        .join(listed, on="case", how="left", maintain_order="left")
    )
    factors = pl.when(pl.col("authorised") <= end).then(pl.col("factor")).otherwise(_NONE)
    xml = (
        pl.lit("<Assessments>")
        + _element("AssessmentActualStartDate", dates(pl.col("started")))
        + _element("AssessmentAuthorisationDate", dates_up_to(pl.col("authorised"), end))
        + pl.lit("<FactorsIdentifiedAtAssessment>")
        + factors
        + pl.lit("</FactorsIdentifiedAtAssessment></Assessments>")
    )
    return (
        rows.select("case", xml.alias("xml"))
        .group_by("case", maintain_order=True)
        .agg(pl.col("xml").str.join("").alias("assessments"))
    )


def _plans(census: Census, cases: pl.DataFrame) -> pl.DataFrame:
    """The protection plan of a case: case, plans, conference (the day of the conference that made it)."""
    end = census.plan.end
    rows = census.need.plans.join(cases.select("case"), on="case", how="semi", maintain_order="left")
    xml = (
        pl.lit("<ChildProtectionPlans>")
        + _element("CPPstartDate", dates(pl.col("start")))
        + _element("CPPendDate", dates_up_to(pl.col("end"), end))
        + _element("InitialCategoryOfAbuse", pl.col("initial"))
        + _element("LatestCategoryOfAbuse", pl.col("latest"))
        + _element("NumberOfPreviousCPP", pl.col("previous").cast(pl.String))
        + pl.lit("</ChildProtectionPlans>")
    )
    begun = pl.when(pl.col("start") <= end)
    return rows.select("case", begun.then(xml).alias("plans"), pl.col("start").alias("conference"))


def _element(name: str, text: pl.Expr) -> pl.Expr:
    """`<name>text</name>`, nothing where there is no text."""
    return (
        pl.when(text.is_not_null()).then(pl.lit(f"<{name}>") + text + pl.lit(f"</{name}>")).otherwise(_NONE)
    )
