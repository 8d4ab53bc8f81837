"""The children-in-need census of one council and year as XML, written column by column.

Elements and their order as in the CIN schema of 2026; assessments hold their factors, plans their review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from outcome_linkage.synthetic.agencies.need import NeedRecords, disabilities, open_in
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
        + _disabilities(census.lives, children["who"])
        + pl.lit("</ChildCharacteristics>")
        + pl.col("xml")
        + pl.lit("</Child>\n")
    ).to_series()


def _disabilities(lives: Lives, who: pl.Series) -> pl.Expr:
    """One disability, or NONE; a child has the same in every census."""
    told = disabilities(lives).gather(who)
    return pl.lit("<Disabilities>") + _element("Disability", pl.lit(told)) + pl.lit("</Disabilities>")


def _details(census: Census, cases: pl.DataFrame) -> pl.DataFrame:
    """One `CINdetails` element for each case: who, xml."""
    end = census.plan.end
    rows = cases
    for part in (_assessments, _need_plans, _enquiries, _plans):
        rows = rows.join(part(census, cases), on="case", how="left", maintain_order="left")
    closed = pl.col("closure") <= end
    xml = (
        pl.lit("<CINdetails>")
        + _element("CINreferralDate", dates(pl.col("referral")))
        + _element("ReferralSource", pl.col("source"))
        + _element("PrimaryNeedCode", pl.col("need"))
        + _element("CINclosureDate", dates_up_to(pl.col("closure"), end))
        + _element("ReasonForClosure", pl.when(closed).then("reason"))
        + pl.col("assessments").fill_null(_NONE)
        + pl.col("need_plans").fill_null(_NONE)
        + pl.col("enquiries").fill_null(_NONE)
        + _element("ReferralNFA", pl.when("nfa").then(pl.lit("1")).otherwise(pl.lit("0")))
        + pl.col("plans").fill_null(_NONE)
        + pl.lit("</CINdetails>")
    )
    return rows.select("who", xml.alias("xml"))


def _joined(rows: pl.DataFrame, xml: pl.Expr, name: str) -> pl.DataFrame:
    """The elements of each case one after another: case, and `name`."""
    elements = rows.select("case", xml.alias(name)).group_by("case", maintain_order=True)
    return elements.agg(pl.col(name).str.join(""))


def _of(cases: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.join(cases.select("case"), on="case", how="semi", maintain_order="left")


def _enquiries(census: Census, cases: pl.DataFrame) -> pl.DataFrame:
    """The section 47 enquiries of a case that began, or came to a conference, in the year."""
    start, end = census.plan.start, census.plan.end
    over = pl.coalesce("conference", "started")
    rows = _of(cases, census.need.enquiries).filter((pl.col("started") <= end) & (over >= start))
    none_needed = pl.when(pl.col("conference").is_null()).then(pl.lit("1")).otherwise(pl.lit("0"))
    xml = (
        pl.lit("<Section47>")
        + _element("S47ActualStartDate", dates(pl.col("started")))
        + _element("InitialCPCtarget", dates(pl.col("started") + 21))
        + _element("DateOfInitialCPC", dates_up_to(pl.col("conference"), end))
        + _element("ICPCnotRequired", none_needed)
        + pl.lit("</Section47>")
    )
    return _joined(rows, xml, "enquiries")


def _need_plans(census: Census, cases: pl.DataFrame) -> pl.DataFrame:
    """The plan for a child in need that ran in the year."""
    rows = _of(cases, census.need.need_plans).filter(_runs(census.plan))
    xml = (
        pl.lit("<CINPlanDates>")
        + _element("CINPlanStartDate", dates(pl.col("start")))
        + _element("CINPlanEndDate", dates_up_to(pl.col("end"), census.plan.end))
        + pl.lit("</CINPlanDates>")
    )
    return _joined(rows, xml, "need_plans")


def _runs(plan: DeliveryPlan) -> pl.Expr:
    return (pl.col("start") <= plan.end) & (pl.col("end") >= plan.start)


def _assessments(census: Census, cases: pl.DataFrame) -> pl.DataFrame:
    """The assessments of each case not complete before the year. Factors need a finished assessment."""
    start, end = census.plan.start, census.plan.end
    factor = _element("AssessmentFactors", pl.col("factor"))
    listed = _joined(census.need.factors, factor, "factor")
    rows = census.need.assessments.filter((pl.col("started") <= end) & (pl.col("authorised") >= start))
    rows = _of(cases, rows).join(listed, on="case", how="left", maintain_order="left")
    factors = pl.when(pl.col("authorised") <= end).then(pl.col("factor")).otherwise(_NONE)
    xml = (
        pl.lit("<Assessments>")
        + _element("AssessmentActualStartDate", dates(pl.col("started")))
        + _element("AssessmentAuthorisationDate", dates_up_to(pl.col("authorised"), end))
        + pl.lit("<FactorsIdentifiedAtAssessment>")
        + factors
        + pl.lit("</FactorsIdentifiedAtAssessment></Assessments>")
    )
    return _joined(rows, xml, "assessments")


def _plans(census: Census, cases: pl.DataFrame) -> pl.DataFrame:
    """The protection plan of a case that ran in the year, with its reviews in the year."""
    end = census.plan.end
    in_year = census.need.reviews.filter(pl.col("day").is_between(census.plan.start, end))
    reviews = _joined(in_year, _element("CPPreviewDate", dates(pl.col("day"))), "reviews")
    rows = _of(cases, census.need.plans).filter(_runs(census.plan))
    rows = rows.join(reviews, on="case", how="left", maintain_order="left")
    xml = (
        pl.lit("<ChildProtectionPlans>")
        + _element("CPPstartDate", dates(pl.col("start")))
        + _element("CPPendDate", dates_up_to(pl.col("end"), end))
        + _element("InitialCategoryOfAbuse", pl.col("initial"))
        + _element("LatestCategoryOfAbuse", pl.col("latest"))
        + _element("NumberOfPreviousCPP", pl.col("previous").cast(pl.String))
        + _element("Reviews", pl.col("reviews"))
        + pl.lit("</ChildProtectionPlans>")
    )
    return _joined(rows, xml, "plans")


def _element(name: str, text: pl.Expr) -> pl.Expr:
    """`<name>text</name>`, nothing where there is no text."""
    return (
        pl.when(text.is_not_null()).then(pl.lit(f"<{name}>") + text + pl.lit(f"</{name}>")).otherwise(_NONE)
    )
