"""Whatever is written to a CSV comes back, whichever program wrote it; and nothing read makes a crash."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from outcome_linkage.delivery.encoding.convert import UNREADABLE, convert
from outcome_linkage.delivery.encoding.dates import to_dates
from outcome_linkage.delivery.reading.cells import NO_VALUE
from outcome_linkage.delivery.reading.read import read_file
from outcome_linkage.delivery.refusal import RawInputRefused
from schemas.catalogue import CONTRACTS

CELLS = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=12)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8)
COLUMNS = [
    column
    for contract in CONTRACTS.values()
    for column in contract.columns.values()
    if column.kind in ("code", "pattern", "date", "month", "number", "flag")
]


def meant(cell: str) -> str | None:
    """What a cell says, without what keeps a spreadsheet from reading a number."""
    bare = re.sub(r"^'(?=\d)", "", cell.strip())
    return None if bare in NO_VALUE else bare


def read(content: bytes) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "raw.csv")
        path.write_bytes(content)
        return read_file(path, {name: name for name in "abc"}).frame


@given(
    ROWS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(["\n", "\r\n"]), st.booleans()
)
def test_what_is_written_comes_back(
    rows: list[tuple[str, ...]], encoding: str, line_end: str, quote_all: bool
) -> None:
    """Stripped, with "no value" as null, and without rows that hold nothing."""
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, lineterminator=line_end, quoting=quoting)
    writer.writerows([("A", " b", "C"), *rows])
    expected = [tuple(map(meant, row)) for row in rows]
    assert read(text.getvalue().encode(encoding)).rows() == [row for row in expected if any(row)]


@given(st.binary(max_size=200), st.sampled_from([b"", b"a,b\n", b"\xff\xfea\0,\0b\0\n\0", b'a,"b"\n"']))
def test_any_bytes_are_read_or_refused(content: bytes, beginning: bytes) -> None:
    """Never another error, whose message might quote a value."""
    try:
        frame = read(beginning + content)
    except RawInputRefused as refusal:
        assert refusal.code
        return
    assert all(dtype == pl.String for dtype in frame.dtypes)


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%Y-%b-%d %X", "%Y%m%d"]),
)
def test_a_date_comes_back_from_any_spelling(day: date, spelling: str) -> None:
    assert to_dates(pl.Series([day.strftime(spelling)])).to_list() == [day]


@given(st.sampled_from(COLUMNS), st.lists(st.one_of(st.none(), CELLS), min_size=1, max_size=5))
def test_no_stray_text_gets_through(column: object, texts: list[str | None]) -> None:
    """Each value is one that the contract knows, in its type or its spelling, or the marker."""
    assume(any(texts))
    values = pl.Series("x", [text.strip() or None if text else None for text in texts], dtype=pl.String)
    result = convert(values, column)  # type: ignore[arg-type]
    assert result.values.len() == values.len()
    assert (result.values.is_null() == values.is_null()).all()
    marked = result.values.cast(pl.String).eq(UNREADABLE).sum()
    assert marked == result.unreadable
    if not marked:
        assert result.values.dtype == column.dtype  # type: ignore[attr-defined]
    allowed = column.codes()  # type: ignore[attr-defined]
    if allowed is not None:
        assert set(result.values.drop_nulls()) <= {*allowed, UNREADABLE}
