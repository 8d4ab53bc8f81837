"""Where things stand in a raw file, and what stands there that is no row."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.reading import not_rows
from outcome_linkage.delivery.reading.header import find_header, letter
from outcome_linkage.delivery.reading.layout import row_starts
from outcome_linkage.delivery.reading.read import read_file


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")]
)
def test_letter(column: int, name: str) -> None:
    assert letter(column) == name


def test_rows_start_anew_after_each_that_is_left_out() -> None:
    assert row_starts(pl.Series([True, True, False, True, False, False, True]), 2) == ((1, 2), (3, 5), (4, 8))
    assert row_starts(pl.Series([], dtype=pl.Boolean), 2) == ()


@pytest.mark.parametrize(
    ("records", "row"),
    [
        ([["a", "b"], ["1", "2"]], 0),
        ([["All of a", ""], [], ["a", "b"]], 2),
        ([["a", ""], ["1", "2"]], 0),
        ([["a", "x"], ["a", "b"]], 1),
        ([["Title"], ["a", "x"]], None),
        ([["1", "2"]], None),
    ],
)
def test_the_header_is_the_row_with_most_known_names(records: list[list[str]], row: int | None) -> None:
    found = find_header(records, {"a", "b", "c"})
    assert (found[1].row if found else None) == row


def test_a_layout_numbers_rows_and_columns_as_a_spreadsheet_does(tmp_path: Path) -> None:
    """A line break within a cell does not make a row."""
    path = tmp_path / "raw.csv"
    path.write_text('Title\n\nx,b,"y\nz",a\n,1,,2\n,,,\n,"3\n4",,5\na,b,,a\n,6,,7\nTotal,2\n')
    raw = read_file(path, {"a": "a", "b": "b"})
    assert raw.frame["b"].to_list() == ["1", "3\n4", "6"]
    assert (raw.layout.header_row, dict(raw.layout.columns)) == (3, {"b": "B", "a": "D"})
    assert raw.layout.row_starts == ((1, 4), (2, 6), (3, 8))
    assert dict(raw.layout.unknown) == {"A": "x", "C": "y\nz"}
    assert raw.repairs == {"repeated_header_row": 1, "note_below_table": 1}


@pytest.mark.parametrize(
    ("rows", "notes"),
    [
        ([("1", "x", "y", "z"), ("Total", None, None, "4")], [False, True]),
        ([("Total", None, None, "4"), ("1", "x", "y", "z")], [False, False]),
        ([("1", "x", "y", "z"), ("Grand total", "1", None, None), (None,) * 4, ("Page 2", None, None, None)],
         [False, True, False, True]),
        ([("Totally", None, None, None)], [False]),
        ([("Total", "x", "y", "z")], [False]),
        ([("12 rows selected.", None, None, None)], [True]),
        ([("Produced on 3 May", None, None, None)], [True]),
        ([("Run", None, None, None)], [False]),
    ],
)  # fmt: skip
def test_notes_below(rows: list[tuple[str | None, ...]], notes: list[bool]) -> None:
    cells = pl.DataFrame(rows, schema=dict.fromkeys("abcd", pl.String), orient="row")
    assert not_rows.notes_below(cells.height, cells).to_list() == notes
