"""Sets that occur together as a picture: a bar for each combination, dots for what is in it.

Lex A, Gehlenborg N, Strobelt H, Vuillemot R, Pfister H. UpSet: visualization of intersecting sets. IEEE
Transactions on Visualization and Computer Graphics 2014;20:1983-92.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from markupsafe import escape

from outcome_linkage.evaluation.report.pictures import BLUE, FONT

MOST = 20
_LEFT, _STEP, _BARS, _ROW = 330, 34, 120, 22
Combination = tuple[Sequence[str], int | None]
"""What is in it, and the released count; None where that is hidden."""


def upset(sets: Sequence[Combination], title: Callable[[str], str]) -> str:
    """Combinations and how many have each, in their order; those of few people are left out."""
    shown = [(names, n) for names, n in sets if n][:MOST]
    if not shown:
        return ""
    names = sorted({name for within, _ in shown for name in within})
    height = _BARS + 30 + _ROW * len(names)
    width = _LEFT + _STEP * len(shown) + 20
    most = max(n for _, n in shown)
    parts = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{FONT}" '
        'font-size="12">'
    ]
    parts += _labels(names, title, width)
    for number, (within, n) in enumerate(shown):
        parts += _combination(_LEFT + _STEP * number + 10, within, n, most, names)
    return "".join([*parts, "</svg>"])


def _labels(names: Sequence[str], title: Callable[[str], str], width: int) -> Iterator[str]:
    for row, name in enumerate(names):
        y = _BARS + 20 + _ROW * row
        if row % 2 == 0:
            yield f'<rect x="0" y="{y}" width="{width}" height="{_ROW}" fill="#f3f4f7"/>'
        yield f'<text x="{_LEFT - 14}" y="{y + 15}" text-anchor="end">{escape(title(name))}</text>'


def _combination(x: float, within: Sequence[str], n: int, most: int, names: Sequence[str]) -> Iterator[str]:
    tall = (_BARS - 18) * n / most
    yield f'<rect x="{x - 9}" y="{_BARS - tall:.1f}" width="18" height="{tall:.1f}" fill="{BLUE}"/>'
    yield f'<text x="{x}" y="{_BARS - tall - 4:.1f}" text-anchor="middle" font-size="11">{n:,}</text>'
    rows = [row for row, name in enumerate(names) if name in within]
    for row in range(len(names)):
        y = _BARS + 31 + _ROW * row
        yield f'<circle cx="{x}" cy="{y}" r="5" fill="{BLUE if row in rows else "#d9dde2"}"/>'
    if len(rows) > 1:
        top, bottom = _BARS + 31 + _ROW * rows[0], _BARS + 31 + _ROW * rows[-1]
        yield f'<path d="M{x} {top}V{bottom}" stroke="{BLUE}" stroke-width="2.5"/>'
