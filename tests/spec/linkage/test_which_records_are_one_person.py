"""Which records are one person.

Suppliers send keyed tokens of identifiers, never the identifiers. Two records of two suppliers are linked
by a key pass when its tokens are equal, no one else on either side has them, and nothing contradicts it:
stage 0 compares strong ids, stage 1 names and birthday with a place, stage 2 without a place. Whoever has an
error in a name or a birthday is left to the model, which weighs what agrees against what does not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_linkage import Record, find, persons, record

pytestmark = pytest.mark.slow
ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")
TOGETHER = [["bristol 1", "icb 1"]]
APART = [["bristol 1"], ["icb 1"]]


def pass_of(folder: Path, *records: Record) -> tuple[str | None, str | None]:
    """The pass and level that the records share; fails when they are not one person."""
    found = find(folder, list(records)).links
    assert len({link.cluster for link in found}) == 1
    ((passed, level),) = {(link.passed, link.level) for link in found}
    return passed, level


def test_equal_names_birthday_and_postcode(tmp_path: Path) -> None:
    """The plainest case: everything is equal. The link is of the strict level."""
    assert pass_of(tmp_path, record("bristol", 1, *ANN), record("icb", 1, *ANN)) == ("postcode", "strict")


def test_accents_case_and_punctuation_do_not_matter(tmp_path: Path) -> None:
    """`O'Brien` and `OBRIEN` are one surname, `Zoë` and `ZOE` one forename."""
    here = record("bristol", 1, "Zoë", "O'Brien", "2001-05-06", "BS1 1AA")
    there = record("icb", 1, "ZOE", "OBRIEN", "2001-05-06", "bs11aa")
    assert persons(tmp_path, [here, there]) == TOGETHER


def test_a_strong_id_and_a_name(tmp_path: Path) -> None:
    """An equal NHS number links if forename, surname or date of birth is equal too."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number="9434765870")
    there = record("icb", 1, "Ann", "Hill", "2001-09-06", "BS40 9ZZ", nhs_number="943 476 5870")
    assert pass_of(tmp_path, here, there) == ("nhs", "strict")


def test_a_strong_id_alone(tmp_path: Path) -> None:
    """An equal NHS number with nothing else equal is a mistake in the number: no link."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", nhs_number="9434765870")
    there = record("icb", 1, "Bob", "Hill", "1970-09-01", "BS40 9ZZ", nhs_number="9434765870")
    assert persons(tmp_path, [here, there]) == APART


def test_two_nhs_numbers(tmp_path: Path) -> None:
    """Two different valid NHS numbers are two people, even if all else is equal."""
    here = record("bristol", 1, *ANN, nhs_number="9434765870")
    there = record("icb", 1, *ANN, nhs_number="9434765919")
    assert persons(tmp_path, [here, there]) == APART


def test_an_invalid_number_is_no_number(tmp_path: Path) -> None:
    """A number with a wrong check digit is not compared at all."""
    here = record("bristol", 1, *ANN, nhs_number="9434765870")
    there = record("icb", 1, *ANN, nhs_number="9434765871")
    assert persons(tmp_path, [here, there]) == TOGETHER


def test_an_earlier_postcode(tmp_path: Path) -> None:
    """Who moved is found by the postcode before, where a supplier knows it."""
    here = record("bristol", 1, *ANN)
    there = record("icb", 1, "Ann", "Lee", "2001-05-06", "GL1 2ZZ", previous_postcode="BS1 1AA")
    assert pass_of(tmp_path, here, there) == ("previous postcode", "strict")


def test_an_earlier_address_in_a_row_of_its_own(tmp_path: Path) -> None:
    """Several rows may describe one record, each valid for a while: any of them may link it."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")
    before = record("icb", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA", valid_to="2019-12-31")
    now = record("icb", 1, "Ann", "Hill", "2001-05-06", "GL1 2ZZ", valid_from="2020-01-01")
    assert persons(tmp_path, [here, before, now]) == TOGETHER


def test_another_postcode_in_the_same_sector(tmp_path: Path) -> None:
    """A wrong letter at the end of a postcode leaves its sector."""
    there = record("icb", 1, "Ann", "Lee", "2001-05-06", "BS1 1AB")
    assert pass_of(tmp_path, record("bristol", 1, *ANN), there) == ("sector", "strict")


def test_a_nickname(tmp_path: Path) -> None:
    """`Bob` stands for `Robert`."""
    here = record("bristol", 1, "Robert", "Lee", "2001-05-06", "BS1 1AA")
    there = record("icb", 1, "Bob", "Lee", "2001-05-06", "BS1 1AA")
    assert pass_of(tmp_path, here, there) == ("nickname, sector", "main")


def test_a_changed_surname(tmp_path: Path) -> None:
    """A previous surname that one supplier knows is compared with the surname that the other has."""
    there = record("icb", 1, "Ann", "Hill", "2001-05-06", "BS1 1AA", previous_surname="Lee")
    passed = pass_of(tmp_path, record("bristol", 1, *ANN), there)
    assert passed == ("previous surname, sector", "main")


def test_rare_names_and_birthday_without_a_place(tmp_path: Path) -> None:
    """Who moved, and whose earlier postcode nobody knows, is found by names and birthday that few share."""
    there = record("icb", 1, "Ann", "Lee", "2001-05-06", "GL1 2ZZ")
    assert pass_of(tmp_path, record("bristol", 1, *ANN), there) == ("name and birthday", "main")


def test_a_typing_error_in_the_names(tmp_path: Path) -> None:
    """Names that begin or sound alike weigh less than equal ones, and enough beside birthday and postcode."""
    here = record("bristol", 1, "Katherine", "Robertson", "2001-05-06", "BS1 1AA")
    for forename, surname in (("Kathexine", "Robertzxn"), ("Ktaherine", "Robretson")):
        there = record("icb", 1, forename, surname, "2001-05-06", "BS1 1AA")
        assert pass_of(tmp_path, here, there) == ("model", "strict")


def test_a_typing_error_in_the_first_letters(tmp_path: Path) -> None:
    """Names that end alike weigh least of all that is alike."""
    here = record("bristol", 1, "Katherine", "Robertson", "2001-05-06", "BS1 1AA")
    there = record("icb", 1, "Xatherine", "Wobertson", "2001-05-06", "BS1 1AA")
    assert pass_of(tmp_path, here, there) == ("model", "main")


def test_a_changed_surname_after_a_move(tmp_path: Path) -> None:
    """Forename, birthday and the previous surname are enough without a common place."""
    there = record("icb", 1, "Ann", "Hill", "2001-05-06", "GL1 2ZZ", previous_surname="Lee")
    assert pass_of(tmp_path, record("bristol", 1, *ANN), there) == ("model", "strict")


def test_day_and_month_swapped(tmp_path: Path) -> None:
    """6 May and 5 June of one year are one birthday written twice, even after a move."""
    there = record("icb", 1, "Ann", "Lee", "2001-06-05", "GL1 2ZZ")
    assert pass_of(tmp_path, record("bristol", 1, *ANN), there) == ("model", "main")


def test_one_part_of_the_birthday_wrong(tmp_path: Path) -> None:
    """Two of year, month and day are enough beside names and postcode.

    A year may be wrong by ten, as a mistyped figure makes it: too few for father and son.
    """
    for birthday in ("2001-05-16", "2001-07-06", "1991-05-06"):
        there = record("icb", 1, "Ann", "Lee", birthday, "BS1 1AA")
        assert pass_of(tmp_path, record("bristol", 1, *ANN), there) == ("model", "strict")


def test_one_part_wrong_and_no_common_place(tmp_path: Path) -> None:
    """Then names and sex are not enough for a link; at the broad level, even odds, the two are one person."""
    here = record("bristol", 1, *ANN, sex="female")
    there = record("icb", 1, "Ann", "Lee", "2001-05-16", "GL1 2ZZ", sex="female")
    found = find(tmp_path, [here, there])
    assert (found.persons, found.broad) == (APART, TOGETHER)
    assert found.reasons("bristol 1", "icb 1") == {"below the threshold"}


def test_no_birthday(tmp_path: Path) -> None:
    """A missing birthday is neither equal nor different: names and postcode are enough."""
    there = record("icb", 1, "Ann", "Lee", None, "BS1 1AA")
    assert pass_of(tmp_path, record("bristol", 1, *ANN), there) == ("model", "strict")


def test_nothing_but_a_name(tmp_path: Path) -> None:
    """Equal names alone never link."""
    here, there = record("bristol", 1, "Ann", "Lee"), record("icb", 1, "Ann", "Lee")
    assert persons(tmp_path, [here, there]) == APART


def test_placeholders_never_meet(tmp_path: Path) -> None:
    """UNKNOWN, 1900-01-01 and ZZ99 are nothing, and nothing is not equal to nothing."""
    nobody = ("UNKNOWN", "UNKNOWN", "1900-01-01", "ZZ99 3VZ")
    assert persons(tmp_path, [record("bristol", 1, *nobody), record("icb", 1, *nobody)]) == APART


def test_five_suppliers(tmp_path: Path) -> None:
    """A person is followed through any number of suppliers; links carry over from one to the next."""
    suppliers = ("bristol", "icb", "north_somerset", "police", "south_gloucestershire")
    everywhere = [record(name, 1, *ANN) for name in suppliers]
    everywhere[3] = record("police", 1, "Ann", "Lee", "2001-06-05", "BS1 1AA")
    assert persons(tmp_path, everywhere) == [[f"{name} 1" for name in suppliers]]
