"""Families that look like one person.

Twins, brothers and sisters, father and son of one name, a mother and her baby: at one address, under one
surname, often under one number.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_linkage import find, persons, record

pytestmark = pytest.mark.slow
ADDRESS = {"address_line_1": "3 High Street"}
MIA = ("Mia", "Lee", "2001-05-06", "BS1 1AA")
ZARA = ("Zara", "Lee", "2001-05-06", "BS1 1AA")
NHS = "9434765870"


def test_twins_each_known_to_one_supplier(tmp_path: Path) -> None:
    """The same surname, birthday and home with another forename: they are not linked, and it is told why."""
    found = find(tmp_path, [record("bristol", 1, *MIA, **ADDRESS), record("icb", 1, *ZARA, **ADDRESS)])
    assert found.persons == found.broad == [["bristol 1"], ["icb 1"]]
    assert found.reasons("bristol 1", "icb 1") == {"twins"}


def test_twins_whose_names_rhyme(tmp_path: Path) -> None:
    """Jayden and Hayden differ in one letter, as a slip of the pen would.

    Two records of one supplier whose forenames only end alike are no duplicates. So both twins stay two, and
    each is linked to the own record.
    """
    twins = [("Jayden", "Moor"), ("Hayden", "Moor")]
    rest = ("2001-05-06", "BS1 1AA")
    hospital = [record("icb", n, *name, *rest, **ADDRESS) for n, name in enumerate(twins, 1)]
    council = record("bristol", 2, *twins[1], *rest, **ADDRESS)
    assert persons(tmp_path, [*hospital, council]) == [["bristol 2", "icb 2"], ["icb 1"]]


def test_twins_both_known_to_one_supplier(tmp_path: Path) -> None:
    """Each twin is linked to their own records only."""
    everyone = [record("bristol", 1, *MIA), record("icb", 1, *MIA), record("icb", 2, *ZARA)]
    assert persons(tmp_path, everyone) == [["bristol 1", "icb 1"], ["icb 2"]]


def test_twins_of_whom_one_has_moved(tmp_path: Path) -> None:
    """Without a common place there is even less to join them."""
    moved = record("icb", 1, "Zara", "Lee", "2001-05-06", "GL1 2ZZ")
    assert persons(tmp_path, [record("bristol", 1, *MIA), moved]) == [["bristol 1"], ["icb 1"]]


def test_a_baby_without_a_forename_who_may_be_either_twin(tmp_path: Path) -> None:
    """`Baby Lee` is no forename. With both twins known elsewhere it could be either, so nobody is linked."""
    unnamed = record("bristol", 1, "Baby", "Lee", "2001-05-06", "BS1 1AA", **ADDRESS)
    both = [record("icb", 1, *MIA, **ADDRESS), record("icb", 2, *ZARA, **ADDRESS)]
    found = find(tmp_path, [unnamed, *both])
    assert found.persons == [["bristol 1"], ["icb 1"], ["icb 2"]]
    assert found.reasons("bristol 1", "icb 1") == {"tie"}


def test_a_baby_without_a_forename(tmp_path: Path) -> None:
    """Where only one child fits, surname, birthday and address link the baby; a forename is not missed."""
    unnamed = record("bristol", 1, "Baby Girl", "Lee", "2001-05-06", "BS1 1AA", **ADDRESS)
    assert persons(tmp_path, [unnamed, record("icb", 1, *MIA, **ADDRESS)]) == [["bristol 1", "icb 1"]]
    elsewhere = record("icb", 1, "Mia", "Lee", "2001-05-06", "GL1 2ZZ")
    assert len(persons(tmp_path, [unnamed, elsewhere])) == 2


def test_two_babies_of_one_name_that_is_none(tmp_path: Path) -> None:
    """Many a `Baby Lee` is born. Two of different homes have nothing in common but surname and birthday."""
    here = record("bristol", 1, "Baby", "Lee", "2001-05-06", "BS1 1AA")
    there = record("icb", 1, "Baby", "Lee", "2001-05-06", "GL1 2ZZ")
    assert len(persons(tmp_path, [here, there])) == 2


def test_brother_and_sister_with_one_short_form(tmp_path: Path) -> None:
    """Alexander and Alexandra share a short form; their sex tells them apart."""
    him = record("bristol", 1, "Alexander", "Lee", "2001-05-06", "BS1 1AA", sex="male", **ADDRESS)
    her = record("icb", 1, "Alexandra", "Lee", "2001-05-06", "BS1 1AA", sex="female", **ADDRESS)
    found = find(tmp_path, [him, her])
    assert found.persons == [["bristol 1"], ["icb 1"]]
    assert found.reasons("bristol 1", "icb 1") == {"contradiction"}


def test_brothers_at_one_address(tmp_path: Path) -> None:
    """Another forename and another birthday, with surname and home in common."""
    elder = record("bristol", 1, "Tom", "Lee", "2001-05-06", "BS1 1AA", sex="male", **ADDRESS)
    younger = record("icb", 1, "Owen", "Lee", "2003-05-06", "BS1 1AA", sex="male", **ADDRESS)
    found = find(tmp_path, [elder, younger])
    assert found.persons == [["bristol 1"], ["icb 1"]]
    assert found.reasons("bristol 1", "icb 1") == {"brothers and sisters"}


def test_father_and_son_of_one_name(tmp_path: Path) -> None:
    """One name and one home, but birthdays a generation apart; even if they share day and month."""
    son = record("icb", 1, "John", "Lee", "2001-05-06", "BS1 1AA", **ADDRESS)
    for birthday in ("1970-03-16", "1970-05-06"):
        father = record("bristol", 1, "John", "Lee", birthday, "BS1 1AA", **ADDRESS)
        found = find(tmp_path, [father, son])
        assert found.persons == [["bristol 1"], ["icb 1"]]
        assert found.reasons("bristol 1", "icb 1") == {"namesakes"}


def test_a_number_shared_by_mother_and_baby(tmp_path: Path) -> None:
    """A newborn is registered under the mother's NHS number: the number alone joins neither them nor others.

    The mother's records are linked to each other, the baby's to the baby's; a number that would bring the two
    together is refused.
    """
    mother = ("Ann", "Lee", "1975-05-06", "BS1 1AA")
    baby = ("Zara", "Lee", "2001-02-03", "BS1 1AA")
    found = find(
        tmp_path,
        [
            record("bristol", 1, *mother, nhs_number=NHS),
            record("icb", 1, *mother, nhs_number=NHS),
            record("icb", 2, *baby, nhs_number=NHS),
            record("police", 2, *baby),
        ],
    )
    assert found.persons == [["bristol 1", "icb 1"], ["icb 2", "police 2"]]
    alone = find(
        tmp_path, [record("bristol", 1, *mother, nhs_number=NHS), record("icb", 2, *baby, nhs_number=NHS)]
    )
    assert alone.reasons("bristol 1", "icb 2") == {"contradiction"}
    unnamed = record("icb", 2, "Baby", "Lee", "2001-02-03", "BS1 1AA", nhs_number=NHS)
    assert len(persons(tmp_path, [record("bristol", 1, *mother, nhs_number=NHS), unnamed])) == 2
