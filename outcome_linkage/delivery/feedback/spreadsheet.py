"""The pack as a spreadsheet: every cell to mend, to be filtered and ticked off by whoever mends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from outcome_linkage.delivery.feedback.pack import Pack
from outcome_linkage.files import replacing

MOST_CELLS = 50_000
"""Lines of the sheet of cells; more than that is one fault of a system, not so many of people."""
_WIDEST = 70
Row = Sequence[Any]
# fmt: off
_FIX = (
    "fix", "harm", "table", "column", "rows", "of", "rows before", "what is wrong", "what to do", "found",
    "rule",
)
_CELLS = (
    "fix", "file", "row", "column letter", "cell", "table", "column", "found", "what is wrong", "what to do",
    "rule", "record_key", "row as delivered",
)
# fmt: on


def write_spreadsheet(pack: Pack, path: Path) -> None:
    """Write the workbook, all of it or nothing. The same pack gives the same bytes."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with replacing(path) as beside, xlsxwriter.Workbook(str(beside), options) as book:
        year, month = map(int, pack.period.split("-")) if "-" in pack.period else (2000, 1)
        book.set_properties({"created": datetime(year, month, 1), "title": f"Feedback, {pack.title}"})
        bold = book.add_format({"bold": True, "bg_color": "#eef1f4", "text_wrap": True})
        for name, header, rows in _sheets(pack):
            _write(book.add_worksheet(name), header, list(rows), bold)


def _sheets(pack: Pack) -> Iterable[tuple[str, Row, Iterable[Row]]]:
    yield "Read first", ("Feedback on your delivery",), _read_first(pack)
    yield "Fix first", _FIX, _fixes(pack)
    own = ("your id",) if pack.own_ids else ()
    yield "Cells", (*_CELLS, *own), _cells(pack)
    yield "People", ("record_key", "to mend", "what", *own), _people(pack)
    yield (
        "Tables",
        ("table", "rows sent", "kept", "lost", "why refused", "sent before", "kept then"),
        (
            (t.table, t.read, t.kept, t.rejected, t.why, *((b.read, b.kept) if b else ()))
            for t, b in ((t, pack.before.get(t.table)) for t in pack.tables)
        ),
    )
    yield (
        "Columns left out",
        ("table", "file", "columns", "column", "header", "meant, perhaps"),
        _headers(pack),
    )
    yield "Good to know", ("nothing to do",), ((line,) for line in pack.information)


def _read_first(pack: Pack) -> Iterable[Row]:
    yield (f"{pack.title}, {pack.period}{', delivery ' + pack.number if pack.number else ', not sent yet'}",)
    yield (pack.sentence,)
    yield ("Sheet “Fix first”: what to mend, the most harmful first.",)
    yield ("Sheet “Cells”: where, as your spreadsheet numbers rows and columns. Filter it by fix.",)
    yield ("Sheet “People”: the same person by person. Sheet “Good to know”: nothing to do.",)
    if pack.cells.height > MOST_CELLS:
        yield (
            f"“Cells” holds the first {MOST_CELLS:,} of {pack.cells.height:,}; `check --rows` writes all.",
        )
    if pack.own_ids:
        yield ("Holds your own ids: for you alone, do not send it on.",)


def _fixes(pack: Pack) -> Iterable[Row]:
    for number, fix in enumerate(pack.fixes, start=1):
        for cause in fix.causes:
            found = ", ".join(f"{code or '?'}: {n}" for code, n in cause.codes.items())
            was = pack.was(fix, cause)
            where = (number, fix.harm, fix.table, cause.column)
            yield (*where, cause.rows, fix.of, was, cause.what, cause.todo, found, cause.problem)


def _cells(pack: Pack) -> Iterable[Row]:
    ids = {person.record_key: person.original_id for person in pack.people} if pack.own_ids else {}
    columns = (
        "number",
        "source",
        "sheet_row",
        "letter",
        "table",
        "column",
        "code",
        "what",
        "todo",
        "problem",
    )
    for row in pack.cells.head(MOST_CELLS).select(*columns, "record_key", "row").iter_rows():
        number, source, sheet_row, letter, *others = row
        cell = f"{letter}{sheet_row}" if letter and sheet_row and "," not in letter else None
        own = (ids.get(row[-2]),) if pack.own_ids else ()
        yield (number, source, sheet_row, letter, cell, *others, *own)


def _people(pack: Pack) -> Iterable[Row]:
    for person in pack.people[:MOST_CELLS]:
        own = (person.original_id,) if pack.own_ids else ()
        yield (person.record_key, person.faults, "\n".join(person.lines[:30]), *own)


def _headers(pack: Pack) -> Iterable[Row]:
    for header in pack.headers:
        yield (header.table, header.source, 1, header.letter, header.header, header.nearest)
    for file in () if pack.headers else pack.left_out:
        yield (file.table, file.source, file.count, None, None, ", ".join(file.nearest))


def _write(sheet: Any, header: Row, rows: Sequence[Row], bold: Any) -> None:
    """The rows under a header that stays in sight, with filters and columns as wide as their words."""
    for column, name in enumerate(header):
        longest = max((len(str(row[column])) for row in rows[:500] if column < len(row)), default=0)
        sheet.set_column(column, column, min(max(longest, len(str(name))) + 2, _WIDEST))
    sheet.freeze_panes(1, 0)
    if len(header) > 1:
        sheet.autofilter(0, 0, len(rows), len(header) - 1)
    sheet.write_row(0, 0, header, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, value)
