"""The children-in-need census: one XML file for a council and collection year, read child by child.

Element names of 2021 to 2026 (liia-tools-pipeline, CIN schemas 2017 to 2026): GenderCurrent until 2024, Sex
from 2025. Plan dates, section 47 enquiries, disabilities and pre-proceedings have no contract yet and are
passed over. A former UPN is never used: a new one may be issued so that a child cannot be found by the old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl
from lxml import etree

from outcome_linkage.delivery.formats import RawReturn, RawTable
from outcome_linkage.delivery.manifest import SourceFile
from outcome_linkage.delivery.read import clean, source_name
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.files import sha256_of

Row = dict[str, str | None]

# Column: where it stands below the element that makes a row; the first of several that is there counts.
_CHILD = {
    "record_key": ("ChildIdentifiers/LAchildID",),
    "sex": ("ChildIdentifiers/Sex", "ChildIdentifiers/GenderCurrent"),
    "dob": ("ChildIdentifiers/PersonBirthDate",),
    "expected_birth_month": ("ChildIdentifiers/ExpectedPersonBirthDate",),
    "death_date": ("ChildIdentifiers/PersonDeathDate",),
    "ethnicity": ("ChildCharacteristics/Ethnicity",),
    "upn": ("ChildIdentifiers/UPN",),
    "upn_unknown": ("ChildIdentifiers/UPNunknown",),
}
_REFERRAL = {
    "referral_date": ("CINreferralDate",),
    "referral_source": ("ReferralSource",),
    "primary_need": ("PrimaryNeedCode",),
    "closure_date": ("CINclosureDate",),
    "closure_reason": ("ReasonForClosure",),
    "initial_cpc_date": ("DateOfInitialCPC",),
    "no_further_action": ("ReferralNFA",),
}
_ASSESSMENT = {
    "assessment_start_date": ("AssessmentActualStartDate",),
    "internal_review_date": ("AssessmentInternalReviewDate",),
    "authorisation_date": ("AssessmentAuthorisationDate",),
}
_PLAN = {
    "plan_start_date": ("CPPstartDate",),
    "plan_end_date": ("CPPendDate",),
    "initial_category": ("InitialCategoryOfAbuse",),
    "latest_category": ("LatestCategoryOfAbuse",),
    "previous_plans": ("NumberOfPreviousCPP",),
}
_COLUMNS = {
    "cin_children": [*_CHILD],
    "cin_referrals": ["record_key", *_REFERRAL],
    "cin_assessments": ["record_key", "referral_date", *_ASSESSMENT, "factor"],
    "cin_protection_plans": ["record_key", "referral_date", *_PLAN],
}
_IDENTITY = {
    "record_key": "record_key",
    "dob": "dob",
    "sex": "sex",
    "ethnic_group": "ethnicity",
    "upn": "upn",
}


def read_cin(paths: Sequence[Path], year: int | None) -> RawReturn:
    """The four tables of the census and the identity of its children.

    The collection year is the file's own; `year`, if given, must agree with it. Raises RawInputRefused for
    XML that is broken or declares a document type, another collection, a file without children, and years
    that differ.
    """
    files = [(path, *_read_file(path)) for path in paths]
    years = {found for _, found, _ in files} | ({year} if year else set())
    if len(years) != 1:
        raise _refused(
            paths,
            "which_year",
            "one collection year",
            f"{len(years)}: {', '.join(map(str, sorted(years)))}",
            "Encode one year at a time; leave --year out, or correct Year in the file's header.",
        )
    tables = {name: _table(name, [(path, rows[name]) for path, _, rows in files]) for name in _COLUMNS}
    children = tables["cin_children"]
    people = children.frame.select(**{new: pl.col(old) for new, old in _IDENTITY.items()})
    return RawReturn(tables, RawTable(people, children.sources), years.pop())


def _read_file(path: Path) -> tuple[int, dict[str, list[Row]]]:
    rows: dict[str, list[Row]] = {name: [] for name in _COLUMNS}
    year = None
    for element in _elements(path):
        if etree.QName(element).localname == "CollectionDetails":
            year = _collection_year(path, element)
        else:
            _add_child(element, rows)
    if year is None:
        raise _no_census(path, "no CollectionDetails in the header")
    if not rows["cin_children"]:
        raise _refused([path], "no_rows", "at least one Child", "none", "Export the census again.")
    return year, rows


def _elements(path: Path) -> Iterator[etree._Element]:
    """The header and each child, as they are read; each is emptied once it has been used.

    No entity is resolved, nothing is fetched, and a file with a document type is refused.
    """
    try:
        parser = etree.iterparse(
            str(path),
            events=("end",),
            tag=("{*}CollectionDetails", "{*}Child"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for _, element in parser:
            if element.getroottree().docinfo.doctype:
                raise _refused(
                    [path], "document_type", "no DOCTYPE", "one", "Export the census again without it."
                )
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except OSError:
        raise _refused(
            [path], "unreadable_file", "a file that can be read", "none", "Check the path."
        ) from None
    except etree.XMLSyntaxError as error:
        where = f"an error in line {error.lineno}"
        raise _refused([path], "broken_xml", "well-formed XML", where, "Export the census again.") from None


def _collection_year(path: Path, details: etree._Element) -> int:
    collection, year = (_text(details, name) for name in ("Collection", "Year"))
    if collection is None or collection.upper() != "CIN":
        raise _no_census(path, "another Collection in the header")
    if year is None or not (year.isdigit() and len(year) == 4):
        raise _no_census(path, "no Year of four digits in the header")
    return int(year)


def _add_child(child: etree._Element, rows: dict[str, list[Row]]) -> None:
    person = _row(child, _CHILD)
    rows["cin_children"].append(person)
    for details in child.iterfind("{*}CINdetails"):
        referral = {"record_key": person["record_key"], **_row(details, _REFERRAL)}
        rows["cin_referrals"].append(referral)
        which = {name: referral[name] for name in ("record_key", "referral_date")}
        for plan in details.iterfind("{*}ChildProtectionPlans"):
            rows["cin_protection_plans"].append({**which, **_row(plan, _PLAN)})
        for assessment in details.iterfind("{*}Assessments"):
            row = {**which, **_row(assessment, _ASSESSMENT)}
            factors = [
                (factor.text or "").strip() for factor in assessment.iterfind(".//{*}AssessmentFactors")
            ]
            rows["cin_assessments"] += [{**row, "factor": f} for f in filter(None, factors)] or [row]


def _row(element: etree._Element, columns: Mapping[str, tuple[str, ...]]) -> Row:
    return {
        name: next((text for path in paths if (text := _text(element, path))), None)
        for name, paths in columns.items()
    }


def _text(element: etree._Element, path: str) -> str | None:
    """The text of the first element at `path`, whatever its namespace."""
    found = element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return (found.text or "").strip() or None if found is not None else None


def _table(name: str, files: list[tuple[Path, list[Row]]]) -> RawTable:
    sources = tuple(
        SourceFile(name=source_name(path), sha256=sha256_of(path), rows=len(rows)) for path, rows in files
    )
    schema = dict.fromkeys(_COLUMNS[name], pl.String)
    frame = pl.DataFrame([row for _, rows in files for row in rows], schema=schema, orient="row")
    return RawTable(frame.with_columns(clean(pl.all())), sources)


def _no_census(path: Path, found: str) -> RawInputRefused:
    return _refused(
        [path], "no_census", "a children-in-need census (Collection CIN)", found, "Check --table."
    )


def _refused(paths: Sequence[Path], code: str, expected: str, found: str, todo: str) -> RawInputRefused:
    where = ", ".join(source_name(path) for path in paths)
    return RawInputRefused(code, expected=expected, found=found, where=where, todo=todo)
