"""Ids that programs spoil.

A spreadsheet reads an id as a number: it drops leading noughts, adds `.0`, and shortens long ones. What other
files of the return still show is put right; an id that has lost digits refuses the file, since it would make
one person of two.
"""

from __future__ import annotations

import pytest

from outcome_linkage.delivery.refusal import RawInputRefused
from tests.desk import Desk

HEADER = "CHILD,SEX,DOB,ETHNIC\n0012,1,11/07/2015,WBRI\n0345,2,01/02/2010,WBRI\n"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE\n{},02/12/2022,S,C2,N5,U5\n{},02/12/2022,S,C2,N5,U5\n"
PEOPLE = "record_key,forename,nhs_number\n{},Ann,{}\n"


def children(desk: Desk, *ids: str, header: str = HEADER) -> tuple[list[str], list[str], dict[str, int]]:
    """The keys of the header and of the episodes of these ids, and what was repaired in the episodes."""
    files = [desk.file("header_2024.csv", header), desk.file("episodes_2024.csv", EPISODES.format(*ids))]
    report = desk.encode(files, "ssda903", out=desk.root / f"{len(header)}_{'_'.join(ids)}")
    keys = [
        desk.delivered(report, f"ssda903_{name}")["record_key"].to_list() for name in ("header", "episodes")
    ]
    return keys[0], keys[1], dict(report.tables["ssda903_episodes"].repairs)


def test_noughts_that_one_file_lost_are_those_of_the_header(desk: Desk) -> None:
    """Where no id of the file begins with a nought, and without noughts each is one child of the header.
    They are counted."""
    header, episodes, repairs = children(desk, "12", "345")
    assert episodes == header
    assert repairs == {"nought_restored": 2}


def test_noughts_are_not_made_up(desk: Desk) -> None:
    """Not where the file has kept some, nor where the id is itself a child's, nor where it may be two."""
    header, episodes, repairs = children(desk, "12", "0345")
    assert (episodes[0] in header, episodes[1], repairs) == (False, header[1], {})
    header, episodes, repairs = children(desk, "12", "345", header=HEADER + "12,1,11/07/2016,WBRI\n")
    assert (episodes[0], repairs) == (header[2], {"nought_restored": 1})
    header, episodes, repairs = children(desk, "12", "345", header=HEADER + "00345,1,11/07/2016,WBRI\n")
    assert (episodes[1] in header, repairs) == (False, {"nought_restored": 1})


def test_an_id_in_scientific_notation_with_every_digit_is_that_number(desk: Desk) -> None:
    """Programs other than spreadsheets write all digits."""
    report = desk.encode(desk.file("p.csv", PEOPLE.format("1.23456E+5", "9.434765919E+09")), "link_tokens")
    plain = desk.encode(
        desk.file("q.csv", PEOPLE.format("123456", "9434765919")), "link_tokens", period="2024-06"
    )
    assert desk.delivered(report, "link_tokens").equals(desk.delivered(plain, "link_tokens"))
    assert report.tables["link_tokens"].repairs == {"id_written_out": 2}


def test_a_number_read_as_decimal_is_whole(desk: Desk) -> None:
    """The ending `.0` of an NHS number means nothing."""
    tokens = [
        desk.delivered(
            desk.encode(desk.file("p.csv", PEOPLE.format("7", number)), "link_tokens", period=month),
            "link_tokens",
        )
        for number, month in (("9434765919", "2024-05"), ("9434765919.0", "2024-06"))
    ]
    assert tokens[0].equals(tokens[1])


@pytest.mark.parametrize(("key", "number"), [("1.23457E+11", ""), ("7", "9.43477E+09")])
def test_an_id_that_lost_digits_refuses_the_file(desk: Desk, key: str, number: str) -> None:
    """The message says in which column, and how many, and what to do; never which."""
    with pytest.raises(RawInputRefused) as refusal:
        desk.encode(desk.file("p.csv", PEOPLE.format(key, number)), "link_tokens")
    assert refusal.value.code == "ids_lost_digits"
    assert refusal.value.found.startswith("1 in scientific notation")
    assert refusal.value.where == f"p.csv, column {'A' if number == '' else 'C'}"
    assert key not in str(refusal.value).replace("column", "") or len(key) == 1
