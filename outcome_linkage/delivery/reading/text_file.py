"""A text file as rows of cells: its encoding, what parts the cells, and the cells themselves.

Polars parses a file. Where Polars will not have it, it is read record by record, to say where it breaks.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Collection
from typing import TypeVar

import polars as pl

from outcome_linkage.delivery.reading.header import Header, find_header
from outcome_linkage.delivery.reading.parts import Part, refused

T = TypeVar("T")
DELIMITERS = (",", ";", "\t", "|")
SPARE = 24
"""Columns beyond the last header: programs write empty cells there, and what is not empty is a fault."""
_SAMPLE = 131_072
_UTF8_AS_CP1252 = re.compile("[ÂÃ][\u0080-\u00bf]")


def text_header(part: Part, known: Collection[str]) -> Header | None:
    """The header of a text file with the delimiter under which most known names are found; None without one.

    Raises RawInputRefused for a file without content.
    """
    sample = _sample(part)
    if not sample.strip("\ufeff \t\r\n,;|"):
        raise refused(
            part.name, "empty_file", "a table with a header", "no content", "Export the file again."
        )
    found = [find_header(_records(sample, delimiter), known, delimiter) for delimiter in DELIMITERS]
    return max(filter(None, found), key=lambda match: match[0], default=(0, None))[1]


def text_cells(part: Part, header: Header, take: Callable[[pl.LazyFrame], T]) -> tuple[T, str]:
    """What `take` makes of the records below the header, and the file's encoding.

    It is given the columns c0, c1, … of the header and SPARE more, all text.

    Raises RawInputRefused for text in no encoding or several, and for quotation marks that are never closed.
    """
    content = part.read()
    if _encoding_of(content[:4]) == "utf-8" and b"\n" in content:
        taken = _parsed(content.removeprefix(codecs.BOM_UTF8), header, take)
        if taken is not None:
            return taken, "utf-8"
    content, encoding = _as_utf8(part, content)
    taken = _parsed(content, header, take)
    if taken is None:
        records = _record_by_record(part, content[_end_of_header(content, header) :].decode(), header)
        taken = take(records.lazy())
    return taken, encoding


def _parsed(content: bytes, header: Header, take: Callable[[pl.LazyFrame], T]) -> T | None:
    """The records below the header as Polars reads them; None where it is not UTF-8, or has odd quotation
    marks. What Polars says of that would quote a cell."""
    names = header.delimiter.join(f"c{i}" for i in range(header.width + SPARE))
    below = b"".join((names.encode(), b"\n", memoryview(content)[_end_of_header(content, header) :]))
    try:
        return take(pl.scan_csv(below, separator=header.delimiter, infer_schema=False, encoding="utf8"))
    except pl.exceptions.PolarsError:
        return None


def _sample(part: Part) -> str:
    """The beginning of the file as text; a character cut at its end does not matter."""
    head = part.read(_SAMPLE)
    text = head.decode(_encoding_of(head), errors="replace").lstrip("\ufeff")
    return text if "\n" in text else text.replace("\r", "\n")


def _records(sample: str, delimiter: str) -> list[list[str]]:
    """The first records, as far as they can be read."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            records.append(record)
            if len(records) == 100:
                break
    except csv.Error:
        pass
    return records


def _encoding_of(head: bytes) -> str:
    """UTF-8 or UTF-16, by byte-order mark or by where the zero bytes lie."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1:2] == b"\0":
        return "utf-16-le"
    if head[0:1] == b"\0":
        return "utf-16-be"
    return "utf-8"


def _as_utf8(part: Part, content: bytes) -> tuple[bytes, str]:
    """The file in UTF-8 without byte-order mark, lines ending in a line feed; and what it was in."""
    encoding = _encoding_of(content[:4])
    for candidate in (encoding, "cp1252") if encoding == "utf-8" else (encoding,):
        try:
            text = content.decode(candidate).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if candidate == "cp1252" and _UTF8_AS_CP1252.search(text):
            break
        return (text if "\n" in text else text.replace("\r", "\n")).encode(), candidate
    raise refused(
        part.name,
        "unknown_encoding",
        "text in UTF-8, UTF-16 or Windows-1252",
        "bytes that are none of them, or a mixture",
        "Export the file again as UTF-8 CSV.",
    )


def _end_of_header(content: bytes, header: Header) -> int:
    """Where the records begin: after the lines of the header and of what stands above it."""
    lines = io.StringIO(content[: _SAMPLE * 2].decode(errors="ignore"), newline="")
    reader = csv.reader(lines, delimiter=header.delimiter)
    for _ in range(header.row + 1):
        next(reader)
    lines.seek(0)
    return sum(len(lines.readline().encode()) for _ in range(reader.line_num))


def _record_by_record(part: Part, text: str, header: Header) -> pl.DataFrame:
    """The slow way, which takes stray quotation marks and finds those that are never closed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=header.delimiter, strict=True)
    width = header.width + SPARE
    cells: list[list[str | None]] = [[] for _ in range(width)]
    try:
        for record in reader:
            for place, column in enumerate(cells):
                column.append(record[place] if place < len(record) else None)
            if any(cell.strip() for cell in record[width:]):
                cells[-1][-1] = "beyond the last column"
    except csv.Error:
        raise refused(
            part.name,
            "broken_quotes",
            "every opening quotation mark to be closed",
            f"one that is not, near row {header.row + len(cells[0]) + 2}",
            "Export the file again with quotation marks inside cells doubled.",
        ) from None
    return pl.DataFrame([pl.Series(f"c{i}", column, pl.String) for i, column in enumerate(cells)])
