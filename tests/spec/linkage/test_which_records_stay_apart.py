"""Which records stay apart.

A wrong link puts one person's harm into another's record. Where two would do, nobody is linked; where an
identifier contradicts, nothing else counts. Every candidate that is refused is written down with the reason,
once for either side.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_linkage import find, persons, record

pytestmark = pytest.mark.slow
MIA = ("Mia", "Lee", "2001-05-06", "BS1 1AA")


def test_sex_written_down_wrongly(tmp_path: Path) -> None:
    """Where both names and the birthday are equal, another sex is an error of the pen."""
    here, there = record("bristol", 1, *MIA, sex="female"), record("icb", 1, *MIA, sex="male")
    assert persons(tmp_path, [here, there]) == [["bristol 1", "icb 1"]]


def test_two_candidates_are_none(tmp_path: Path) -> None:
    """Where two people of one supplier would do equally well, neither is linked, and the tie is recorded."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", None)
    one = record("icb", 1, "Ann", "Lee", "2001-05-06", "GL1 2ZZ", nhs_number="9434765870")
    other = record("icb", 2, "Ann", "Lee", "2001-05-06", "CF9 9ZZ", nhs_number="9434765919")
    assert persons(tmp_path, [here, one, other]) == [["bristol 1"], ["icb 1"], ["icb 2"]]


def test_a_refused_candidate_is_told_of_with_its_reason(tmp_path: Path) -> None:
    """Which two records, by which pass, with which weight if the model gave one, and why not."""
    here = record("bristol", 1, *MIA)
    one = record("icb", 1, *MIA, nhs_number="9434765870")
    other = record("icb", 2, *MIA, nhs_number="9434765919")
    refused = find(tmp_path, [here, one, other]).refused
    by_model = [r for r in refused if r.passed == "model" and r.record == "bristol 1"]
    assert [(r.other_record, r.reason) for r in by_model] == [("icb 1", "tie"), ("icb 2", "tie")]
    assert by_model[0].weight == by_model[1].weight is not None
    assert {(r.other_record, r.record) for r in refused} == {(r.record, r.other_record) for r in refused}


def test_a_strong_id_alone_is_recorded(tmp_path: Path) -> None:
    """An equal number with nothing else equal is shown to whoever looks after the links."""
    here = record("bristol", 1, *MIA, nhs_number="9434765870")
    there = record("icb", 1, "Bob", "Hill", "1970-09-01", "BS40 9ZZ", nhs_number="9434765870")
    assert find(tmp_path, [here, there]).refused == [
        ("bristol 1", "icb 1", "nhs", None, "strong id alone"),
        ("icb 1", "bristol 1", "nhs", None, "strong id alone"),
    ]


def test_a_strong_id_decides_between_two_candidates(tmp_path: Path) -> None:
    """Uniqueness counts pass by pass: what no name can decide, a number can."""
    here = record("bristol", 1, *MIA, nhs_number="9434765870")
    one = record("icb", 1, *MIA, nhs_number="9434765870")
    other = record("icb", 2, *MIA, nhs_number="9434765919")
    assert persons(tmp_path, [here, one, other]) == [["bristol 1", "icb 1"], ["icb 2"]]


def test_common_names_need_a_place(tmp_path: Path) -> None:
    """Where 120 others have the names, names and birthday alone do not link; where nobody has, they do.

    The number of people expected to share them by chance must stay small; it grows with the population.
    """
    crowd = [
        record("icb", n, "Mohammed", "Khan", f"{1950 + n % 60}-03-{1 + n % 28:02}", f"BS{n} 6XX")
        for n in range(2, 122)
    ]
    here = record("bristol", 1, "Mohammed", "Khan", "1990-05-06", "BS1 1AA")
    there = record("icb", 1, "Mohammed", "Khan", "1990-05-06", "GL1 2ZZ")
    found = find(tmp_path, [here, there, *crowd])
    assert not found.together("bristol 1", "icb 1")
    assert "too common" in found.reasons("bristol 1", "icb 1")
    assert find(tmp_path, [here, there]).together("bristol 1", "icb 1")


def test_two_nhs_numbers_never_meet_in_a_third_record(tmp_path: Path) -> None:
    """A record without a number that fits two numbers equally well is linked to neither."""
    first = record("bristol", 1, *MIA, nhs_number="9434765870")
    second = record("icb", 1, *MIA, nhs_number="9434765919")
    between = record("police", 1, *MIA)
    assert persons(tmp_path, [first, second, between]) == [["bristol 1"], ["icb 1"], ["police 1"]]


def test_two_people_of_one_supplier_never_meet_in_a_third_record(tmp_path: Path) -> None:
    """At most one of a supplier's people is in a person: the weakest link gives way.

    The police record fits the hospital's, and the second council record a little less, which for its part is
    nothing like the first. Plain connected components would make all four one person.
    """
    first = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")
    hospital = record("icb", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")
    police = record("police", 1, "Ann", "Lee", "2001-06-05", "BS1 1AA", previous_postcode="GL1 2ZZ")
    second = record("bristol", 2, "Ann", "Hill", "2001-06-05", "GL1 2ZZ", previous_surname="Lee")
    assert persons(tmp_path, [second, police]) == [["bristol 2", "police 1"]]
    everyone = find(tmp_path, [first, second, hospital, police])
    held = [{record.split()[0] for record in person} for person in everyone.persons]
    assert sum(map(len, held)) == 4
    assert everyone.together("bristol 1", "icb 1")
    assert everyone.reasons("bristol 2", "police 1") or everyone.reasons("bristol 1", "police 1")
