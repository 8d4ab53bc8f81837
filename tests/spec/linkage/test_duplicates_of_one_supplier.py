"""Duplicates of one supplier.

A supplier may hold one person under two keys. Such records become one before anyone is compared across
suppliers, so that the two do not make each other ambiguous.
"""

from __future__ import annotations

from pathlib import Path

from tests.tiny_linkage import links, persons, record

ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")


def test_equal_names_birthday_and_postcode(tmp_path: Path) -> None:
    """Two records that agree in all of this are one person, and can be linked as one."""
    everyone = [record("police", 1, *ANN), record("police", 2, *ANN), record("icb", 1, *ANN)]
    assert persons(tmp_path, everyone) == [["icb 1", "police 1", "police 2"]]


def test_the_pass_of_a_duplicate(tmp_path: Path) -> None:
    """A person whom only one supplier knows, twice, carries the pass that joined the duplicates."""
    found = links(tmp_path, [record("police", 1, *ANN), record("police", 2, *ANN)])
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


def test_without_a_place_the_name_must_be_rare(tmp_path: Path) -> None:
    """Equal names and birthday at two addresses are a duplicate only if few have these names."""
    moved = record("police", 2, "Ann", "Lee", "2001-05-06", "GL1 2ZZ")
    assert persons(tmp_path, [record("police", 1, *ANN), moved]) == [["police 1", "police 2"]]
    crowd = [
        record("police", n, "Ann", "Lee", f"{1950 + n % 50}-03-{1 + n % 28:02}", f"BS{n} 6XX")
        for n in range(3, 63)
    ]
    apart = persons(tmp_path, [record("police", 1, *ANN), moved, *crowd])
    assert ["police 1"] in apart
    assert ["police 2"] in apart
