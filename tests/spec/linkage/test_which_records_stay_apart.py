"""Which records stay apart.

A wrong link puts one person's harm into another's record. Twins, brothers and sisters, fathers and sons are
most alike, so the rules are strictest for them.
"""

from __future__ import annotations

from pathlib import Path

from tests.tiny_linkage import links, persons, record, refused

MIA = ("Mia", "Lee", "2001-05-06", "BS1 1AA")
TIA = ("Zara", "Lee", "2001-05-06", "BS1 1AA")


def test_twins(tmp_path: Path) -> None:
    """The same surname, birthday and home with another forename are two people: here one known to each."""
    assert persons(tmp_path, [record("bristol", 1, *MIA), record("icb", 1, *TIA)]) == [
        ["bristol 1"],
        ["icb 1"],
    ]


def test_twins_both_known_to_one_supplier(tmp_path: Path) -> None:
    """Each twin is linked to their own records only."""
    everyone = [record("bristol", 1, *MIA), record("icb", 1, *MIA), record("icb", 2, *TIA)]
    assert persons(tmp_path, everyone) == [["bristol 1", "icb 1"], ["icb 2"]]


def test_twins_without_a_place(tmp_path: Path) -> None:
    """A move of one of them does not make them one."""
    moved = record("icb", 1, "Zara", "Lee", "2001-05-06", "GL1 2ZZ")
    assert persons(tmp_path, [record("bristol", 1, *MIA), moved]) == [["bristol 1"], ["icb 1"]]


def test_a_twin_without_a_forename_yet(tmp_path: Path) -> None:
    """`Baby Lee` could be either twin: with both known elsewhere, nobody is linked."""
    unnamed = record("bristol", 1, "Baby", "Lee", "2001-05-06", "BS1 1AA")
    both = [record("icb", 1, *MIA), record("icb", 2, *TIA)]
    assert persons(tmp_path, [unnamed, *both]) == [["bristol 1"], ["icb 1"], ["icb 2"]]


def test_brother_and_sister_with_one_short_form(tmp_path: Path) -> None:
    """Alexander and Alexandra share a short form; their sex tells them apart."""
    him = record("bristol", 1, "Alexander", "Lee", "2001-05-06", "BS1 1AA", sex="male")
    her = record("icb", 1, "Alexandra", "Lee", "2001-05-06", "BS1 1AA", sex="female")
    assert persons(tmp_path, [him, her]) == [["bristol 1"], ["icb 1"]]


def test_sex_written_down_wrongly(tmp_path: Path) -> None:
    """Where both names and the birthday are equal, another sex is an error of the pen."""
    here, there = record("bristol", 1, *MIA, sex="female"), record("icb", 1, *MIA, sex="male")
    assert persons(tmp_path, [here, there]) == [["bristol 1", "icb 1"]]


def test_father_and_son_of_one_name(tmp_path: Path) -> None:
    """One name and one home, but birthdays a generation apart."""
    father = record("bristol", 1, "John", "Lee", "1970-05-06", "BS1 1AA")
    son = record("icb", 1, "John", "Lee", "2001-05-06", "BS1 1AA")
    assert persons(tmp_path, [father, son]) == [["bristol 1"], ["icb 1"]]


def test_two_candidates_are_none(tmp_path: Path) -> None:
    """Where two people of one supplier would do equally well, neither is linked, and the tie is recorded."""
    here = record("bristol", 1, "Ann", "Lee", "2001-05-06", None)
    one = record("icb", 1, "Ann", "Lee", "2001-05-06", "GL1 2ZZ", nhs_number="9434765870")
    other = record("icb", 2, "Ann", "Lee", "2001-05-06", "CF9 9ZZ", nhs_number="9434765919")
    assert persons(tmp_path, [here, one, other]) == [["bristol 1"], ["icb 1"], ["icb 2"]]


def test_a_tie_is_counted(tmp_path: Path) -> None:
    """The record that could not be decided says towards whom, why and among how many."""
    here = record("bristol", 1, *MIA)
    one = record("icb", 1, *MIA, nhs_number="9434765870")
    other = record("icb", 2, *MIA, nhs_number="9434765919")
    assert ("bristol 1", "icb", "tie", 2) in refused(tmp_path, [here, one, other])


def test_a_strong_id_alone_is_recorded(tmp_path: Path) -> None:
    """An equal number with nothing else equal is shown to whoever looks after the links."""
    here = record("bristol", 1, *MIA, nhs_number="9434765870")
    there = record("icb", 1, "Bob", "Hill", "1970-09-01", "BS40 9ZZ", nhs_number="9434765870")
    assert refused(tmp_path, [here, there]) == [
        ("bristol 1", "icb", "strong id alone", 1),
        ("icb 1", "bristol", "strong id alone", 1),
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
    found = {(e.supplier, e.record_key): e.cluster for e in links(tmp_path, [here, there, *crowd])}
    assert found["bristol", "1"] != found["icb", "1"]
    alone = {(e.supplier, e.record_key): e.cluster for e in links(tmp_path, [here, there])}
    assert alone["bristol", "1"] == alone["icb", "1"]


def test_two_nhs_numbers_never_meet_in_a_third_record(tmp_path: Path) -> None:
    """A record without a number that fits two numbers equally well is linked to neither."""
    first = record("bristol", 1, *MIA, nhs_number="9434765870")
    second = record("icb", 1, *MIA, nhs_number="9434765919")
    between = record("police", 1, *MIA)
    assert persons(tmp_path, [first, second, between]) == [["bristol 1"], ["icb 1"], ["police 1"]]


def test_two_people_of_one_supplier_never_meet_in_a_third_record(tmp_path: Path) -> None:
    """At most one of a supplier's people is in a person: the weakest link gives way.

    The police record agrees with the first council record and the hospital's in names, postcode and most
    of the birthday, with the second council record in names and month. Plain connected components would
    make all four one person.
    """
    first = record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")
    second = record("bristol", 2, "Ann", "Lee", "2001-06-15", "GL1 2ZZ")
    hospital = record("icb", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")
    police = record("police", 1, "Ann", "Lee", "2001-06-05", "BS1 1AA")
    everyone = [first, second, hospital, police]
    assert persons(tmp_path, everyone) == [["bristol 1", "icb 1", "police 1"], ["bristol 2"]]
    assert persons(tmp_path, [second, police]) == [["bristol 2", "police 1"]]
    assert ("bristol 2", "police", "conflict", 1) in refused(tmp_path, everyone)


def test_another_forename_where_nobody_shares_a_home(tmp_path: Path) -> None:
    """Among people of whom no two share a home, another forename is an error of the pen.

    Thirty people have another forename at one supplier, at one address with one birthday. In neither
    supplier's own records do any two people share both: they are linked, at the broad level. As soon as the
    records show twins, none of the thirty is.
    """
    forenames = ("Mia", "Zara", "Bob", "Kate", "Owen")
    people = [
        (
            f"Name{chr(65 + n)}{chr(90 - n % 5)}",
            f"2001-{1 + n // 3:02}-{1 + n % 3 * 9:02}",
            f"BS1 {1 + n % 9}A{chr(65 + n)}",
        )
        for n in range(30)
    ]
    here = [
        record("bristol", n, forenames[n % 5], surname, born, place, address_line_1=f"{n + 1} High Street")
        for n, (surname, born, place) in enumerate(people)
    ]
    there = [
        record("icb", n, forenames[(n + 1) % 5], surname, born, place, address_line_1=f"{n + 1} High Street")
        for n, (surname, born, place) in enumerate(people)
    ]
    everyone = persons(tmp_path, [*here, *there])
    assert everyone == sorted([f"bristol {n}", f"icb {n}"] for n in range(30))
    surname, born, place = people[0]
    twin = record("icb", 99, "Tom", surname, born, place, address_line_1="1 High Street")
    assert all(len(group) == 1 for group in persons(tmp_path, [*here, *there, twin]))
