"""Which row of a table is its header, and which columns of the contract its cells name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

_BLANK = re.compile(r"^(none|nan|null|unnamed\d+(level\d+)?|column\d+|field\d+)?$")
_MOST_ROWS_ABOVE = 50


@dataclass(frozen=True)
class Header:
    """The header of a table: `row` counts the rows above it, `names` are its cells as `header_name` has them,
    `written` as they stand in the file. `delimiter` parts the cells of a text file.
    """

    row: int
    names: tuple[str, ...]
    written: tuple[str, ...]
    delimiter: str = ","

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.names)

    @property
    def blank(self) -> int:
        """Columns that have no name, or one that a program made up."""
        return sum(bool(_BLANK.match(name)) for name in self.names)

    def places(self, known: Mapping[str, str]) -> dict[str, list[int]]:
        """The places of each column that `known` (header name to column) lists, in the file's order."""
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self.names):
            if name in known:
                places.setdefault(known[name], []).append(place)
        return places

    def unknown(self, known: Mapping[str, str]) -> dict[int, str]:
        """The headers that nobody asked for, by place, as they are written."""
        return {
            place: self.written[place]
            for place, name in enumerate(self.names)
            if name not in known and not _BLANK.match(name)
        }


def header_name(text: str) -> str:
    """A header as we compare it: its letters and digits in lower case, so that `Mc-Dob ` is `MC_DOB`."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def known_names(names: Mapping[str, str]) -> dict[str, str]:
    """`names` (header to column), its headers as `header_name` has them."""
    return {header_name(header): column for header, column in names.items()}


def find_header(
    records: Sequence[Sequence[str | None]], known: Collection[str], delimiter: str = ","
) -> tuple[int, Header] | None:
    """How many known names the best row holds, and that row as a header; None where no row holds one.

    A row below others must hold two, or all that there are: one word may stand in a title. Of equally good
    rows the first is the header.
    """
    best, enough = None, 1
    for row, record in enumerate(records[:_MOST_ROWS_ABOVE]):
        names = tuple(header_name(cell or "") for cell in record)
        score = len({*names} & {*known})
        if score >= enough and score > (best[0] if best else 0):
            best = score, Header(row, names, tuple((cell or "").strip() for cell in record), delimiter)
        if any(names):
            enough = min(2, len(known))
    return best


def letter(column: int) -> str:
    """The name that a spreadsheet gives to a column: 0 is A, 26 is AA."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
