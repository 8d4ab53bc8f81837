"""What becomes of a plain table.

Where no national return exists a supplier sends a CSV with the column names of a contract, and beside them
whatever identifies the people in it.
"""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.linkage import tokens
from tests.desk import LINKAGE_KEY, Desk

CRIMES = """crime_id,recorded_date,ho_offence_code,domestic_abuse_flag,no_crime_flag,postcode
52/001,01/02/2024,8N,Y,N,BS1 4ST
52/002,2024-02-03,8N,false,0,
"""
PERSONS = """crime_id,record_key,role,age_at_offence,sex,forename,surname,dob
52/001,77,victim,34.0,F,Ann,Lee,01/03/1990
52/001,78,suspect,41,M,,,
"""
INCIDENTS = """incident_id,record_key,role,incident_date,incident_type,linked_crime_id
9,77,victim,2024-02-01,domestic_abuse,52/001
"""


def test_an_id_is_the_same_under_its_new_name_in_every_table(desk: Desk) -> None:
    """A crime keeps one id in crimes, in the people of a crime and in the incident it came from, and a
    person one record_key. Without the supplier's secret nobody can compute either."""
    sent = {}
    for table, text in (
        ("police_crimes", CRIMES),
        ("police_crime_persons", PERSONS),
        ("police_incidents", INCIDENTS),
    ):
        report = desk.encode(desk.file(f"{table}.csv", text), table, "avon_somerset_police")
        sent[table] = desk.delivered(report, table)
    crime = sent["police_crimes"]["crime_id"][0]
    assert sent["police_crime_persons"]["crime_id"].to_list() == [crime, crime]
    assert sent["police_incidents"]["linked_crime_id"].to_list() == [crime]
    assert sent["police_incidents"]["record_key"][0] == sent["police_crime_persons"]["record_key"][0]
    assert sent["police_incidents"]["incident_id"][0] != sent["police_incidents"]["record_key"][0]
    assert all(len(value) == 32 for value in sent["police_crimes"]["crime_id"])


RELATIONSHIPS = """record_key,related_record_key,kind,basis,valid_from,valid_to
77,P9,mother,maternity_record,05/03/2021,
77,p9 ,carer,social_work_record,2022-01-01,2022-06-30
"""


def test_both_people_of_a_relationship_are_re_keyed_alike(desk: Desk) -> None:
    """The id of the related person becomes what it becomes as a record_key elsewhere."""
    report = desk.encode(desk.file("relationships.csv", RELATIONSHIPS), "relationships")
    sent = desk.delivered(report, "relationships")
    people = "record_key,forename,surname,dob\n77,Ann,Lee,2021-03-05\nP9,Eve,Lee,1990-01-01\n"
    report = desk.encode(desk.file("people.csv", people), "link_tokens")
    known = set(desk.delivered(report, "link_tokens")["record_key"])
    assert set(sent["record_key"]) | set(sent["related_record_key"]) == known
    assert len(known) == 2


def test_a_relationship_that_a_birth_began_has_no_first_day(desk: Desk) -> None:
    """It would be a full date of birth: the encoder leaves it out, whatever the file says."""
    report = desk.encode(desk.file("relationships.csv", RELATIONSHIPS), "relationships")
    sent = desk.delivered(report, "relationships")
    assert sent.select("basis", "valid_from").rows() == [
        ("maternity_record", None),
        ("social_work_record", date(2022, 1, 1)),
    ]


def test_two_suppliers_never_share_a_record_key(desk: Desk) -> None:
    """The same id in two organisations is two people until linkage says otherwise."""
    text = "record_key,forename,surname,dob\n77,Ann,Lee,01/03/1990\n"
    keys = [
        desk.delivered(desk.encode(desk.file("p.csv", text), "link_tokens", supplier), "link_tokens")
        for supplier in ("bristol", "north_somerset")
    ]
    assert keys[0]["record_key"][0] != keys[1]["record_key"][0]
    assert keys[0].drop("record_key").equals(keys[1].drop("record_key"))


def test_every_column_has_the_type_of_the_contract(desk: Desk) -> None:
    """Days in several spellings, flags as Y and false, a number that a spreadsheet made decimal."""
    report = desk.encode(desk.file("crimes.csv", CRIMES), "police_crimes", "avon_somerset_police")
    crimes = desk.delivered(report, "police_crimes")
    assert crimes["recorded_date"].to_list() == [date(2024, 2, 1), date(2024, 2, 3)]
    assert crimes["domestic_abuse_flag"].to_list() == [True, False]
    report = desk.encode(desk.file("persons.csv", PERSONS), "police_crime_persons", "avon_somerset_police")
    assert desk.delivered(report, "police_crime_persons")["age_at_offence"].to_list() == [34, 41]


def test_a_table_with_people_in_it_brings_their_tokens(desk: Desk) -> None:
    """Identifiers beside a table's own columns become rows of link_tokens; a table without any, such as
    crimes, brings none. The tokens of several tables of one delivery are put together, each row once."""
    crimes = desk.encode(desk.file("crimes.csv", CRIMES), "police_crimes", "avon_somerset_police")
    assert set(crimes.tables) == {"police_crimes"}
    persons = desk.encode(desk.file("persons.csv", PERSONS), "police_crime_persons", "avon_somerset_police")
    assert persons.tables["link_tokens"].rows == 2
    known = "record_key,forename,surname,dob,sex\n77,Ann,Lee,1990-03-01,F\n79,Bo,Ray,1991-03-01,M\n"
    report = desk.encode(desk.file("people.csv", known), "link_tokens", "avon_somerset_police")
    assert desk.delivered(report, "link_tokens").height == 3
    manifest = desk.manifest(report)
    assert set(manifest.tables) == {"police_crimes", "police_crime_persons", "link_tokens"}
    sources = [file.name for file in manifest.tables["link_tokens"].source_files]
    assert sources == ["persons.csv", "people.csv"]


def test_tokens_are_those_of_the_linkage_key(desk: Desk) -> None:
    """The date of birth is read as in any other column, then hashed in one spelling; the manifest carries
    the tokens of a person who cannot exist, by which the research side knows the key."""
    text = "record_key,forename,surname,dob,postcode\n77,Ann,Lee,01/03/1990,bs1 4st\n"
    report = desk.encode(desk.file("people.csv", text), "link_tokens")
    person = pl.DataFrame({"forename": "Ann", "surname": "Lee", "dob": "1990-03-01", "postcode": "BS1 4ST"})
    expected = tokens.tokenise(person, LINKAGE_KEY)
    assert desk.delivered(report, "link_tokens").select(expected.columns).equals(expected)
    manifest = desk.manifest(report)
    assert manifest.test_vectors == tokens.test_vectors(LINKAGE_KEY)
    assert manifest.key_version == tokens.key_version(LINKAGE_KEY)


@pytest.mark.parametrize(
    ("sex", "ethnic_group", "expected"),
    [
        ("M", "WBRI", ("male", "White")),
        ("2", "R", ("female", "Asian")),
        ("Female", "M9", ("female", "Mixed")),
        ("9", "IC3", ("unknown", "Black")),
        ("x", "never heard of", ("unknown", "Unknown")),
        ("", "", (None, None)),
    ],
)
def test_sex_and_ethnic_group_are_brought_to_one_scheme(
    desk: Desk, sex: str, ethnic_group: str, expected: tuple[str | None, str | None]
) -> None:
    """Codes of the DfE, the NHS and the police are all understood. Missing stays missing."""
    text = f"record_key,forename,sex,ethnic_group\n1,Ann,{sex},{ethnic_group}\n"
    report = desk.encode(desk.file("people.csv", text), "link_tokens")
    assert desk.delivered(report, "link_tokens").select("sex", "ethnicity5").row(0) == expected


def test_residence_has_areas_and_households(desk: Desk) -> None:
    """A postcode becomes a small area, a property number a household token: the same for those who live
    together. An address alone links nobody, so it makes no row of link_tokens."""
    text = """record_key,postcode,uprn,valid_from,valid_to
1,BS1 4ST,0100023336956,2020-01-01,
2,BS1 4ST,100023336956,2020-01-01,2021-01-01
3,BS1 4ST,,2020-01-01,
"""
    lookup = desk.file("lookup.csv", "Postcode,LSOA21\nBS1 4ST,E01014485\n")
    report = desk.encode(desk.file("r.csv", text), "residence", "bnssg_icb", postcodes=lookup)
    residence = desk.delivered(report, "residence")
    assert residence["lsoa21"].to_list() == ["E01014485"] * 3
    first, second, third = residence["household_token"]
    assert first == second
    assert third is None
    assert "link_tokens" not in report.tables


def test_a_household_token_is_not_the_token_that_links_addresses(desk: Desk) -> None:
    """Payload and tokens cannot be joined by an address."""
    text = "record_key,forename,surname,postcode,uprn,valid_from\n1,Ann,Lee,BS1 4ST,100023336956,2020-01-01\n"
    lookup = desk.file("lookup.csv", "Postcode,LSOA21\nBS1 4ST,E01014485\n")
    report = desk.encode(desk.file("r.csv", text), "residence", "bnssg_icb", postcodes=lookup)
    tokens_sent = desk.delivered(report, "link_tokens")
    assert set(tokens_sent["la_code"]) == {"E06000023"}
    household = desk.delivered(report, "residence")["household_token"].to_list()
    assert not set(household) & set(tokens_sent["tok_uprn"])


def test_a_month_of_birth_comes_from_the_date_of_birth(desk: Desk) -> None:
    """Where a contract wants one and the file has only the other."""
    text = "attendance_id,record_key,arrival_date,attendance_category,dob\n5,1,2024-01-05,1,17/04/2011\n"
    report = desk.encode(desk.file("ecds.csv", text), "ecds_attendances", "bnssg_icb")
    assert desk.delivered(report, "ecds_attendances")["birth_month"].to_list() == [date(2011, 4, 1)]


def test_a_column_that_may_not_be_empty_must_be_there(desk: Desk) -> None:
    """Otherwise every row would be rejected; better said before sending."""
    raw = desk.file("crimes.csv", CRIMES.replace("recorded_date", "reported"))
    with pytest.raises(RawInputRefused, match="no recorded_date"):
        desk.encode(raw, "police_crimes", "avon_somerset_police")


def test_a_table_is_never_replaced_within_a_delivery(desk: Desk) -> None:
    """The same files may be encoded again, which changes nothing. Other files for the same table, or another
    key, would lose what is there: that is refused."""
    raw = desk.file("crimes.csv", CRIMES)
    first = desk.encode(raw, "police_crimes", "avon_somerset_police")
    before = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    desk.encode(raw, "police_crimes", "avon_somerset_police")
    assert {path.name: path.read_bytes() for path in first.folder.iterdir()} == before
    other = desk.file("crimes.csv", CRIMES.replace("52/002", "52/003"))
    with pytest.raises(RawInputRefused, match="table_already_there"):
        desk.encode(other, "police_crimes", "avon_somerset_police")
    key = desk.key("other.key", bytes(range(50, 90)))
    with pytest.raises(RawInputRefused, match="another_key"):
        desk.encode(raw, "police_crimes", "avon_somerset_police", key_file=key)


def test_the_same_input_gives_the_same_bytes(desk: Desk) -> None:
    """File by file, wherever it is written, and whatever order the people stood in."""
    rows = [f"{i},Ann{i},Lee,01/03/{1950 + i % 60}" for i in range(500)]
    header = "record_key,forename,surname,dob"
    raw = [desk.file("people.csv", "\n".join([header, *order])) for order in (rows, rows, rows[::-1])]
    reports = [desk.encode(path, "link_tokens", out=desk.root / f"out{i}") for i, path in enumerate(raw)]
    contents = [(report.folder / "link_tokens.parquet").read_bytes() for report in reports]
    assert contents[0] == contents[1] == contents[2]
    assert (reports[0].folder / "manifest.json").read_text() == (
        reports[1].folder / "manifest.json"
    ).read_text()


@pytest.mark.parametrize(
    "wrong",
    [
        {"table": "crimes"},
        {"supplier": "Avon & Somerset"},
        {"period": "2024-13"},
        {"collection_year": 24},
        {"covers": (date(2024, 2, 1), date(2024, 1, 1))},
    ],
)
def test_an_argument_that_cannot_be_right_is_refused(desk: Desk, wrong: dict[str, object]) -> None:
    """Before anything is read."""
    settings = {"table": "police_crimes", "supplier": "avon_somerset_police", **wrong}
    with pytest.raises(RawInputRefused, match="wrong_argument"):
        desk.encode(desk.file("crimes.csv", CRIMES), **settings)  # type: ignore[arg-type]
    assert not (desk.root / "out").exists()


def test_what_a_file_covers_is_what_the_supplier_says(desk: Desk) -> None:
    """Nothing is claimed for a plain table unless --covers is given; the supplier's way of replacing comes
    from the catalogue, else from the contract."""
    raw = desk.file("crimes.csv", CRIMES)
    report = desk.encode(raw, "police_crimes", "avon_somerset_police", modes={"police_crimes": None})
    plain = desk.manifest(report)
    table = plain.tables["police_crimes"]
    assert (table.covers_from, table.covers_to, table.mode) == (None, None, "append")
    covers = date(2024, 2, 1), date(2024, 2, 29)
    report = desk.encode(
        raw,
        "police_crimes",
        "avon_somerset_police",
        period="2024-06",
        covers=covers,
        modes={"police_crimes": "snapshot", "link_tokens": None},
    )
    table = desk.manifest(report).tables["police_crimes"]
    assert (table.covers_from, table.covers_to, table.mode) == (*covers, "snapshot")
