"""What a supplier hands over, piece by piece: a file, a gzipped file, each file of a zip, each sheet of a
workbook. What a piece is, its first bytes say and not its name; what stands in it is for `read`, `formats`.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from outcome_linkage.delivery.reading import workbook
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.files import sha256_of

LARGEST = 8 * 2**30
"""Bytes that a file may unpack to: more is a mistake, or a bomb."""
_GZIP, _ZIP, _OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOK_MEMBERS = ("[Content_Types].xml", "mimetype")
_NO_DATA = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)|/$", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One table, or one XML file, as `name` in messages and in the manifest; `sha256` is of the file on disk.

    `member` is its path inside a zip, `sheet` its sheet inside a workbook and `cells` what stands there, all
    text, a column for each from A on.
    """

    path: Path
    sha256: str
    member: str | None = None
    sheet: str | None = None
    cells: pl.DataFrame | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """Letters, digits, `.`, `_` and `-` only; at most 120 characters."""
        names = filter(None, (self.path.name, self.member, self.sheet))
        return source_name(Path("_".join(names).replace("/", "_")))

    @property
    def title(self) -> str:
        """What the names of file, member and sheet say, without suffixes."""
        named = [self.path.name.removesuffix(".gz"), self.member]
        return "_".join([*(Path(name).stem for name in named if name), *filter(None, [self.sheet])])

    def open(self) -> BinaryIO:
        """The bytes, unpacked. Raises RawInputRefused when the archive is broken or the file not there."""
        stream = self.path.open("rb") if self.member is None else _open_member(self.path, self.member)
        if _first_bytes(stream).startswith(_GZIP):
            return gzip.open(stream, "rb")  # type: ignore[return-value]
        return stream

    def read(self, size: int | None = None) -> bytes:
        """The first `size` bytes, unpacked; all without it. Raises as `open` does, and for too many."""
        with _told(self.name), self.open() as stream:
            content = stream.read(LARGEST + 1 if size is None else size)
        if len(content) > LARGEST:
            raise refused(self.name, "too_large", "at most 8 GB when unpacked", "more", "Split the file.")
        return content

    @property
    def is_xml(self) -> bool:
        """Whether the bytes begin as XML does, in UTF-8 or UTF-16."""
        if self.cells is not None:
            return False
        head = self.read(64).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        return head.startswith(b"<")


def source_name(path: Path) -> str:
    """A file's name with only letters, digits, `.`, `_` and `-`; the last 120 characters of it."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", path.name)[-120:] or "_"


def parts_of(paths: Iterable[Path]) -> list[Part]:
    """Every part of the files, in their order.

    Raises RawInputRefused for a file that is not there or cannot be unpacked, a password, an archive in an
    archive, and an archive or a workbook with nothing in it.
    """
    return [part for path in paths for part in _parts_of(path)]


def names_of(parts: Iterable[Part]) -> str:
    """The names of several parts, for a message."""
    return ", ".join(part.name for part in parts) or "the command line"


def refused(where: str, code: str, expected: str, found: str, todo: str) -> RawInputRefused:
    """A refusal of one part."""
    return RawInputRefused(code, expected=expected, found=found, where=where, todo=todo)


def _parts_of(path: Path) -> list[Part]:
    parts = list(_parts(path))
    if not parts:
        raise refused(
            source_name(path), "empty_file", "a table with a header", "no content", "Export the file again."
        )
    return parts


def _parts(path: Path) -> Iterator[Part]:
    whole = Part(path, _hash_of(path))
    if not whole.read(4).startswith(_ZIP):
        yield from _sheets(whole)
        return
    with _told(whole.name), zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if not _NO_DATA.search(info.filename)]
    if any(info.filename in _WORKBOOK_MEMBERS for info in members):
        yield from _sheets(whole)
        return
    if any(info.flag_bits & 1 for info in members):
        raise refused(whole.name, "password", "a zip without a password", "one with", "Zip it again.")
    for info in members:
        yield from _sheets(Part(path, whole.sha256, member=info.filename))


def _sheets(part: Part) -> Iterator[Part]:
    """The sheets of a workbook that are shown and hold anything; whatever else is one part."""
    head = part.read(4)
    if not head.startswith((_ZIP, _OLD_EXCEL)):
        yield part
        return
    try:
        sheets = workbook.sheets(part.read())
    except workbook.NoWorkbook:
        raise _no_workbook(part, head) from None
    for name, cells in sheets.items():
        yield replace(part, sheet=name, cells=cells)


def _no_workbook(part: Part, head: bytes) -> RawInputRefused:
    if head.startswith(_OLD_EXCEL):
        found = "one with a password, or another kind of Office file"
        return refused(
            part.name, "password", "a workbook that opens without a password", found, "Save a copy."
        )
    todo = "Take the files out, and give those."
    return refused(part.name, "archive_in_archive", "tables or workbooks", "an archive", todo)


def _hash_of(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        todo = "Check the path and the permissions."
        raise refused(source_name(path), "unreadable_file", "a file that can be read", "none", todo) from None


def _open_member(path: Path, member: str) -> BinaryIO:
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(member).file_size > LARGEST:
            raise refused(
                source_name(path), "too_large", "at most 8 GB when unpacked", "more", "Split the file."
            )
        return io.BytesIO(archive.read(member))


def _first_bytes(stream: BinaryIO) -> bytes:
    head = stream.read(4)
    stream.seek(0)
    return head


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turns whatever an unpacker says, which may quote a name, into a refusal."""
    try:
        yield
    except RawInputRefused:
        raise
    except Exception:
        todo = "Copy or pack it again."
        raise refused(name, "broken_archive", "a file that unpacks", "one that does not", todo) from None
