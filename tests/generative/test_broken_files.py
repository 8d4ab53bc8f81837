"""Broken files of every table, all the way: a refusal, or a delivery in which no row is lost.

What one reader makes of damage inside a file is in `test_readers`; here files of every contract are cut off,
packed, recoded and filled with zero bytes, encoded, and judged as the research side would.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome_linkage.delivery.checking.check import check_delivery
from outcome_linkage.delivery.encoding.encode import RETURNS, EncodeReport
from outcome_linkage.delivery.formats.table import read_table
from outcome_linkage.delivery.reading.parts import Part
from outcome_linkage.delivery.refusal import RawInputRefused
from schemas.catalogue import CONTRACTS
from tests.desk import Desk
from tests.factories import SUPPLIERS, rows
from tests.generative.test_readers import FILES
from tests.spec.encoding.test_workbooks_and_archives import workbook, zipped

YEAR = 2024
BIRTHDAY = "dob"
Wound = Callable[[bytes], bytes]


def as_csv(table: str) -> bytes:
    """Three rows of a contract, as a supplier's own system would export them."""
    frame = rows(table, 3, YEAR)
    return frame.rename({"birth_month": BIRTHDAY}, strict=False).write_csv().encode()


def as_workbook(content: bytes) -> bytes:
    """The same cells in a spreadsheet, where the text has any."""
    lines = content.decode(errors="replace").splitlines() or [""]
    return workbook({"Sheet1": [line.split(",") for line in lines]})


def recoded(encoding: str) -> Wound:
    """As if a program had written another encoding than it read."""
    return lambda content: content.decode("latin-1").encode(encoding, errors="replace")


def nested_zip(content: bytes) -> bytes:
    return zipped({"inner.zip": zipped({"a.csv": content})})


def with_a_lie(content: bytes) -> bytes:
    """A zip whose directory says that its file is empty."""
    packed = bytearray(zipped({"a.csv": content}))
    size_at = packed.rfind(b"PK\x01\x02") + 24
    packed[size_at : size_at + 4] = b"\0\0\0\0"
    return bytes(packed)


def cut(share: float) -> Wound:
    return lambda content: content[: int(share * len(content))]


def put(share: float, what: bytes) -> Wound:
    """Bytes in the midst of others."""

    def wound(content: bytes) -> bytes:
        at = int(share * len(content))
        return content[:at] + what + content[at:]

    return wound


SHARES = st.floats(0, 1)
PACKED: list[Wound] = [gzip.compress, lambda c: zipped({"a.csv": c}), as_workbook, nested_zip, with_a_lie]
STRAY = st.sampled_from(
    [
        b"\0",
        b"\0" * 64,
        b'"',
        b'""',
        b",",
        b"\r",
        b"\n\n",
        b"\x80",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"<!DOCTYPE x>",
    ]
)
WOUNDS = st.lists(
    st.one_of(
        st.builds(cut, SHARES),
        st.builds(put, SHARES, STRAY | st.binary(max_size=8)),
        st.sampled_from([recoded(name) for name in ("utf-8", "utf-16-le", "utf-16", "utf-32", "cp500")]),
        st.sampled_from(PACKED),
    ),
    max_size=3,
)


def wounded(content: bytes, wounds: list[Wound]) -> bytes:
    for wound in wounds:
        content = wound(content)
    return content


def at_desk(root: Path, table: str, content: bytes) -> EncodeReport | str:
    """What `encode` makes of one file, or the code with which it refuses it."""
    desk = Desk(root)
    try:
        return desk.encode(desk.file("2024_spring.csv", content), table, collection_year=YEAR)
    except RawInputRefused as refusal:
        return refusal.code


@pytest.mark.parametrize("table", CONTRACTS)
@settings(max_examples=settings().max_examples // 4)
@given(wounds=WOUNDS)
def test_a_broken_file_of_any_table_is_read_or_refused(table: str, wounds: list[Wound]) -> None:
    """As many rows as its sources count, or a code; never another error, which might quote a value."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "2024.csv")
        path.write_bytes(wounded(as_csv(table), wounds))
        try:
            found = read_table([path], CONTRACTS[table], YEAR)
        except RawInputRefused as refusal:
            assert refusal.code and wounds
            return
    for raw in found.tables.values():
        assert raw.frame.height == sum(source.rows for source in raw.sources)


@settings(max_examples=settings().max_examples * 2)
@given(table=st.sampled_from([*RETURNS, *CONTRACTS]), wounds=WOUNDS, data=st.data())
def test_no_row_is_lost_on_the_way(table: str, wounds: list[Wound], data: st.DataObject) -> None:
    """Of what `encode` delivers each row is kept or rejected with a reason, or the gate refuses the whole."""
    content = data.draw(st.sampled_from(FILES[table])) if table in RETURNS else as_csv(table)
    with tempfile.TemporaryDirectory() as folder:
        report = at_desk(Path(folder), table, wounded(content, wounds))
        if isinstance(report, str):
            return
        checked = check_delivery(report.folder, CONTRACTS, SUPPLIERS)
    assert checked.gate.refused or checked.tables.keys() == report.tables.keys()
    for name, judged in checked.tables.items():
        assert judged.rows == report.tables[name].rows
        assert judged.kept + judged.rejected["row"].n_unique() == judged.rows
        assert judged.rejected["reason"].null_count() == 0


def bomb(megabytes: int) -> bytes:
    """A zip that unpacks to a thousand times its size."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a,b\n" + bytes(megabytes * 2**20))
    return content.getvalue()


@pytest.mark.parametrize("pack", [lambda c: c, gzip.compress], ids=["zip", "zip in gzip"])
def test_a_file_that_unpacks_to_too_much_is_refused(
    pack: Wound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it says of its own size."""
    monkeypatch.setattr("outcome_linkage.delivery.reading.parts.LARGEST", 2**20)
    small = pack(bomb(2))
    assert len(small) < 2**14
    path = tmp_path / "2024.csv"
    path.write_bytes(small)
    with pytest.raises(RawInputRefused) as refusal:
        read_table([path], CONTRACTS["deaths"], YEAR)
    assert refusal.value.code in {"too_large", "archive_in_archive", "broken_archive"}


@given(st.binary(max_size=64), st.integers(1, 4))
def test_what_is_packed_again_and_again_ends(content: bytes, depth: int) -> None:
    """A file in a file in a file is read, or refused; it is never followed for ever."""
    for _ in range(depth):
        content = gzip.compress(content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv.gz")
        path.write_bytes(content)
        assert isinstance(Part(path, "0" * 64).read(), bytes)
