"""What never leaves the supplier.

No name, date of birth, address, or number of a person is in a delivery, in clear or recognisable, and
neither is the supplier's own id. Keys stay where they are.
"""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.receiving.privacy import inspect
from outcome_linkage.delivery.refusal import RawInputRefused
from schemas.catalogue import CONTRACTS
from tests.desk import LINKAGE_KEY, RECORD_SECRET, Desk
from tests.search import found_below

PERSON = {
    "record_key": "CASE-00417",
    "forename": "Persephone",
    "surname": "Featherstonehaugh",
    "previous_surname": "Cholmondeley",
    "dob": "17/04/2011",
    "sex": "F",
    "ethnic_group": "WBRI",
    "postcode": "BS8 1TH",
    "previous_postcode": "BS3 4QX",
    "address_line_1": "14 Marlborough Buildings",
    "uprn": "100023336956",
    "nhs_number": "9434765919",
    "upn": "H801200001001",
    "pnc_id": "2019/0123456Q",
}
SPELLINGS = ["2011-04-17", "20110417", "17042011", "BS81TH", "BS34QX", "943 476 5919", "CASE00417"]
SHARED = {"sex", "ethnic_group"}
SECRETS = [value for name, value in PERSON.items() if name not in SHARED] + SPELLINGS
RESIDENCE = {**PERSON, "valid_from": "01/02/2020", "valid_to": "", "note": "calls herself Percy"}


def csv_of(row: dict[str, str]) -> str:
    """A CSV with one row."""
    return pl.DataFrame([row]).write_csv()


def leaks(folder: Path) -> dict[str, list[str]]:
    """Secrets in the cells of the files below `folder`, or in their bare bytes."""
    found = found_below(folder, SECRETS)
    for path in folder.rglob("*.*"):
        content = path.read_bytes().lower()
        for value in SECRETS:
            if value.lower().encode() in content:
                found.setdefault(value, []).append(path.name)
    return found


@pytest.mark.parametrize("table", ["link_tokens", "residence", "deaths", "opt_outs"])
def test_no_identifier_is_in_a_delivery(desk: Desk, table: str) -> None:
    """Whatever table the identifiers came with, neither files nor manifest nor report hold one of them. The
    gate of the research side finds nothing either."""
    columns = {
        "death_date": "05/06/2024",
        "scope": "project",
        "kind": "type_1",
        "from_date": "2024-01-01",
        "lsoa21": "E01014485",
    }
    raw = desk.file("people.csv", csv_of({**RESIDENCE, **columns}))
    report = desk.encode(raw, table, "bnssg_icb")
    assert set(report.tables) == {table, "link_tokens"}
    assert leaks(report.folder) == {}
    assert not any(value in repr(report) for value in SECRETS)
    assert inspect(report.folder, CONTRACTS).findings == []


def test_no_identifier_of_a_return_is_in_a_delivery(desk: Desk) -> None:
    """The same holds for the children of a return."""
    header = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nCASE-00417,2,17/04/2011,WBRI,H801200001001,,\n"
    episodes = (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
        "CASE-00417,01/04/2023,S,C2,N1,U1,PR1,,,,BS8 1TH,BS3 4QX,\n"
    )
    files = [desk.file("2024_h.csv", header), desk.file("2024_e.csv", episodes)]
    lookup = desk.file("lookup.csv", "postcode,lsoa21\nBS8 1TH,E01014485\n")
    report = desk.encode(files, "ssda903", postcodes=lookup)
    assert leaks(report.folder) == {}
    assert inspect(report.folder, CONTRACTS).findings == []


def test_text_in_the_wrong_column_does_not_leave(desk: Desk) -> None:
    """A name typed into a code column, or a date of birth into a number, becomes a marker."""
    row = {
        "exclusion_id": "9434765919",
        "record_key": "CASE-00417",
        "start_date": "Featherstonehaugh",
        "category": "Persephone",
        "sessions": "9434765919",
        "reason1": "H801200001001",
        "sen_provision": "17/04/2011",
    }
    raw = desk.file("exclusions_2024.csv", csv_of(row))
    report = desk.encode(raw, "school_exclusions")
    sent = desk.delivered(report, "school_exclusions").drop("exclusion_id", "record_key")
    assert set(sent.row(0)) == {"#UNREADABLE", None}
    assert leaks(report.folder) == {}


def test_columns_that_no_contract_lists_are_counted_and_not_named(desk: Desk) -> None:
    """A free-text column is dropped. Its header may be telling, so it is not repeated."""
    report = desk.encode(desk.file("people.csv", csv_of(RESIDENCE)), "link_tokens", "bnssg_icb")
    assert report.tables["link_tokens"].unlisted_headers == 1
    assert "note" not in repr(report)


def test_no_key_is_in_a_delivery(desk: Desk) -> None:
    """Neither the linkage key nor the supplier's secret, as bytes or as hex digits."""
    report = desk.encode(desk.file("people.csv", csv_of(RESIDENCE)), "link_tokens", "bnssg_icb")
    content = b"".join(path.read_bytes() for path in report.folder.iterdir())
    for secret in (LINKAGE_KEY, RECORD_SECRET):
        assert secret not in content
        assert secret.hex().encode() not in content.lower()


def test_the_way_back_to_an_id_stays_with_the_supplier(desk: Desk) -> None:
    """--keep-map writes record_key and original id for the supplier alone: readable by its owner only, and
    never inside the delivery. A second encode adds to it."""
    key_map = desk.root / "private" / "map.csv"
    key_map.parent.mkdir()
    raw = desk.file("people.csv", csv_of(RESIDENCE))
    report = desk.encode(raw, "link_tokens", "bnssg_icb", keep_map=key_map)
    other = desk.file("more.csv", csv_of({**RESIDENCE, "record_key": " case-00418 "}))
    desk.encode(other, "link_tokens", "bnssg_icb", keep_map=key_map)
    written = pl.read_csv(key_map)
    assert sorted(written["original_id"]) == ["CASE-00417", "CASE-00418"]
    assert set(written["record_key"]) == set(desk.delivered(report, "link_tokens")["record_key"])
    assert stat.S_IMODE(key_map.stat().st_mode) == 0o600
    with pytest.raises(RawInputRefused, match="secret_in_delivery"):
        desk.encode(raw, "link_tokens", "bnssg_icb", keep_map=desk.root / "out" / "map.csv")


def test_an_error_quotes_nothing(desk: Desk) -> None:
    """A file that cannot be used is refused by rule and place; no cell and no unknown header is repeated."""
    broken = csv_of(PERSON).replace("Featherstonehaugh", '"Featherstonehaugh') + "\n"
    no_header = csv_of(PERSON).splitlines()[1] + "\n"
    ragged = csv_of(PERSON).strip() + ",Persephone\n"
    for text in (broken, no_header, ragged):
        with pytest.raises(RawInputRefused) as refusal:
            desk.encode(desk.file("people.csv", text), "link_tokens", "bnssg_icb")
        shown = f"{refusal.value} {refusal.value.__cause__}"
        assert not any(value in shown for value in SECRETS)
        assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
