"""Who lives with whom.

A household is an address (its UPRN as a token) at which people live on the same days. Nothing else makes one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from outcome_linkage.home import Home
from tests.tiny_linkage import Record, linked, person_ids, record, registry

pytestmark = pytest.mark.slow
NAMES = ("Ann", "Bob", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jan", "Kit", "Liv")
HOME, OTHER = "10000000001", "10000000002"


def lives(
    number: int, since: str | None, until: str | None = None, uprn: str | None = HOME, supplier: str = "icb"
) -> Record:
    """One row of a person's identifiers, with an address and the days on which it held."""
    born = f"19{60 + number}-02-03"
    where = {"uprn": uprn, "valid_from": since, "valid_to": until}
    return record(supplier, number, NAMES[number], f"Lee{NAMES[number]}", born, "BS1 1AA", **where)


def households(home: Home, *rows: Record) -> list[tuple[Any, ...]]:
    """Pairs by number, the lower first: from, to, people, confidence."""
    linked(home, list(rows))
    number = {person: name.split()[1] for name, person in person_ids(home).items()}
    columns = "person_id, related_person_id, valid_from, valid_to, people, confidence"
    found = [(number[a], number[b], *more) for a, b, *more in registry(home, columns, "person_household")]
    assert sorted(row[:2] for row in found) == sorted((b, a) for a, b, *_ in found)
    return sorted(row for row in found if int(row[0]) < int(row[1]))


def test_people_at_one_address_share_a_household_on_the_days_that_they_share(home: Home) -> None:
    """From the later of the first days to the earlier of the last days."""
    assert households(
        home, lives(0, "2018-01-01", "2020-06-30"), lives(1, "2019-03-01"), lives(2, "2020-07-01")
    ) == [
        ("0", "1", date(2019, 3, 1), date(2020, 6, 30), 2, "one_supplier"),
        ("1", "2", date(2020, 7, 1), None, 2, "one_supplier"),
    ]


def test_neighbours_share_nothing(home: Home) -> None:
    """The same postcode, even the same house number, is no household: it takes the same property."""
    assert households(home, lives(0, "2018-01-01"), lives(1, "2018-01-01", uprn=OTHER)) == []
    assert households(home, lives(0, "2018-01-01", uprn=None), lives(1, "2018-01-01", uprn=None)) == []


def test_an_address_without_a_first_day_is_not_known_to_hold(home: Home) -> None:
    """Such as one at which the police once met someone."""
    assert households(home, lives(0, None), lives(1, "2018-01-01")) == []


def test_rows_that_follow_each_other_are_one_stay(home: Home) -> None:
    """A change of surname cuts the rows of a person, not the household."""
    assert households(
        home,
        lives(0, "2018-01-01", "2018-12-31"),
        lives(0, "2019-01-01", "2019-12-31"),
        lives(1, "2018-01-01", "2019-12-31"),
    ) == [("0", "1", date(2018, 1, 1), date(2019, 12, 31), 2, "one_supplier")]


def test_ten_people_are_a_household_and_eleven_are_not(home: Home) -> None:
    """While an eleventh is there the address is communal for everybody; before and after it is not."""
    ten = [lives(number, "2018-01-01", "2018-12-31") for number in range(10)]
    found = households(home, *ten)
    assert len(found) == 45
    assert {row[4] for row in found} == {10}
    with_guest = households(home, *ten, lives(10, "2018-06-01", "2018-06-30"))
    assert sorted({row[2:5] for row in with_guest}) == [
        (date(2018, 1, 1), date(2018, 5, 31), 10),
        (date(2018, 7, 1), date(2018, 12, 31), 10),
    ]
    assert not [row for row in with_guest if row[1] == "10"]


def test_a_household_is_as_large_as_it_ever_is_in_that_time(home: Home) -> None:
    """The number of people is the most at once while the two are there together."""
    found = households(
        home,
        lives(0, "2018-01-01", "2018-12-31"),
        lives(1, "2018-01-01", "2018-12-31"),
        lives(2, "2018-03-01", "2018-05-31"),
        lives(3, "2018-05-01", "2018-06-30"),
    )
    assert [(row[:2], row[4]) for row in found] == [
        (("0", "1"), 4),
        (("0", "2"), 4),
        (("0", "3"), 4),
        (("1", "2"), 4),
        (("1", "3"), 4),
        (("2", "3"), 4),
    ]


def test_a_day_on_which_suppliers_place_a_person_twice_tells_nothing(home: Home) -> None:
    """One of the two addresses is out of date, and nobody can say which."""
    assert households(
        home,
        lives(0, "2018-01-01", "2018-12-31"),
        lives(0, "2018-07-01", "2018-12-31", uprn=OTHER, supplier="bristol"),
        lives(1, "2018-01-01", "2018-12-31"),
        lives(2, "2018-01-01", "2018-12-31", uprn=OTHER),
    ) == [("0", "1", date(2018, 1, 1), date(2018, 6, 30), 2, "one_supplier")]


def test_suppliers_that_agree_are_worth_more(home: Home) -> None:
    """Both people placed there by the same two suppliers."""
    rows = [
        lives(n, "2018-01-01", "2018-12-31", supplier=supplier)
        for n in (0, 1)
        for supplier in ("icb", "bristol")
    ]
    linked(home, rows)
    assert registry(home, "distinct confidence", "person_household") == [("several_suppliers",)]
