"""The children-in-need census: one XML file for a council and collection year, read child by child.

Element names of 2021 to 2026 (liia-tools-pipeline, CIN schemas 2017 to 2026): GenderCurrent until 2024, Sex
from 2025; plan dates from 2022. Pre-proceedings have no contract and are passed over. A former UPN is never
used: a new one may be issued so that a child cannot be found by the old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from lxml import etree

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.formats import RawReturn, RawTable, xml
from outcome_linkage.delivery.formats.ids import with_whole_ids
from outcome_linkage.delivery.formats.sex import with_sex_of_year
from outcome_linkage.delivery.reading.parts import Part, names_of, parts_of, refused
from outcome_linkage.delivery.reading.years import return_covers


@dataclass(frozen=True)
class _Level:
    """A table: where the elements that make its rows stand below those of the level above, and its columns.

    `columns` says where each stands; the first of several paths that is there counts, and `.` is the element
    itself. `key` are the columns that the levels below repeat. `each` is a column of which a row may hold
    several: one row for each, and one without where there is none.
    """

    table: str
    path: str
    columns: Mapping[str, tuple[str, ...]]
    key: tuple[str, ...] = ()
    each: tuple[str, str] | None = None
    below: tuple[_Level, ...] = field(default=())


_CHILD_PROTECTION = _Level(
    "cin_protection_plans",
    "ChildProtectionPlans",
    {
        "plan_start_date": ("CPPstartDate",),
        "plan_end_date": ("CPPendDate",),
        "initial_category": ("InitialCategoryOfAbuse",),
        "latest_category": ("LatestCategoryOfAbuse",),
        "previous_plans": ("NumberOfPreviousCPP",),
    },
    key=("plan_start_date",),
    below=(_Level("cin_reviews", "Reviews/CPPreviewDate", {"review_date": (".",)}),),
)
_ASSESSMENTS = _Level(
    "cin_assessments",
    "Assessments",
    {
        "assessment_start_date": ("AssessmentActualStartDate",),
        "internal_review_date": ("AssessmentInternalReviewDate",),
        "authorisation_date": ("AssessmentAuthorisationDate",),
    },
    each=("factor", "FactorsIdentifiedAtAssessment/AssessmentFactors"),
)
_PLANS = _Level(
    "cin_plans",
    "CINPlanDates",
    {"plan_start_date": ("CINPlanStartDate",), "plan_end_date": ("CINPlanEndDate",)},
)
_SECTION_47 = _Level(
    "cin_section47",
    "Section47",
    {
        "s47_start_date": ("S47ActualStartDate",),
        "initial_cpc_target": ("InitialCPCtarget",),
        "initial_cpc_date": ("DateOfInitialCPC",),
        "icpc_not_required": ("ICPCnotRequired",),
    },
)
_REFERRALS = _Level(
    "cin_referrals",
    "CINdetails",
    {
        "referral_date": ("CINreferralDate",),
        "referral_source": ("ReferralSource",),
        "primary_need": ("PrimaryNeedCode",),
        "closure_date": ("CINclosureDate",),
        "closure_reason": ("ReasonForClosure",),
        "initial_cpc_date": ("DateOfInitialCPC",),
        "no_further_action": ("ReferralNFA",),
    },
    key=("referral_date",),
    below=(_ASSESSMENTS, _PLANS, _SECTION_47, _CHILD_PROTECTION),
)
_CHILDREN = _Level(
    "cin_children",
    ".",
    {
        "record_key": ("ChildIdentifiers/LAchildID",),
        "sex": ("ChildIdentifiers/Sex", "ChildIdentifiers/GenderCurrent"),
        "dob": ("ChildIdentifiers/PersonBirthDate",),
        "expected_birth_month": ("ChildIdentifiers/ExpectedPersonBirthDate",),
        "death_date": ("ChildIdentifiers/PersonDeathDate",),
        "ethnicity": ("ChildCharacteristics/Ethnicity",),
        "upn": ("ChildIdentifiers/UPN",),
        "upn_unknown": ("ChildIdentifiers/UPNunknown",),
    },
    key=("record_key",),
    below=(
        _Level("cin_disabilities", "ChildCharacteristics/Disabilities/Disability", {"disability": (".",)}),
        _REFERRALS,
    ),
)
_IDENTITY = {
    "record_key": "record_key",
    "dob": "dob",
    "sex": "sex",
    "ethnic_group": "ethnicity",
    "upn": "upn",
}


def read_cin(paths: Sequence[Path], year: int | None, contracts: Mapping[str, Contract]) -> RawReturn:
    """The tables of the census for which there is a contract, and the identity of its children.

    The collection year is the census's own. Raises RawInputRefused for what is not well-formed, is no
    children-in-need census, holds no child, or is of another year than `year` or another of the files.
    """
    parts = parts_of(paths)
    columns = _columns_of(_CHILDREN)
    files = [(part, *_read_file(part, columns)) for part in parts]
    years = {found for _, found, _ in files} | ({year} if year else set())
    if len(years) != 1:
        raise refused(
            names_of(parts),
            "which_year",
            "one collection year",
            f"{len(years)}: {', '.join(map(str, sorted(years)))}",
            "Encode one year at a time; leave --year out, or correct Year in the file's header.",
        )
    tables = {
        name: with_whole_ids(
            xml.table([(part, rows[name]) for part, _, rows in files], columns[name]), ("record_key", "upn")
        )
        for name in columns
        if name in contracts
    }
    found_year = years.pop()
    return RawReturn(
        tables={name: with_sex_of_year(table, contracts[name], found_year) for name, table in tables.items()},
        identity=_identity(tables["cin_children"]),
        collection_year=found_year,
        covers=return_covers(found_year),
    )


def _columns_of(level: _Level, above: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The columns of every table from `level` down."""
    own = [*above, *level.columns, *(level.each or ())[:1]]
    found = {level.table: own}
    for child in level.below:
        found |= _columns_of(child, (*above, *level.key))
    return found


def _identity(children: RawTable) -> RawTable:
    people = children.frame.select(**{new: pl.col(old) for new, old in _IDENTITY.items()})
    return RawTable(people, children.sources)


def _read_file(part: Part, tables: Mapping[str, object]) -> tuple[int, xml.Rows]:
    rows: xml.Rows = {name: [] for name in tables}
    year = None
    for element in xml.elements(part, ["CollectionDetails", "Child"]):
        if xml.name_of(element) == "collectiondetails":
            year = _collection_year(part, element)
        else:
            _add(element, _CHILDREN, {}, rows)
    if year is None:
        raise _no_census(part, "no CollectionDetails in the header")
    if not rows["cin_children"]:
        raise refused(part.name, "no_rows", "at least one Child", "none", "Export the census again.")
    return year, rows


def _collection_year(part: Part, details: etree._Element) -> int:
    collection, year = (_text(details, (name,)) for name in ("Collection", "Year"))
    if collection is None or collection.upper() != "CIN":
        raise _no_census(part, "another Collection in the header")
    if year is None or not (year.isdigit() and len(year) == 4):
        raise _no_census(part, "no Year of four digits in the header")
    return int(year)


def _add(element: etree._Element, level: _Level, above: xml.Row, rows: xml.Rows) -> None:
    """The rows that an element makes, and those of the levels below it."""
    row = {**above, **{name: _text(element, paths) for name, paths in level.columns.items()}}
    if level.each is None:
        rows[level.table].append(row)
    else:
        name, path = level.each
        values: list[str | None] = [value for found in _below(element, path) if (value := xml.text(found))]
        rows[level.table] += [{**row, name: value} for value in values or [None]]
    key = {**above, **{name: row[name] for name in level.key}}
    for child in level.below:
        for found in _below(element, child.path):
            _add(found, child, key, rows)


def _below(element: etree._Element, path: str) -> list[etree._Element]:
    """The elements at `path`, whatever their namespace."""
    return element.findall("/".join(f"{{*}}{step}" for step in path.split("/")))


def _text(element: etree._Element, paths: Sequence[str]) -> str | None:
    """The text of the first element that is there and holds any."""
    found = ([element] if path == "." else _below(element, path)[:1] for path in paths)
    return next((value for held in found for one in held if (value := xml.text(one))), None)


def _no_census(part: Part, found: str) -> Exception:
    return refused(
        part.name, "no_census", "a children-in-need census (Collection CIN)", found, "Check --table."
    )
