"""Names and birthdays that mislead.

Common names with guessed birthdays, names in the wrong column, names that have changed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_linkage import Found, Record, find, persons, record, strangers

pytestmark = pytest.mark.slow
MANY = 40


def refugee(supplier: str, n: int, place: str) -> Record:
    """One of many men of one name, whose birthday somebody put down as 1 January."""
    return record(supplier, n, "Mohammed", "Khan", f"{1985 + n % 5}-01-01", place, sex="male")


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Forty at the council and forty others at the hospital, of five years of birth, among other people.

    One man, number 99, is known to both, at one postcode.
    """
    people = [refugee("bristol", n, f"BS{n + 1} 1AA") for n in range(MANY)]
    people += [refugee("icb", n, f"GL{n + 1} 2ZZ") for n in range(MANY)]
    people += [refugee(supplier, 99, "TA1 3BB") for supplier in ("bristol", "icb")]
    others = [*strangers("bristol", 300), *strangers("icb", 300, 20_000)]
    return find(tmp_path_factory.mktemp("january"), [*people, *others])


def test_shared_names_born_on_1_january(january: Found) -> None:
    """Many of one common name, all born on 1 January: name and birthday tell nothing, so nobody is linked."""
    assert not any(january.together(f"bristol {n}", f"icb {m}") for n in range(MANY) for m in range(MANY))
    assert all(len(person) == 1 for person in january.persons if "99" not in person[0].split()[1])


def test_a_place_tells_them_apart(january: Found) -> None:
    """Who is known to both at one postcode is linked in spite of the crowd."""
    assert january.together("bristol 99", "icb 99")


def test_two_of_them_are_no_duplicates(january: Found) -> None:
    """Within one supplier names and birthday are worth as little."""
    assert not january.together("bristol 0", "bristol 5")


def test_1_january_in_place_of_the_birthday(tmp_path: Path) -> None:
    """Where only the year was known: names and postcode agree, month and day do not. Counting decides."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", address_line_1="3 High Street")
    there = record("icb", 1, "Ann", "Lee", "2001-01-01", "BS1 1AA", address_line_1="3 High Street")
    found = find(tmp_path, [here, there])
    assert found.persons == [["bristol 1"], ["icb 1"]]
    assert found.reasons("bristol 1", "icb 1") == {"namesakes"}


def test_swapped_names(tmp_path: Path) -> None:
    """Forename and surname share one kind of token, so a swap is seen; with birthday and place it links."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")
    there = record("icb", 1, "Lee", "Ann", "2001-05-06", "BS1 1AA")
    assert persons(tmp_path, [here, there]) == [["bristol 1", "icb 1"]]


def test_swapped_names_of_two_people(tmp_path: Path) -> None:
    """Lee Ann and Ann Lee with different birthdays and homes are two people."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")
    there = record("icb", 1, "Lee", "Ann", "1984-11-30", "GL1 2ZZ")
    assert len(persons(tmp_path, [here, there])) == 2


def test_a_surname_changed_at_one_address(tmp_path: Path) -> None:
    """The previous surname is known to nobody: forename, birthday and address are enough."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", address_line_1="3 High Street")
    there = record("icb", 1, "Ann", "Hilton", "2001-05-06", "BS1 1AA", address_line_1="3 High Street")
    assert persons(tmp_path, [here, there]) == [["bristol 1", "icb 1"]]


def test_a_surname_changed_with_the_home(tmp_path: Path) -> None:
    """Nothing is left but a forename and a birthday, which strangers share: not linked, not even broadly."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")
    there = record("icb", 1, "Ann", "Hilton", "2001-05-06", "GL1 2ZZ")
    assert find(tmp_path, [here, there]).broad == [["bristol 1"], ["icb 1"]]


def test_a_surname_that_is_written_with_two(tmp_path: Path) -> None:
    """A double-barrelled surname of which one supplier has the second half ends alike."""
    here = record("bristol", 1, "Ann", "Hilton-Moore", "2001-05-06", "BS1 1AA")
    there = record("icb", 1, "Ann", "Moore", "2001-05-06", "BS1 1AA")
    assert persons(tmp_path, [here, there]) == [["bristol 1", "icb 1"]]
