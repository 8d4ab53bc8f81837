"""What a report is made of: sections of texts, tables, pictures and cards. No figure here is unreleased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup


@dataclass(frozen=True)
class Grid:
    """A table: the first `words` columns hold words, and the last if it is a `remark`; the others figures.

    A row of one cell is a heading. `folded`: only its title is seen at first.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    note: str = ""
    words: int = 1
    remark: bool = False
    folded: bool = False
    kind: Literal["grid"] = field(default="grid", init=False)


@dataclass(frozen=True)
class Picture:
    """An SVG, what it shows in words, and its figures as a table; `svg` is empty with nothing to draw.

    The table is folded away unless `with_table`.
    """

    title: str
    alt: str
    svg: str
    table: Grid
    note: str = ""
    with_table: bool = False
    kind: Literal["picture"] = field(default="picture", init=False)


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    kind: Literal["words"] = field(default="words", init=False)


@dataclass(frozen=True)
class Marked:
    """A text with headings and tables of its own, in HTML."""

    text: Markup
    kind: Literal["marked"] = field(default="marked", init=False)


@dataclass(frozen=True)
class Card:
    """One figure, large."""

    title: str
    figure: str
    detail: str


@dataclass(frozen=True)
class Cards:
    """Figures side by side."""

    cards: Sequence[Card]
    kind: Literal["cards"] = field(default="cards", init=False)


@dataclass(frozen=True)
class Notice:
    """Something to know before anything else is read; `tone` as in the house's pages."""

    title: str
    text: str
    tone: Literal["", "warned", "closed"] = ""
    kind: Literal["notice"] = field(default="notice", init=False)


Block = Grid | Picture | Words | Marked | Cards | Notice


@dataclass(frozen=True)
class Section:
    """A part of the report."""

    anchor: str
    title: str
    blocks: Sequence[Block]
