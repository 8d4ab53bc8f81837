"""Read a supplier's CSV as text, repairing only what can mean one thing.

Repaired: byte-order marks, UTF-16, Windows-1252, padded or upper-case headers, blank headers, blank rows,
extra empty cells, padded cells, the many spellings of "no value". Anything else is an error. Nothing is typed
here (see `convert`), and no error quotes a cell or an unknown header.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.manifest import SourceFile
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.files import sha256_of

# Spelled as programs write them: "Null" and "Nan" are people's names.
NO_VALUE = (
    *("", "<NA>", "N/A", "#N/A", "nat", "NaT", "NAT", "nan", "NaN", "NAN"),
    *("none", "None", "NONE", "null", "NULL"),
)
_BLANK_HEADER = re.compile(r"^(none|nan|null|unnamed: ?\d+(_level_\d+)?)?$")
_UTF8_AS_CP1252 = re.compile("[ÂÃ][\u0080-\u00bf]")
_SAMPLE = 65_536


@dataclass(frozen=True)
class RawFile:
    """One CSV, all text, under normalised headers, with what was left out of it.

    `unlisted` counts headers that nobody asked for, `blank_headers` those without a name, `blank_rows` rows
    without a single value. `encoding` is what the bytes turned out to be.
    """

    source: SourceFile
    frame: pl.DataFrame
    unlisted: int
    blank_headers: int
    blank_rows: int
    encoding: str


def header_name(text: str) -> str:
    """A header as we compare it: lower case, no padding, inner blanks and hyphens as `_`."""
    return re.sub(r"[\s-]+", "_", text.strip().strip("\ufeff\"'").strip().lower())


def source_name(path: Path) -> str:
    """The file's name with only letters, digits, `.`, `_` and `-`; at most 120 characters."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", path.name)[-120:] or "_"


def read_headers(path: Path, known: Collection[str]) -> list[str]:
    """The normalised headers of a CSV, in order, blank ones included.

    Raises RawInputRefused for a file that does not exist, is empty, has another delimiter, or has no header,
    which is to say none of those in `known`.
    """
    headers = [header_name(text) for text in _first_record(path, ",")]
    if not any(header in known for header in headers):
        raise _without_known_header(path, headers, known)
    return headers


def read_csv(path: Path, known: Collection[str]) -> RawFile:
    """The columns of a CSV whose normalised header is in `known`, in the file's order, as text.

    Cells are stripped; blanks and `nan`, `None`, `NaT`, `null` are null; rows without any value are left out
    and counted. A file with headers and no rows gives an empty frame: whether that is a fault is for the
    caller to say. Raises RawInputRefused as `read_headers` does, and for a known header that is repeated, a
    row that does not fit the header, and text in no encoding or several.
    """
    headers = read_headers(path, known)
    _check_repeats(path, headers, known)
    wanted = [index for index, header in enumerate(headers) if header in known]
    frame, encoding = _read_cells(path, wanted, headers)
    rows = frame.with_columns(clean(pl.all())).filter(~pl.all_horizontal(pl.all().is_null()))
    blank = sum(bool(_BLANK_HEADER.match(header)) for header in headers)
    return RawFile(
        source=SourceFile(name=source_name(path), sha256=sha256_of(path), rows=rows.height),
        frame=rows,
        unlisted=len(headers) - len(wanted) - blank,
        blank_headers=blank,
        blank_rows=frame.height - rows.height,
        encoding=encoding,
    )


def clean(text: pl.Expr) -> pl.Expr:
    """Text without padding, null where a program meant "no value"."""
    stripped = text.str.strip_chars()
    return pl.when(~stripped.is_in(NO_VALUE)).then(stripped)


def _first_record(path: Path, delimiter: str) -> list[str]:
    """The cells of the first row that is not blank."""
    reader = csv.reader(io.StringIO(_sample(path), newline=""), delimiter=delimiter)
    record = next((record for record in reader if any(cell.strip() for cell in record)), None)
    if record is None:
        raise RawInputRefused(
            "empty_file",
            expected="a CSV with a header",
            found="no content",
            where=source_name(path),
            todo="Export the file again.",
        )
    return record


def _sample(path: Path) -> str:
    """The beginning of the file as text; a character cut at the end of the sample does not matter."""
    try:
        with path.open("rb") as file:
            head = file.read(_SAMPLE)
    except OSError:
        raise RawInputRefused(
            "unreadable_file",
            expected="a file that can be read",
            found="none",
            where=source_name(path),
            todo="Check the path and the permissions.",
        ) from None
    encoding = _encoding_of(head)
    text = head.decode(encoding, errors="ignore" if encoding != "cp1252" else "replace")
    return text if "\n" in text else text.replace("\r", "\n")


def _encoding_of(head: bytes) -> str:
    """UTF-8 or UTF-16, by byte-order mark or by where the zero bytes lie."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1:2] == b"\0":
        return "utf-16-le"
    if head[0:1] == b"\0":
        return "utf-16-be"
    return "utf-8-sig"


def _check_repeats(path: Path, headers: list[str], known: Collection[str]) -> None:
    counts = Counter(header for header in headers if header in known)
    repeated = sorted(header for header, n in counts.items() if n > 1)
    if repeated:
        raise RawInputRefused(
            "repeated_header",
            expected="each header once",
            found=f"more than once: {', '.join(repeated)}",
            where=f"{source_name(path)}, row 1",
            todo="Keep the column that is meant and remove or rename the others.",
        )


def _without_known_header(path: Path, headers: list[str], known: Collection[str]) -> RawInputRefused:
    for delimiter, name in ((";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")):
        if any(header_name(text) in known for text in _first_record(path, delimiter)):
            return RawInputRefused(
                "wrong_delimiter",
                expected="columns separated by commas",
                found=f"columns separated by a {name}",
                where=source_name(path),
                todo="Export the file again as comma-separated CSV.",
            )
    return RawInputRefused(
        "no_header",
        expected=f"a header with names such as {', '.join(sorted(known)[:5])}",
        found=f"{len(headers)} cells in the first row, none of them a known header",
        where=f"{source_name(path)}, row 1",
        todo="Put the header in the first row, and check that --table is the right one.",
    )


def _read_cells(path: Path, wanted: list[int], names: list[str]) -> tuple[pl.DataFrame, str]:
    """The cells of the wanted columns: as UTF-8 straight from the file, else record by record.

    All columns are parsed, because Polars checks the width of a row only then.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    encoding = _encoding_of(head)
    if encoding == "utf-8-sig" and b"\n" in head:
        try:
            frame = pl.read_csv(path, infer_schema=False)
        except pl.exceptions.PolarsError:
            pass  # not UTF-8, or rows that do not fit: its own message would quote them
        else:
            if all(header_name(frame.columns[index]) == names[index] for index in wanted):
                return pl.DataFrame(
                    [frame.to_series(index).rename(names[index]) for index in wanted]
                ), "utf-8"
    text, encoding = _decode(path, encoding)
    return _read_records(path, text, wanted, names), encoding


def _decode(path: Path, encoding: str) -> tuple[str, str]:
    content = path.read_bytes()
    for candidate in (encoding, "cp1252"):
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if candidate == "cp1252" and _UTF8_AS_CP1252.search(text):
            break
        return text if "\n" in text else text.replace("\r", "\n"), candidate.removesuffix("-sig")
    raise RawInputRefused(
        "unknown_encoding",
        expected="text in UTF-8, UTF-16 or Windows-1252",
        found="bytes that are none of them, or a mixture",
        where=source_name(path),
        todo="Export the file again as UTF-8 CSV.",
    )


def _read_records(path: Path, text: str, wanted: list[int], names: list[str]) -> pl.DataFrame:
    """The slow way, for files that Polars will not take: stray quotation marks, extra blank cells."""
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    cells: list[list[str | None]] = [[] for _ in wanted]
    try:
        next(record for record in reader if any(cell.strip() for cell in record))
        for record in reader:
            if any(cell.strip() for cell in record[len(names) :]):
                raise _ragged_row(path, reader.line_num, len(names), len(record))
            for column, index in zip(cells, wanted, strict=True):
                column.append(record[index] if index < len(record) else None)
    except csv.Error:
        raise _broken_quotes(path, reader.line_num) from None
    return pl.DataFrame([pl.Series(names[i], c, pl.String) for i, c in zip(wanted, cells, strict=True)])


def _ragged_row(path: Path, line: int, expected: int, found: int) -> RawInputRefused:
    return RawInputRefused(
        "ragged_row",
        expected=f"{expected} cells in each row, as in the header",
        found=f"{found} cells",
        where=f"{source_name(path)}, line {line}",
        todo="Put quotation marks around cells that contain a comma.",
    )


def _broken_quotes(path: Path, line: int) -> RawInputRefused:
    return RawInputRefused(
        "broken_quotes",
        expected="every opening quotation mark to be closed",
        found="one that is not",
        where=f"{source_name(path)}, near line {line}",
        todo="Export the file again with quotation marks inside cells doubled.",
    )
