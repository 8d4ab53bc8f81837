"""Workbooks and archives.

A supplier may hand over what their system writes: a workbook with a sheet for each table, a gzipped file, a
zip with everything in it. What a file is, its content says and not its name.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter

from outcome_linkage.delivery.reading.parts import parts_of
from outcome_linkage.delivery.reading.read import read_file
from outcome_linkage.delivery.refusal import RawInputRefused
from tests.desk import Desk

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n0012,1,11/07/2015,WBRI,,0,\n"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE\n0012,02/12/2022,S,C2,N5,U5\n"
Rows = list[list[object]]


def workbook(sheets: dict[str, Rows], hidden: str = "", first_row: int = 0, first_column: int = 0) -> bytes:
    """An xlsx file. Days and times get a format, as a person at a desk would give them."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    formats = {date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm", time: "hh:mm"}
    styles = {kind: book.add_format({"num_format": text}) for kind, text in formats.items()}
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name == hidden:
            sheet.hide()
        for row, cells in enumerate(rows, start=first_row):
            for column, cell in enumerate(cells, start=first_column):
                sheet.write(row, column, cell, styles.get(type(cell)))
    book.close()
    return content.getvalue()


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


CHILDREN: Rows = [["CHILD", "SEX", "DOB", "ETHNIC"], ["0012", 1, date(2015, 7, 11), "WBRI"]]
CARE: Rows = [["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE"], ["0012", 44897, "S", "C2", "N5", "U5"]]


def test_a_workbook_has_a_sheet_for_each_table(desk: Desk) -> None:
    """Days come as days whether their cells are formatted or not; numbers without a point. Sheets that are no
    table are named and left, hidden ones passed over."""
    sheets = {"Header": CHILDREN, "Episodes": CARE, "Read me": [["Made on a Monday"]], "Old": CARE}
    raw = desk.file("return 2023.xlsx", workbook(sheets, hidden="Old"))
    report = desk.encode(raw, "ssda903")
    assert desk.delivered(report, "ssda903_header")["birth_month"].to_list() == [date(2015, 7, 1)]
    assert desk.delivered(report, "ssda903_header")["sex"].to_list() == ["1"]
    assert desk.delivered(report, "ssda903_episodes")["decom"].to_list() == [date(2022, 12, 2)]
    assert (report.collection_year, report.skipped) == (2023, ("return_2023.xlsx_Read_me",))
    sources = desk.manifest(report).tables["ssda903_episodes"].source_files
    assert [source.name for source in sources] == ["return_2023.xlsx_Episodes"]


def test_where_a_table_stands_on_its_sheet_does_not_matter(desk: Desk) -> None:
    """Rows and letters are those that the spreadsheet shows."""
    raw = desk.file(
        "a.xlsx", workbook({"A": [["Our report"], [], ["a", "x", "b"], [1, 2, 3], [], [4, 5, 6]]}, "", 2, 1)
    )
    found = read_file(raw, {"a": "a", "b": "b"})
    assert found.frame.rows() == [("1", "3"), ("4", "6")]
    assert (found.layout.header_row, dict(found.layout.columns)) == (5, {"a": "B", "b": "D"})
    assert found.layout.row_starts == ((1, 6), (2, 8))


def test_times_of_day_and_long_numbers_come_whole(desk: Desk) -> None:
    """A time without its day, a number of twelve digits without an exponent."""
    raw = desk.file("a.xlsx", workbook({"A": [["a", "b"], [time(9, 5), 123456789012]]}))
    assert read_file(raw, {"a": "a", "b": "b"}).frame.row(0) == ("09:05:00", "123456789012")


@pytest.mark.parametrize("kind", ["gzip", "zip", "gzip in zip", "folders in zip", "workbook in zip"])
def test_whatever_a_file_is_packed_in(desk: Desk, kind: str) -> None:
    """The delivery is the same as of the files themselves."""
    text = {"header_2024.csv": HEADER, "episodes_2024.csv": EPISODES}
    packed = {
        "gzip": [desk.file(f"{name}.gz", gzip.compress(t.encode())) for name, t in text.items()],
        "zip": [desk.file("2024.zip", zipped(dict(text)))],
        "gzip in zip": [
            desk.file("b_2024.zip", zipped({f"{n}.gz": gzip.compress(t.encode()) for n, t in text.items()}))
        ],
        "folders in zip": [
            desk.file(
                "c_2024.zip",
                zipped({**{f"a/{n}": t for n, t in text.items()}, "__MACOSX/._a": "x", "a/": ""}),
            )
        ],
        "workbook in zip": [
            desk.file("d_2024.zip", zipped({"r.xlsx": workbook({"H": CHILDREN, "E": CARE})}))
        ],
    }
    plain = desk.encode([desk.file(name, t) for name, t in text.items()], "ssda903", out=desk.root / "plain")
    report = desk.encode(packed[kind], "ssda903")
    for table in ("ssda903_episodes", "link_tokens"):
        assert desk.delivered(report, table).equals(desk.delivered(plain, table))


def test_a_zip_names_its_member_and_is_known_by_its_own_hash(desk: Desk) -> None:
    """The supplier can find the file, and prove which it was."""
    path = desk.file("return 2024.zip", zipped({"in/header.csv": HEADER}))
    (part,) = parts_of([path])
    assert (part.name, part.title) == ("return_2024.zip_in_header.csv", "return 2024_header")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.zip", zipped({"a.csv": HEADER})[:60], "broken_archive"),
        ("a.csv.gz", gzip.compress(HEADER.encode())[:30], "broken_archive"),
        ("a.zip", zipped({"b.zip": zipped({"a.csv": HEADER})}), "archive_in_archive"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
        ("a.xlsx", workbook({"A": [["a"], [1]], "B": [["a"], [2]]}), "several_tables"),
        ("a.xlsx", workbook({"A": [["Nothing here"]]}), "no_header"),
    ],
    ids=["cut zip", "cut gzip", "zip in a zip", "old workbook", "two tables", "no table"],
)
def test_what_cannot_be_opened_is_refused(desk: Desk, name: str, content: bytes, code: str) -> None:
    """And so is a workbook in which it is not certain which sheet is meant."""
    with pytest.raises(RawInputRefused) as refusal:
        read_file(desk.file(name, content), {"a": "a"})
    assert refusal.value.code == code


def test_a_zip_with_a_password_is_refused(desk: Desk) -> None:
    """Its members are marked as encrypted."""
    content = bytearray(zipped({"a.csv": HEADER}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    with pytest.raises(RawInputRefused, match="password"):
        parts_of([desk.file("a.zip", bytes(content))])
