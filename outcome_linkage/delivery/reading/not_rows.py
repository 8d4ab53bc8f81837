"""What stands among the rows of a table and is none: blank rows, the header again, totals and notes below."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from outcome_linkage.delivery.reading.header import Header, header_name

MOST_NOTES = 10
_CELLS_OF_A_NOTE = 3
_NOTE = re.compile(
    r"^(grand |sub-?)?totals?\b|^end of (file|report|extract|export|data|table)\b"
    r"|^\(?[\d,]+ (rows?|records?|results?)\b|^(rows?|records?)( returned| exported| selected)?\s*[:=]"
    r"|^((report|extract|file|data) )?(produced|generated|printed|exported|extracted|created|run|correct)"
    r" (on|by|at|from|as)\b|^(source|notes?|count):|^page \d",
    re.IGNORECASE,
)


def blank(cells: pl.DataFrame) -> pl.Series:
    """Rows without a single value, in `cells` that are clean."""
    return cells.select(pl.all_horizontal(pl.all().is_null())).to_series()


def headers_again(cells: pl.DataFrame, header: Header) -> pl.Series:
    """Rows in which every column c0, c1, … of `cells` holds its own header: files put under each other."""
    own = [int(name.removeprefix("c")) for name in cells.columns]
    first = cells.to_series(0).str.to_lowercase() == header.written[own[0]].lower()
    same = [
        row
        for row, *texts in cells.select(pl.row_index("row"), pl.all()).filter(first).iter_rows()
        if [header_name(text or "") for text in texts] == [header.names[place] for place in own]
    ]
    return _marked(cells.height, same)


def notes_below(height: int, last: pl.DataFrame) -> pl.Series:
    """Of `height` rows those at the end, as far up as each is blank or holds few cells and begins as totals
    and notes do. `last` has the last MOST_NOTES of them."""
    notes = []
    for above, row in enumerate(reversed(last.rows()), start=1):
        held = [cell for cell in row if cell is not None]
        if held and (len(held) > _CELLS_OF_A_NOTE or not _NOTE.match(held[0])):
            break
        if held:
            notes.append(height - above)
    return _marked(height, notes)


def _marked(height: int, rows: Sequence[int]) -> pl.Series:
    return pl.Series("row", [False], pl.Boolean).new_from_index(0, height).scatter(list(rows), True)
