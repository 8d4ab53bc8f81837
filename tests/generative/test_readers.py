"""Whatever bytes a supplier hands over, a reader gives tables of text or says why not."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome_linkage.delivery.encoding.encode import RETURNS
from outcome_linkage.delivery.formats import RawReturn
from outcome_linkage.delivery.formats.table import read_table
from outcome_linkage.delivery.reading.parts import Part
from outcome_linkage.delivery.reading.read import read_file
from outcome_linkage.delivery.refusal import RawInputRefused
from schemas.catalogue import CONTRACTS
from tests.spec.encoding.test_what_becomes_of_a_return import DOCUMENT, EPISODES, HEADER, census
from tests.spec.encoding.test_what_becomes_of_a_school_census import EXCLUSIONS, PUPILS
from tests.spec.encoding.test_workbooks_and_archives import CARE, CHILDREN, workbook, zipped

ATTENDANCES = "attendance_id,record_key,arrival_date,attendance_category,dob\n5,1,2024-01-05,1,17/04/2011\n"
BOOK = workbook({"Header": CHILDREN, "Episodes": CARE})
FILES: dict[str, list[bytes]] = {
    "ssda903": [
        *(text.encode() for text in (HEADER, EPISODES, DOCUMENT)),
        HEADER.encode("utf-16"),
        BOOK,
        zipped({"header.csv": HEADER}),
        gzip.compress(HEADER.encode()),
    ],
    "cin": [census(2023).encode()],
    "school_census": [PUPILS.encode(), EXCLUSIONS.encode()],
    "ecds_attendances": [ATTENDANCES.encode()],
}
# Where to strike, and what to put there; nothing cuts the file off.
BLOWS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=4)


def damaged(content: bytes, blows: list[tuple[float, bytes, int]]) -> bytes:
    """The bytes after each blow: some of them gone, others in their place."""
    for where, put, gone in blows:
        at = int(where * len(content))
        content = content[:at] + put + content[at + gone :]
    return content


def outcome(table: str, content: bytes) -> RawReturn | str:
    """What a reader makes of a file of 2023, or the code with which it refuses it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "2023_spring.csv")
        path.write_bytes(content)
        try:
            if table in RETURNS:
                return RETURNS[table]([path], 2023, CONTRACTS)
            return read_table([path], CONTRACTS[table], 2023)
        except RawInputRefused as refusal:
            return refusal.code


@pytest.mark.parametrize("table", FILES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(table: str, data: st.DataObject) -> None:
    """Every row is there: as many in the table as its sources count."""
    content = damaged(data.draw(st.sampled_from(FILES[table])), data.draw(BLOWS))
    found = outcome(table, content)
    if isinstance(found, str):
        return
    for raw in found.tables.values():
        assert set(raw.frame.dtypes) <= {pl.String}
        assert raw.frame.height == sum(source.rows for source in raw.sources)
        assert len(raw.layouts) == len(raw.sources)


@pytest.mark.parametrize("table", FILES)
@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(table: str, content: bytes) -> None:
    """Never another error, whose message might quote a value."""
    assert outcome(table, content) is not None


def packed_as_zip(content: bytes) -> bytes:
    return zipped({"a.csv": content})


@settings(deadline=None)
@given(content=st.binary(max_size=200), pack=st.sampled_from([gzip.compress, packed_as_zip]), blows=BLOWS)
def test_a_damaged_archive_is_opened_or_refused(
    content: bytes, pack: Callable[[bytes], bytes], blows: list[tuple[float, bytes, int]]
) -> None:
    """A checksum tells the most of it; an archive that opens is read like any file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(damaged(pack(content), blows))
        try:
            read_file(path, {"a": "a"})
        except RawInputRefused as refusal:
            assert refusal.code


@given(st.text(max_size=300))
def test_a_name_in_an_archive_is_made_harmless(name: str) -> None:
    """Letters, digits, points, hyphens: a manifest takes no other."""
    part = Part(Path("a.zip"), "0" * 64, member=name)
    assert part.name.isascii()
    assert not set(part.name) & set('/\\"\n <>&')
    assert len(part.name) <= 120
    with zipfile.ZipFile(BytesIO(), "w") as archive:
        assert archive.namelist() == []
