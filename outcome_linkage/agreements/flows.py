"""The flows of data as one picture (SVG): who sends what, where it lies, who sees it, and where keys go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

_WIDE, _HIGH, _GAP = 190, 54, 22
_INK, _SOFT, _TOKENS, _KEY = "#1b1f24", "#5b636d", "#8a5a00", "#b3261e"


class Box(NamedTuple):
    """A place or a person: its corner, its name, and a line about it."""

    x: int
    y: int
    name: str
    about: str
    colour: str = _INK

    @property
    def right(self) -> tuple[int, int]:
        return self.x + _WIDE, self.y + _HIGH // 2

    @property
    def left(self) -> tuple[int, int]:
        return self.x, self.y + _HIGH // 2

    @property
    def below(self) -> tuple[int, int]:
        return self.x + _WIDE // 2, self.y + _HIGH

    @property
    def above(self) -> tuple[int, int]:
        return self.x + _WIDE // 2, self.y


def draw(suppliers: Sequence[tuple[str, str]]) -> Markup:
    """The picture; `suppliers` are names, each with a line about what is agreed."""
    senders = [Box(0, 90 + i * (_HIGH + _GAP), name, about) for i, (name, about) in enumerate(suppliers)]
    middle = max(90, 90 + (len(senders) - 1) * (_HIGH + _GAP) // 2)
    columns = [250 * n for n in range(1, 6)]
    key_holder = Box(0, 0, "key holder", "makes the linkage key", _KEY)
    gate = Box(columns[0], middle, "landing", "after the privacy gate, as sent")
    tokens = Box(columns[1], middle + 110, "restricted zone", "tokens, registry: the linker alone", _TOKENS)
    validated = Box(columns[1], middle, "validated", "rows that keep their contract")
    warehouse = Box(columns[2], middle, "warehouse", "person ids and events")
    published = Box(columns[3], middle, "published copy", "ids re-keyed, listed columns only")
    researcher = Box(columns[4], middle, "researcher", "read-only, every query is logged")
    arrows = [
        *(_arrow(sender.right, gate.left) for sender in senders),
        *(
            _arrow(_beside(key_holder, i), sender.above, _KEY, dashed=True)
            for i, sender in enumerate(senders[:1])
        ),
        _arrow(gate.right, validated.left),
        _arrow(gate.below, tokens.left, _TOKENS),
        _arrow(validated.right, warehouse.left),
        _arrow(tokens.right, warehouse.below, _TOKENS),
        _arrow(warehouse.right, published.left),
        _arrow(published.right, researcher.left),
    ]
    boxes = [key_holder, *senders, gate, tokens, validated, warehouse, published, researcher]
    high = max(box.y for box in boxes) + _HIGH + 30
    words = [
        _words(
            key_holder.x + _WIDE + 10,
            20,
            "the linkage key goes to suppliers only, and never comes here",
            _KEY,
        ),
        _words(tokens.x, tokens.y + _HIGH + 18, "record keys become person ids", _TOKENS),
    ]
    inside = Markup("").join([*_marker(), *arrows, *map(_box, boxes), *words])
    return Markup(
        '<svg viewBox="-4 -4 {w} {h}" width="{w}" role="img" aria-label="Flows of data" '
        'font-family="Helvetica, Arial, sans-serif" font-size="12">{inside}</svg>'
    ).format(w=columns[-1] + _WIDE + 8, h=high, inside=inside)


def _beside(box: Box, place: int) -> tuple[int, int]:
    x, y = box.below
    return x + place, y


def _box(box: Box) -> Markup:
    return Markup(
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="8" fill="#fff" stroke="{c}"/>'
        '<text x="{tx}" y="{t1}" font-weight="700" fill="{c}">{name}</text>'
        '<text x="{tx}" y="{t2}" font-size="10" fill="{soft}">{about}</text>'
    ).format(
        x=box.x,
        y=box.y,
        w=_WIDE,
        h=_HIGH,
        c=box.colour,
        tx=box.x + 10,
        t1=box.y + 22,
        t2=box.y + 40,
        name=box.name,
        about=box.about,
        soft=_SOFT,
    )


def _arrow(
    start: tuple[int, int], end: tuple[int, int], colour: str = _INK, *, dashed: bool = False
) -> Markup:
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" marker-end="url(#to)"{}/>').format(
        *start, *end, colour, Markup(' stroke-dasharray="5 4"') if dashed else ""
    )


def _words(x: int, y: int, text: str, colour: str) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="11" fill="{}">{}</text>').format(x, y, colour, escape(text))


def _marker() -> Iterator[Markup]:
    yield Markup(
        '<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="{}"/></marker></defs>'
    ).format(_SOFT)
