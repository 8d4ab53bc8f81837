"""Read a supplier's table as text, repairing only what can mean one thing.

Repaired: encodings and byte-order marks, what parts the cells, titles above the header, its spelling, columns
without a name or given twice, blank rows, the header again, totals and notes below, padding, and the many
spellings of "no value". Anything else is an error. Nothing is typed here (see `convert`), and no error quotes
a cell or an unknown header.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.manifest import SourceFile
from outcome_linkage.delivery.reading import not_rows
from outcome_linkage.delivery.reading.cells import Taken, take
from outcome_linkage.delivery.reading.header import Header, find_header, known_names, letter
from outcome_linkage.delivery.reading.layout import Layout, row_starts
from outcome_linkage.delivery.reading.parts import Part, parts_of, refused
from outcome_linkage.delivery.reading.text_file import text_cells, text_header


@dataclass(frozen=True)
class RawFile:
    """One table, all text, in the columns that were asked for, with what was left out of it.

    `layout` says where rows and columns stand in the file. `unlisted` counts headers that nobody asked for,
    `blank_headers` those without a name, `blank_rows` rows without a single value. `repairs` counts other
    repairs by name. `encoding` is what the bytes turned out to be.
    """

    source: SourceFile
    frame: pl.DataFrame
    layout: Layout
    unlisted: int
    blank_headers: int
    blank_rows: int
    encoding: str
    repairs: Mapping[str, int] = field(default_factory=dict)


def read_header(part: Part, names: Mapping[str, str]) -> Header | None:
    """The header of a table that holds any of the headers of `names`; None without one.

    Raises RawInputRefused for a file without content.
    """
    known = known_names(names)
    if part.cells is None:
        return text_header(part, known)
    found = find_header(part.cells.head(100).rows(), known)
    return found[1] if found else None


def read_rows(part: Part, names: Mapping[str, str]) -> RawFile:
    """The columns of a table whose header is in `names` (header to column), in the file's order, as text.

    Cells are stripped; blanks and `nan`, `None`, `NaT`, `null` are null; rows without any value, the header
    again and notes below the table are left out and counted. A file with headers and no rows gives an empty
    frame: whether that is a fault is for the caller to say. Raises RawInputRefused for a file without a known
    header, for columns that say different things under one name, a row that does not fit the header, and text
    in no encoding or several.
    """
    known = known_names(names)
    header = read_header(part, names)
    if header is None:
        raise without_header(part, names)
    places = header.places(known)
    taken, encoding = _taken(part, header, [place for at in places.values() for place in at])
    _check_width(part, taken.beyond, header)
    notes = not_rows.notes_below(taken.asked.height, taken.last)
    again = not_rows.headers_again(taken.asked, header)
    columns = pl.DataFrame([_merged(part, taken.asked, name, at) for name, at in places.items()])
    blank = not_rows.blank(columns) & ~again & ~notes
    kept = ~(blank | again | notes)
    frame = columns if kept.all() else columns.filter(kept)
    repairs = {"repeated_header_row": int(again.sum()), "note_below_table": int(notes.sum())}
    return RawFile(
        source=SourceFile(name=part.name, sha256=part.sha256, rows=frame.height),
        frame=frame,
        layout=_layout(header, known, kept),
        unlisted=len(header.unknown(known)),
        blank_headers=header.blank,
        blank_rows=int(blank.sum()),
        encoding=encoding,
        repairs={name: n for name, n in repairs.items() if n},
    )


def read_file(path: Path, names: Mapping[str, str]) -> RawFile:
    """The one table of a file, as `read_rows` has it; raises RawInputRefused when the file holds several."""
    parts = parts_of([path])
    fitting = [part for part in parts if len(parts) == 1 or read_header(part, names)]
    if len(fitting) > 1:
        found = f"{len(fitting)} sheets or files that fit"
        raise refused(parts[0].name, "several_tables", "one table", found, "Keep the one that is meant.")
    return read_rows((fitting or parts)[0], names)


def without_header(part: Part, names: Mapping[str, str]) -> Exception:
    """The refusal of a table in which none of the headers stands."""
    return refused(
        part.name,
        "no_header",
        f"a header with names such as {', '.join(sorted(names)[:5])}",
        "no row with any of them",
        "Put the header in the first row, and check that --table is the right one.",
    )


def _taken(part: Part, header: Header, places: Sequence[int]) -> tuple[Taken, str]:
    """What is needed of a table, and the encoding of its file."""
    if part.cells is None:
        return text_cells(part, header, lambda cells: take(cells, header, places))
    return take(part.cells.slice(header.row + 1).lazy(), header, places), ""


def _check_width(part: Part, beyond: pl.Series, header: Header) -> None:
    """Cells beyond the last header must be empty: else something parted a cell, and all behind it moved."""
    if not beyond.any():
        return
    raise refused(
        part.name,
        "ragged_row",
        f"at most {header.width} cells in each row, as in the header",
        f"more in row {int(beyond.arg_max() or 0) + header.row + 2}",
        "Put quotation marks around cells that contain what parts the columns.",
    )


def _merged(part: Part, cells: pl.DataFrame, name: str, places: Sequence[int]) -> pl.Series:
    """One column from all that bear its name: where one is empty the next counts."""
    first, *others = (cells[f"c{place}"] for place in places)
    for other in others:
        differ = int((first != other).fill_null(False).sum())
        if differ:
            where = " and ".join(letter(place) for place in places)
            raise refused(
                part.name,
                "repeated_header",
                f"one column for {name}",
                f"several (columns {where}), which differ in {differ} rows",
                "Keep the column that is meant and remove or rename the others.",
            )
        first = first.zip_with(first.is_not_null(), other)
    return first.rename(name)


def _layout(header: Header, known: Mapping[str, str], kept: pl.Series) -> Layout:
    return Layout(
        header_row=header.row + 1,
        columns={name: letter(at[0]) for name, at in header.places(known).items()},
        row_starts=row_starts(kept, header.row + 2),
        unknown={letter(place): written for place, written in header.unknown(known).items()},
    )
