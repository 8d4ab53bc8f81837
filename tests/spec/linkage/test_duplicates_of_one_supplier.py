"""Duplicates of one supplier.

A supplier may hold one person under two keys. Such records become one before anyone is compared across
suppliers, so that the two do not make each other ambiguous. Equal keys come first, then the model: what two
records have in common must outweigh how many of the supplier's people would share it by chance.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_linkage import find, persons, record, strangers

pytestmark = pytest.mark.slow
ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")


def test_equal_names_birthday_and_postcode(tmp_path: Path) -> None:
    """Two records that agree in all of this are one person, and can be linked as one."""
    everyone = [record("police", 1, *ANN), record("police", 2, *ANN), record("icb", 1, *ANN)]
    assert persons(tmp_path, everyone) == [["icb 1", "police 1", "police 2"]]


def test_the_pass_of_a_duplicate(tmp_path: Path) -> None:
    """A person whom only one supplier knows, twice, carries the pass that joined the duplicates."""
    found = find(tmp_path, [record("police", 1, *ANN), record("police", 2, *ANN)]).links
    assert [(link.passed, link.level) for link in found] == [("duplicate: postcode", "strict")] * 2


def test_two_nhs_numbers_are_two_people(tmp_path: Path) -> None:
    """Namesakes at one address with different NHS numbers stay apart."""
    first = record("icb", 1, *ANN, nhs_number="9434765870")
    second = record("icb", 2, *ANN, nhs_number="9434765919")
    assert persons(tmp_path, [first, second]) == [["icb 1"], ["icb 2"]]


def test_a_chain_of_duplicates_does_not_join_two_nhs_numbers(tmp_path: Path) -> None:
    """A third record without a number would join the two: then none of them is joined."""
    first = record("icb", 1, *ANN, nhs_number="9434765870")
    between = record("icb", 2, *ANN)
    second = record("icb", 3, *ANN, nhs_number="9434765919")
    assert persons(tmp_path, [first, between, second]) == [["icb 1"], ["icb 2"], ["icb 3"]]


def test_twins_are_no_duplicates(tmp_path: Path) -> None:
    """Another forename at the same address is another person."""
    twin = record("icb", 2, "Zara", "Lee", "2001-05-06", "BS1 1AA")
    assert persons(tmp_path, [record("icb", 1, *ANN), twin]) == [["icb 1"], ["icb 2"]]


def test_a_number_shared_by_a_family_is_no_duplicate(tmp_path: Path) -> None:
    """A child registered under a mother's number shares surname and number, nothing else."""
    mother = record("icb", 1, "Ann", "Lee", "1975-05-06", "BS1 1AA", nhs_number="9434765870")
    child = record("icb", 2, "Zara", "Lee", "2001-02-03", "BS1 1AA", nhs_number="9434765870")
    assert persons(tmp_path, [mother, child]) == [["icb 1"], ["icb 2"]]


def test_two_children_without_a_forename_yet(tmp_path: Path) -> None:
    """`Baby Lee` twice, born on one day at one address, are as likely twins as one child: they stay two."""
    babies = [record("bristol", n, "Baby", "Lee", "2001-05-06", "BS1 1AA") for n in (1, 2)]
    assert persons(tmp_path, babies) == [["bristol 1"], ["bristol 2"]]


def test_without_a_place_the_name_must_be_rare(tmp_path: Path) -> None:
    """Equal names and birthday at two addresses are a duplicate only if few have these names."""
    moved = record("police", 2, "Ann", "Lee", "2001-05-06", "GL1 2ZZ")
    assert persons(tmp_path, [record("police", 1, *ANN), moved]) == [["police 1", "police 2"]]
    crowd = [
        record("police", n, "Ann", "Lee", f"{1950 + n % 50}-03-{1 + n % 28:02}", f"BS{n} 6XX")
        for n in range(3, 63)
    ]
    assert not find(tmp_path, [record("police", 1, *ANN), moved, *crowd]).together("police 1", "police 2")


def test_what_the_model_takes_for_one_person(tmp_path: Path) -> None:
    """An error in one field is weighed as it is between suppliers; names and birthday must be alike."""
    second = record("police", 2, "Ann", "Lee", "2001-06-05", "BS1 1AA")
    found = find(tmp_path, [record("police", 1, *ANN), second])
    assert found.persons == [["police 1", "police 2"]]
    assert {(link.passed, link.level) for link in found.links} == {("duplicate: model", "main")}
    other_birthday = record(
        "police", 2, "Ann", "Lee", "1970-09-11", "BS1 1AA", address_line_1="1 High Street"
    )
    same_home = record("police", 1, *ANN, address_line_1="1 High Street")
    assert persons(tmp_path, [same_home, other_birthday]) == [["police 1"], ["police 2"]]


def test_the_guard_grows_with_the_supplier(tmp_path: Path) -> None:
    """The same two records are one person in a small supplier and two in a large one.

    In both nobody else has their names. But among more people more share as much by chance: with 4,000
    records in place of two there are millions of pairs, and hardly a duplicate among them.
    """
    two = [record("police", 1, *ANN), record("police", 2, "Ann", "Lee", "2001-06-05", "GL1 2ZZ")]
    assert find(tmp_path, two).together("police 1", "police 2")
    assert not find(tmp_path, [*two, *strangers("police", 4_000)]).together("police 1", "police 2")


def test_too_many_records_for_one_person(tmp_path: Path) -> None:
    """More than fifty records that are all alike name a default or a mistake: each stays on its own."""
    assert len(persons(tmp_path, [record("police", n, *ANN) for n in range(50)])) == 1
    assert len(persons(tmp_path, [record("police", n, *ANN) for n in range(51)])) == 51


def test_a_chain_that_contradicts_itself(tmp_path: Path) -> None:
    """Three records, each like the next: if the first and the last contradict each other, all stay apart.

    The years of birth are 1989, 1990 and 1991, and the surnames of the ends differ.
    """
    chain = [
        record("police", 1, "Ann", "Leeson", "1989-05-06", "BS1 1AA"),
        record("police", 2, "Ann", "Leeson", "1990-05-06", "BS1 1AA", previous_surname="Hillman"),
        record("police", 3, "Ann", "Hillman", "1991-05-06", "BS1 1AA"),
    ]
    assert persons(tmp_path, chain[:2]) == [["police 1", "police 2"]]
    assert persons(tmp_path, chain[1:]) == [["police 2", "police 3"]]
    assert len(persons(tmp_path, chain)) == 3
