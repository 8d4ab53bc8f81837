"""Faults that are repaired.

Councils' files carry the marks of the programs they went through. Where a fault can mean only one thing it
is repaired in silence; where it can mean two, the file is refused or the value marked.
"""

from __future__ import annotations

import codecs
from datetime import date

import polars as pl
import pytest

from outcome_linkage.delivery.encoding.convert import convert
from outcome_linkage.delivery.refusal import RawInputRefused
from schemas.catalogue import CONTRACTS
from tests.desk import Desk

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n0012,1,11/07/2015,WBRI,,0,\n"
SENT = ("1", date(2015, 7, 1), "WBRI", False, None)


def sent(desk: Desk, content: str | bytes, name: str = "header_2024.csv") -> tuple[object, ...]:
    """The one child of a header file, without the key."""
    report = desk.encode(desk.file(name, content), "ssda903")
    row: tuple[object, ...] = desk.delivered(report, "ssda903_header").drop("record_key").row(0)
    return row


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + HEADER.encode(),
        HEADER.encode("utf-16"),
        HEADER.encode("utf-16-le"),
        HEADER.encode("utf-16-be"),
        HEADER.replace("\n", "\r\n").encode(),
        HEADER.replace("\n", "\r").encode(),
        HEADER.rstrip("\n").encode(),
    ],
    ids=[
        "byte-order mark",
        "utf-16",
        "little end first",
        "big end first",
        "windows",
        "old mac",
        "no last line",
    ],
)
def test_any_encoding_and_line_ending(desk: Desk, content: bytes) -> None:
    """As the bytes themselves say."""
    assert sent(desk, content) == SENT


@pytest.mark.parametrize(
    "text",
    [
        HEADER.lower().replace("wbri", "WBRI"),
        HEADER.replace("CHILD,SEX", " Child , Sex "),
        HEADER.replace("CHILD", "ChildID"),
        HEADER.replace("MC_DOB\n", "MC_DOB,,\n").replace(",0,\n", ",0,,,\n"),
        HEADER.replace("MC_DOB\n", "MC_DOB,None,Unnamed: 8\n").replace(",0,\n", ",0,,x,7\n"),
        HEADER.replace(",0,\n", ",0,,,,\n"),
        HEADER.replace("0012", "\n  ,,,,,,\n 0012 "),
        HEADER + ",,,,,,\n\n\n",
        HEADER.replace(",", ";"),
        HEADER.replace(",", "\t"),
        HEADER.replace(",", "|"),
        "sep=;\n" + HEADER.replace(",", ";"),
        HEADER.replace("MC_DOB", '"Mc\nDob"').replace("CHILD", "Child_"),
        "Looked-after children,,,,,,\nMade by,A. Clerk,,,,,\n\n" + HEADER,
        HEADER.replace("UPN", "Sex"),
        HEADER.replace("UPN", "Sex").replace("WBRI,,", "WBRI,1,"),
        HEADER + "Child,Sex,DOB,Ethnic,UPN,Mother,MC_DOB\n",
        HEADER + "\nTotal,1,,,,,\n(1 row affected)\n",
        HEADER.replace("0012", '"=""0012"""').replace(",1,", ",'1,"),
        HEADER.replace("WBRI", " wbri "),
        HEADER.replace(",0,", ",False,"),
        HEADER.replace(",0,", ",0.0,").replace(",1,", ",1.0,"),
        HEADER.replace(",0,\n", ",0,NaT\n").replace("WBRI,,", "WBRI,nan,"),
    ],
    ids=[
        "lower-case headers",
        "padded headers",
        "the name in the XML",
        "blank headers",
        "headers without a name",
        "extra empty cells",
        "blank rows between",
        "blank rows at the end",
        "semicolons",
        "tabs",
        "vertical bars",
        "a line for the spreadsheet",
        "spelling of headers",
        "titles above",
        "a column given twice, once empty",
        "a column given twice, both alike",
        "the header again",
        "totals and notes below",
        "guarded from a spreadsheet",
        "padded lower-case code",
        "flag in words",
        "codes read as numbers",
        "no value spelt out",
    ],
)
def test_the_marks_of_other_programs(desk: Desk, text: str) -> None:
    """None of these changes what is sent."""
    assert sent(desk, text) == SENT


@pytest.mark.parametrize(
    "written",
    [
        "11/07/2015",
        "2015-07-11",
        "2015-Jul-11 00:00:00",
        "2015-07-11T00:00:00",
        "20150711",
        "11-Jul-2015",
        "072015",
        "11/07/2015 12:00:00 AM",
        "11th July 2015",
        "2015.07.11",
        "20150711.0",
        "42196",
        "42196.5",
    ],
)
def test_a_birth_in_any_spelling(desk: Desk, written: str) -> None:
    """British order, ISO, the school census, a database, a spreadsheet's count; or the month alone."""
    assert sent(desk, HEADER.replace("11/07/2015", written)) == SENT


@pytest.mark.parametrize("written", ["11/07/15", "07/2015/11", "soon", "31/02/2015", "07/25/2015"])
def test_a_birth_that_is_not_certain_is_marked(desk: Desk, written: str) -> None:
    """A year of two digits, a day that never was, one day with its month first among others."""
    assert sent(desk, HEADER.replace("11/07/2015", written))[1] == "#UNREADABLE"


def days(*written: str) -> list[object]:
    """The days of a column."""
    return convert(pl.Series(list(written)), CONTRACTS["ssda903_episodes"].columns["decom"]).values.to_list()


def test_the_rest_of_the_column_tells_which_comes_first(desk: Desk) -> None:
    """Two days that can only have the month first, and none that can only have the day first, say that an
    American program wrote the column. One may be a slip, and is marked."""
    assert days("07/05/2020", "05/25/2020", "06/30/2020") == [
        date(2020, 7, 5),
        date(2020, 5, 25),
        date(2020, 6, 30),
    ]
    assert days("07/05/2020", "05/25/2020", "31/06/2020", "25/05/2020")[:2] == ["2020-05-07", "#UNREADABLE"]


def test_days_counted_by_a_spreadsheet_never_stand_beside_written_ones(desk: Desk) -> None:
    """A spreadsheet set to American dates counts `07/05/2020` as 5 July and leaves `25/05/2020`: a column
    with both has lost which day was meant."""
    assert days("43956", "43976") == [date(2020, 5, 5), date(2020, 5, 25)]
    assert days("44017", "25/05/2020") == ["#UNREADABLE", "2020-05-25"]


def test_ids_keep_their_noughts_and_lose_their_padding(desk: Desk) -> None:
    """`0012` and ` 0012 ` are one child; `12` is another. Lower case is upper case."""
    header = HEADER + " 0012 ,1,,WBRI,,,\n12,1,,WBRI,,,\na7,1,,WBRI,,,\nA7,1,,WBRI,,,\n"
    report = desk.encode(desk.file("header_2024.csv", header), "ssda903")
    keys = desk.delivered(report, "ssda903_header")["record_key"].to_list()
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] == keys[4]


def test_ids_that_a_program_read_as_numbers(desk: Desk) -> None:
    """Where every id of a column ends in .0, the ending is not part of the id."""
    header = "CHILD,SEX,DOB,ETHNIC\n689661.0,1,11/07/2015,WBRI\n249901.0,1,11/07/2015,WBRI\n"
    episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE\n689661,02/12/2022,S,C2,N5,U5\n"
    files = [desk.file("h_2024.csv", header), desk.file("e_2024.csv", episodes)]
    report = desk.encode(files, "ssda903")
    children = desk.delivered(report, "ssda903_header")["record_key"]
    assert desk.delivered(report, "ssda903_episodes")["record_key"][0] == children[0]


@pytest.mark.parametrize(
    ("table", "column", "written", "meant"),
    [
        ("mhsds_referrals", "primary_reason", "1", "01"),
        ("school_exclusions", "category", "susp", "SUSP"),
        ("school_exclusions", "sessions", "1,000", 1000.0),
        ("apc_episodes", "diag_01", "f32.1", "F321"),
        ("ecds_attendances", "arrival_time", "9:05", "09:05"),
        ("ecds_attendances", "arrival_time", "2024-01-05 09:05:00", "09:05:00"),
        ("ecds_attendances", "arrival_time", "09:05:00.0000000", "09:05:00"),
        ("ecds_attendances", "diagnoses", "248062006, 72431002", "248062006,72431002"),
    ],
)
def test_a_value_that_can_mean_only_one_thing(table: str, column: str, written: str, meant: object) -> None:
    """A nought lost, case, thousands commas, the point of an ICD-10 code, blanks in a list."""
    converted = convert(pl.Series([written]), CONTRACTS[table].columns[column])
    assert converted.values.to_list() == [meant]
    assert converted.unreadable == 0


@pytest.mark.parametrize(
    ("year", "written", "sent"),
    [
        (2024, ("1", "M", "female", "U"), ["1", "1", "2", "U"]),
        (2025, ("1", "M", "2.0", "0"), ["M", "M", "F", "U"]),
    ],
)
def test_codes_of_sex_of_the_year_before_and_after(
    desk: Desk, year: int, written: tuple[str, ...], sent: list[str]
) -> None:
    """In the year of the change a file holds both. What has no code that year stays, to be rejected."""
    rows = "".join(f"{i},{sex},11/07/2015,WBRI,,,\n" for i, sex in enumerate(written))
    report = desk.encode(desk.file(f"{year}.csv", HEADER.splitlines()[0] + "\n" + rows), "ssda903")
    assert desk.delivered(report, "ssda903_header")["sex"].to_list() == sent
    assert report.tables["ssda903_header"].repairs["sex_of_another_year"] >= 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty_file"),
        ("\n\n", "empty_file"),
        ("0012,1,11/07/2015,WBRI,,0,\n", "unknown_module"),
        (HEADER.replace("UPN", "sex").replace("WBRI,,", "WBRI,2,"), "repeated_header"),
        (HEADER.replace(",0,\n", ",0,,x\n"), "ragged_row"),
        (HEADER.replace("WBRI", '"WBRI'), "broken_quotes"),
        (HEADER.encode() + "é".encode() + "é".encode("cp1252") + b",1,,WBRI,,,\n", "unknown_encoding"),
        (HEADER.splitlines()[0] + "\n", "no_rows"),
        ("CHILD,POSTBOX\n1,2\n", "unknown_module"),
    ],
)
def test_what_is_not_certain_is_refused(desk: Desk, content: str | bytes, code: str) -> None:
    """Each with its own code, so that the supplier knows what to do."""
    with pytest.raises(RawInputRefused) as refusal:
        sent(desk, content)
    assert refusal.value.code == code
    assert "header_2024.csv" in refusal.value.where
    assert all((refusal.value.expected, refusal.value.found, refusal.value.todo))


def test_a_header_that_is_missing_is_named(desk: Desk) -> None:
    """With the module that the file is nearest to, so that a misspelt header is found at once."""
    with pytest.raises(RawInputRefused, match="nearest is header, of which ETHNIC is missing"):
        sent(desk, HEADER.replace("ETHNIC", "ETHNICITYY"))


def test_what_was_left_out_is_counted(desk: Desk) -> None:
    """Headers that no contract lists, headers without a name, rows without a value."""
    text = HEADER.replace("MC_DOB\n", "MC_DOB,TEST_COLUMN,,\n").replace(",0,\n", ",0,,x,,\n") + ",,,,,,,,\n"
    report = desk.encode(desk.file("header_2024.csv", text), "ssda903")
    table = report.tables["ssda903_header"]
    assert (table.rows, table.unlisted_headers, table.blank_headers, table.blank_rows) == (1, 1, 2, 1)
