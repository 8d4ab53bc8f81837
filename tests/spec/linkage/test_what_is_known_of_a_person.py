"""What the warehouse may know of a person.

The registry describes each person without any token: month of birth, sex, ethnic group of five, area, and
to which suppliers the person could have been linked.
"""

from __future__ import annotations

from datetime import date

import pytest

from assets.linkage import link_current
from outcome_linkage.home import Home
from tests.factories import SUPPLIERS, delivery, judged, rows
from tests.tiny_linkage import linked, person_ids, record, registry

pytestmark = pytest.mark.slow
ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")


def test_what_most_records_say(home: Home) -> None:
    """Where records differ about sex, ethnic group or month of birth, the majority counts."""
    linked(
        home,
        [
            record("bristol", 1, *ANN, sex="female", ethnicity5="Mixed"),
            record("icb", 1, *ANN, sex="female", ethnicity5="White"),
            record("police", 1, *ANN, sex="male", ethnicity5="White"),
        ],
    )
    assert registry(home, "birth_month, sex, ethnicity5, n_records, n_suppliers", "person_spine") == [
        (date(2001, 5, 1), "female", "White", 3, 3)
    ]


def test_not_known_is_no_vote(home: Home) -> None:
    """`unknown` and `Unknown` stand only where no record says more."""
    linked(
        home,
        [
            record("bristol", 1, *ANN, sex="unknown", ethnicity5="Unknown"),
            record("icb", 1, *ANN, sex="unknown", ethnicity5="Asian"),
        ],
    )
    assert registry(home, "sex, ethnicity5", "person_spine") == [("unknown", "Asian")]


def test_the_area_of_now(home: Home) -> None:
    """Area and deprivation are of the row that still holds; the others stay in `person_area` with dates."""
    bristol, bath = "E06000023", "E06000022"
    linked(
        home,
        [
            record("icb", 1, *ANN, la_code=bath, imd_quintile=5, valid_to="2019-12-31"),
            record("icb", 1, *ANN, la_code=bristol, imd_quintile=1, valid_from="2020-01-01"),
        ],
    )
    assert registry(home, "la_code, imd_quintile", "person_spine") == [(bristol, 1)]
    assert registry(home, "supplier, la_code, valid_from, valid_to", "person_area") == [
        ("icb", bath, None, date(2019, 12, 31)),
        ("icb", bristol, date(2020, 1, 1), None),
    ]


def test_a_person_is_as_well_linked_as_their_weakest_record(home: Home) -> None:
    """Pass and level of the person are those of the weakest link, so that a table can be limited by level."""
    misspelt = record("police", 1, "Ann", "Lee", "2001-06-05", "GL1 2ZZ")
    linked(home, [record("bristol", 1, *ANN), record("icb", 1, *ANN), misspelt])
    assert registry(home, "link_pass, link_level", "person_spine") == [("model", "main")]
    levels = registry(home, "supplier, pass, level", "record_person")
    assert levels == [
        ("bristol", "postcode", "strict"),
        ("icb", "postcode", "strict"),
        ("police", "model", "main"),
    ]


def test_who_stands_alone_has_no_pass(home: Home) -> None:
    """A person of one record is linked by nothing."""
    linked(home, [record("bristol", 1, *ANN)])
    assert registry(home, "link_pass, link_level, n_records", "person_spine") == [(None, None, 1)]


def linkable(home: Home, who: str) -> dict[str, bool]:
    rows = registry(home, "person_id, supplier, linkable", "person_linkable")
    return {supplier: could for person, supplier, could in rows if person == person_ids(home)[who]}


def test_names_and_birthday_make_linkable(home: Home) -> None:
    """With forename, surname and date of birth a person could be linked to every supplier that has them."""
    linked(home, [record("bristol", 1, *ANN), record("icb", 1, "Bob", "Hill", "1990-09-01", "GL1 2ZZ")])
    assert linkable(home, "bristol 1") == {"bristol": True, "icb": True}


def test_a_missing_birthday_makes_not_linkable(home: Home) -> None:
    """Without date of birth or a strong id no stage could have linked: an absent record proves nothing."""
    linked(
        home, [record("bristol", 1, "Ann", "Lee"), record("icb", 1, "Bob", "Hill", "1990-09-01", "GL1 2ZZ")]
    )
    assert linkable(home, "bristol 1") == {"bristol": True, "icb": False}


def test_a_strong_id_must_be_held_by_both(home: Home) -> None:
    """An NHS number makes linkable to suppliers that hold NHS numbers, not to others."""
    linked(
        home,
        [
            record("bristol", 1, "Ann", "Lee", nhs_number="9434765870"),
            record("icb", 1, "Bob", "Hill", "1990-09-01", "GL1 2ZZ", nhs_number="9434765919"),
            record("police", 1, "Joe", "Day", "1980-09-01", "GL1 2ZZ", pnc_id="12/123456A"),
        ],
    )
    assert linkable(home, "bristol 1") == {"bristol": True, "icb": True, "police": False}


def test_linkable_since(home: Home) -> None:
    """Since the first day on which the identifiers held; null where that is not known."""
    linked(
        home,
        [
            record("icb", 1, *ANN, valid_from="2010-01-01", valid_to="2014-12-31"),
            record("icb", 1, *ANN, valid_from="2015-01-01"),
            record("police", 1, "Bob", "Hill", "1990-09-01", "GL1 2ZZ"),
        ],
    )
    since = registry(home, "supplier, linkable_from", "person_linkable")
    held, unknown = date(2010, 1, 1), None
    assert since == [("icb", held), ("icb", unknown), ("police", held), ("police", unknown)]


def test_a_person_whom_only_a_relationship_names_is_a_person(home: Home) -> None:
    """A supplier may know a mother from her child's record alone: she gets an id as everybody does."""
    child = rows("relationships", 1)
    judged(delivery(home.root / "sent", "bnssg_icb", "2026-10", {"relationships": child}), home)
    link_current(home, SUPPLIERS, "run 1")
    known = {record_key for (record_key,) in registry(home, "record_key", "record_person")}
    assert known == {child["record_key"][0], child["related_record_key"][0]}
