"""What suppliers get wrong.

Two people in one record, everybody sent twice, one token for everything that is missing, another linkage key,
one postcode for everybody without a home.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.home import Home
from tests.tiny_linkage import Found, Record, find, linked, persons, record, strangers, token_rows

pytestmark = pytest.mark.slow
ANN = ("Ann", "Lee", "2001-05-06", "BS1 1AA")
BOB = ("Bob", "Hill", "1990-09-01", "GL1 2ZZ")
NOMINAL = [record("police", 1, *ANN), record("police", 1, *BOB)]
OTHER_KEY = b"another linkage key, also 32 byte"


def test_two_people_in_one_police_nominal(tmp_path: Path) -> None:
    """A record whose rows differ wholly in forename and birthday is of two people: it is linked to neither.

    It would join Ann and Bob. Each of them is linked as if the record were not there.
    """
    people = [record("bristol", 1, *ANN), record("icb", 1, *BOB)]
    assert persons(tmp_path, [*NOMINAL, *people]) == [["bristol 1"], ["icb 1"], ["police 1"]]
    both = [record(supplier, n, *who) for supplier in ("bristol", "icb") for n, who in enumerate((ANN, BOB))]
    everyone = [["bristol 0", "icb 0"], ["bristol 1", "icb 1"], ["police 1"]]
    assert persons(tmp_path, [*NOMINAL, *both]) == everyone


def test_a_nominal_of_two_people_does_not_hide_the_right_one(tmp_path: Path) -> None:
    """Ann has a police record of her own beside it, which is linked."""
    own = record("police", 2, *ANN)
    assert persons(tmp_path, [*NOMINAL, own, record("bristol", 1, *ANN)]) == [
        ["bristol 1", "police 2"],
        ["police 1"],
    ]


def test_records_of_two_people_are_counted(home: Home) -> None:
    """The report of the run says how many there are, so that the supplier can be asked."""
    report = linked(home, [*NOMINAL, record("bristol", 1, *ANN)])
    assert (report.records_of_two_people, report.records_without_tokens) == (1, 0)


def test_one_person_who_changed_her_name_is_not_two(tmp_path: Path) -> None:
    """Several rows of one record differ in name or in place, as they do after a wedding or a move."""
    rows = [record("police", 1, *ANN), record("police", 1, "Ann", "Hill", "2001-05-06", "GL1 2ZZ")]
    assert persons(tmp_path, [*rows, record("bristol", 1, *ANN)]) == [["bristol 1", "police 1"]]


def test_a_supplier_that_sends_everybody_twice(tmp_path: Path) -> None:
    """Each person under two keys: the two become one, and are linked as one."""
    people = strangers("police", 20, 1)
    twice = [*people, *({**row, "record_key": f"{row['record_key']}00"} for row in people)]
    elsewhere = [{**row, "supplier": "icb"} for row in people]
    found = find(tmp_path, [*twice, *elsewhere])
    assert len(found.persons) == 20
    assert all(found.together(f"police {n}", f"police {n}00", f"icb {n}") for n in range(1, 21))


# Tokens made from the postcode, and from the date of birth.
POSTCODE = ("tok_postcode", "tok_postcode_sector", "k01", "k03", "k04", "k05")
BIRTHDAY = ("tok_dob", "tok_dob_sorted", "tok_dob_year_day", "tok_dob_month_day")
PEOPLE = 600


def hashed_empty(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The rows of a supplier that hashed the empty string: one token for all, link keys without that part.

    Link keys are made of the whole name, so they stay different for everybody but lose what they stand for.
    """
    tokens = [pl.lit(77 + place, pl.Int64).alias(c) for place, c in enumerate(columns) if c[0] == "t"]
    keys = [(pl.col("k06") + 1_000 + place).alias(c) for place, c in enumerate(columns) if c[0] == "k"]
    return rows.with_columns(tokens + keys)


@pytest.fixture(scope="module")
def without_postcodes(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The police hash every missing postcode. The other two know their own people, and one in common."""
    police = [*strangers("police", PEOPLE, 50_000), record("police", 1, *ANN), record("police", 2, *BOB)]
    others = [*strangers("bristol", PEOPLE), *strangers("icb", PEOPLE, 20_000)]
    others += [record("bristol", 1, *ANN), record("icb", 1, *ANN), record("bristol", 2, "Zoe", *BOB[1:])]
    rows = pl.concat([hashed_empty(token_rows(police), POSTCODE), token_rows(others)])
    return find(tmp_path_factory.mktemp("postcodes"), rows)


def test_a_hashed_empty_postcode_links_nobody(without_postcodes: Found) -> None:
    """Six hundred people share one postcode token: it makes no two of them one person."""
    strangers_linked = [p for p in without_postcodes.persons if len(p) > 1 and "police" in "".join(p)]
    assert strangers_linked == [["bristol 1", "icb 1", "police 1"]]


def test_a_hashed_empty_postcode_blocks_nobody(without_postcodes: Found) -> None:
    """Who has rare names and a birthday is found without a postcode; the other suppliers link as ever."""
    assert without_postcodes.link("police 1").passed == "name and birthday"
    assert without_postcodes.link("bristol 1").passed == "postcode"


def test_a_hashed_empty_birthday_at_both(tmp_path: Path) -> None:
    """Two suppliers with the same mistake: one birthday for everybody is no birthday that two people share.

    The names of 300 people are equal at both, their homes are not: names alone do not link. With an equal
    postcode they do, as with a birthday that is missing.
    """
    here = [
        {**row, "postcode": "BS1 1AA" if n < 1 else "BS9 9ZZ"}
        for n, row in enumerate(strangers("bristol", 300))
    ]
    there = [{**row, "supplier": "icb", "postcode": "GL1 2ZZ"} for row in here]
    there[0]["postcode"] = "BS1 1AA"
    rows = token_rows([*here, *there]).with_columns(
        pl.lit(5, pl.Int64).alias("tok_dob"),
        *(pl.lit(6 + place, pl.Int64).alias(c) for place, c in enumerate(BIRTHDAY[1:])),
        pl.lit(None, pl.Date).alias("birth_month"),
    )
    found = find(tmp_path, rows)
    together = [n for n in range(10_000, 10_300) if found.together(f"bristol {n}", f"icb {n}")]
    assert together == [10_000]


def test_another_linkage_key(tmp_path: Path) -> None:
    """Tokens of another key are equal to nobody's: nothing links, not even broadly.

    Such a delivery is refused before it comes here, by its test vectors (see `test_what_the_gate_refuses`).
    """
    people = strangers("bristol", 50, 1)
    other = token_rows([{**row, "supplier": "icb"} for row in people], OTHER_KEY)
    found = find(tmp_path, pl.concat([token_rows(people), other]))
    assert len(found.persons) == len(found.broad) == 100
    assert found.refused == []


def test_a_hostel(tmp_path: Path) -> None:
    """People without a fixed home give one hostel's postcode: the more give it, the less it says.

    Sixty guests are known to the council, sixty others to the police; some share a forename, some a birthday.
    Nobody is linked but the one who is known to both.
    """

    def guest(supplier: str, n: int, other: dict[str, str]) -> Record:
        forename = ("Ann", "Bob", "Cat", "Dan", "Eve", "Fay")[n % 6]
        return record(supplier, n, forename, other["surname"], f"19{60 + n % 30}-0{1 + n % 9}-11", "BS1 1AA")

    council = [guest("bristol", n, row) for n, row in enumerate(strangers("x", 60))]  # type: ignore[arg-type]
    police = [guest("police", n, row) for n, row in enumerate(strangers("x", 60, 20_000))]  # type: ignore[arg-type]
    known = [record("bristol", 99, *ANN), record("police", 99, "Ann", "Lee", "2001-06-05", "BS1 1AA")]
    found = find(tmp_path, [*council, *police, *known])
    assert [person for person in found.persons if len(person) > 1] == [["bristol 99", "police 99"]]
