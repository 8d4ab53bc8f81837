"""Two secrets: the linkage key that suppliers share, and a record secret that each keeps for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.delivery.encoding.encode import encode
from outcome_linkage.delivery.refusal import RawInputRefused
from schemas.catalogue import CONTRACTS
from tests.desk import LINKAGE_KEY, RECORD_SECRET, Desk

PEOPLE = "record_key,forename,surname,dob\n1,Ann,Lee,2011-04-17\n"


def _encode(desk: Desk, record_secret: Path) -> None:
    encode(
        [desk.file("people.csv", PEOPLE)],
        "link_tokens",
        "bristol",
        "2026-07",
        desk.root / "out",
        contracts=CONTRACTS,
        key_file=desk.key("linkage.key", LINKAGE_KEY),
        record_secret=record_secret,
    )


def test_the_linkage_key_is_no_record_secret(desk: Desk) -> None:
    """Every supplier holds it, so any of them could work out whose record a record_key is."""
    with pytest.raises(RawInputRefused, match="shared_secret"):
        _encode(desk, desk.key("same.secret", LINKAGE_KEY))


def test_ids_of_two_systems_never_meet(desk: Desk) -> None:
    """Social care's 1 and housing's 1 are two people; who lives at an address is the same in both."""
    raw = desk.file("people.csv", "record_key,uprn,lsoa21,valid_from\n1,100023336956,E01014485,2020-01-01\n")
    keys = {}
    for number, system in enumerate((None, "housing", "housing")):
        report = desk.encode(raw, "residence", id_system=system, out=desk.root / str(number))
        assert desk.manifest(report).tables["residence"].id_system == system
        keys[number] = desk.delivered(report, "residence").select("record_key", "household_token").row(0)
    assert keys[0][0] != keys[1][0] and keys[1] == keys[2] and keys[0][1] == keys[1][1]


@pytest.mark.parametrize("name", ["", "Housing / Civica"])
def test_a_system_has_a_name(desk: Desk, name: str) -> None:
    """It becomes part of the record keys, so it is written in one way."""
    with pytest.raises(RawInputRefused, match="--id-system"):
        desk.encode(desk.file("people.csv", PEOPLE), "link_tokens", id_system=name)


def test_one_delivery_has_one_record_secret(desk: Desk) -> None:
    """With another, the same child would have two record keys; a mistyped path must not do that unnoticed."""
    _encode(desk, desk.key("own.secret", RECORD_SECRET))
    with pytest.raises(RawInputRefused, match="another_record_secret"):
        _encode(desk, desk.key("other.secret", RECORD_SECRET[::-1]))
