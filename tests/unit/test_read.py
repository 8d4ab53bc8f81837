"""Reading a CSV as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.delivery.reading.cells import NO_VALUE
from outcome_linkage.delivery.reading.header import header_name
from outcome_linkage.delivery.reading.parts import parts_of, source_name
from outcome_linkage.delivery.reading.read import RawFile, read_file, read_header
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.files import sha256_of


def read(path: Path, *names: str) -> RawFile:
    return read_file(path, {name: name for name in names})


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "raw.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("raw", "name"),
    [("CHILD", "child"), (" Mc-Dob ", "mcdob"), ("\ufeffA", "a"), ('"x"', "x"), ("Home_Post", "homepost")],
)
def test_header_name(raw: str, name: str) -> None:
    assert header_name(raw) == name


def test_source_name_is_one_that_a_manifest_takes() -> None:
    assert source_name(Path("/tmp/Élan 2024 (final).csv")) == "_lan_2024__final_.csv"
    assert len(source_name(Path("x" * 300 + ".csv"))) == 120


def test_only_known_columns_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    raw = read(write(tmp_path, "b,x,a,\n1,2,3,4\n"), "a", "b", "c")
    assert raw.frame.to_dict(as_series=False) == {"b": ["1"], "a": ["3"]}
    assert (raw.unlisted, raw.blank_headers, raw.blank_rows, raw.encoding) == (1, 1, 0, "utf-8")


def test_the_source_is_the_file_as_it_lies_there(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,2\n,\n3,\n")
    raw = read(path, "a", "b")
    assert (raw.source.name, raw.source.rows, raw.source.sha256) == ("raw.csv", 2, sha256_of(path))
    assert raw.blank_rows == 1


@pytest.mark.parametrize("text", NO_VALUE)
def test_no_value_is_null(tmp_path: Path, text: str) -> None:
    raw = read(write(tmp_path, f"a,b\n {text} ,1\n"), "a", "b")
    assert raw.frame.rows() == [(None, "1")]


@pytest.mark.parametrize("name", ["Null", "Nan", "None-Smith", "NA"])
def test_a_name_is_not_taken_for_no_value(tmp_path: Path, name: str) -> None:
    assert read(write(tmp_path, f"a\n{name}\n"), "a").frame["a"].to_list() == [name]


def test_cells_with_commas_quotes_and_line_breaks(tmp_path: Path) -> None:
    raw = read(write(tmp_path, 'a,b\n"x, y","say ""no""\nplease"\n'), "a", "b")
    assert raw.frame.rows() == [("x, y", 'say "no"\nplease')]


def test_quotes_within_a_cell_do_not_matter(tmp_path: Path) -> None:
    raw = read(write(tmp_path, 'a,b\nThe 5" Club,1\n2,3\n'), "a", "b")
    assert raw.frame.rows() == [('The 5" Club', "1"), ("2", "3")]


def test_a_short_row_ends_in_nulls(tmp_path: Path) -> None:
    assert read(write(tmp_path, "a,b\n1\n"), "a", "b").frame.rows() == [("1", None)]


def test_windows_1252_is_told_from_utf_8(tmp_path: Path) -> None:
    for encoding, name in (("cp1252", "cp1252"), ("utf-8", "utf-8"), ("utf-16", "utf-16")):
        raw = read(write(tmp_path, "a\nZoë\n".encode(encoding)), "a")
        assert (raw.frame["a"].to_list(), raw.encoding) == (["Zoë"], name)


def test_headers_without_rows_are_an_empty_frame(tmp_path: Path) -> None:
    raw = read(write(tmp_path, "a,b\n"), "a", "b")
    assert raw.frame.shape == (0, 2)


def test_blank_rows_before_the_header_are_passed_over(tmp_path: Path) -> None:
    for before in ("\n", ",,\n", " , ,\n\n"):
        raw = read(write(tmp_path, f"{before}a,b,c\n1,2,3\n"), "a", "b")
        assert raw.frame.rows() == [("1", "2")]


def test_read_headers_keeps_the_blank_ones(tmp_path: Path) -> None:
    (part,) = parts_of([write(tmp_path, "\n A ,,b\n1,2,3\n")])
    header = read_header(part, {"a": "a"})
    assert header is not None
    assert (header.row, header.names, header.blank) == (1, ("a", "", "b"), 1)


def test_the_row_of_a_ragged_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(RawInputRefused, match=r"raw\.csv: expected at most 2 cells .* found more in row 3"):
        read(write(tmp_path, "a,b\n1,2\nBristol, City,5\n"), "a")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RawInputRefused, match="unreadable_file"):
        read(tmp_path / "raw.csv", "a")
