"""The design of a study as a picture: every window on one time line, drawn from the specification."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from markupsafe import escape

from outcome_linkage.evaluation.explain import windows
from outcome_linkage.evaluation.report.blocks import Grid, Picture
from outcome_linkage.evaluation.report.pictures import BLUE, FONT, GREY, ORANGE, RED
from outcome_linkage.evaluation.report.shown import MINUS
from outcome_linkage.evaluation.spec.cohort import Landmark
from outcome_linkage.evaluation.spec.evaluation import Evaluation

_LEFT, _RIGHT, _ROW, _TOP = 410, 1010, 24, 34
_EDGE, _LETTER = 1095, 7
_YEAR = 365
_COLOURS = {"outcome": RED, "arm": ORANGE, "follow-up": GREY, "panel": GREY}


class Span(NamedTuple):
    """A window: what is looked at from one day to another, both inclusive."""

    opens: int
    closes: int
    what: str


def design_diagram(study: Evaluation) -> Picture:
    """Every window of a study, the earliest first; without a picture for a study of calendar time."""
    spans = _spans(study)
    rows = [(span.what, _day(span.opens), _day(span.closes)) for span in spans]
    told = "; ".join(f"{what} on days {opens} to {closes}" for what, opens, closes in rows)
    return Picture(
        "Which days are looked at",
        f"Time line from day 0, the index date: {told}.",
        _svg(spans, _marks(study)) if spans else "",
        Grid(("what", "first day", "last day"), rows),
        "Day 0 is each person's index date; both ends are included. The axis is drawn closer the further "
        "a day "
        "is from day 0.",
    )


def _spans(study: Evaluation) -> list[Span]:
    found = {Span(*days, what) for what, days in windows(study)}
    if study.index and study.index.lookback_required_days:
        found.add(Span(-study.index.lookback_required_days, -1, "must be covered, so that first means first"))
    return sorted(found)


def _marks(study: Evaluation) -> list[tuple[int, str]]:
    marks = [(0, "day 0")]
    if isinstance(study.assignment, Landmark):
        marks.append((study.assignment.landmark_days, f"arm decided by day {study.assignment.landmark_days}"))
    return marks


def _svg(spans: list[Span], marks: list[tuple[int, str]]) -> str:
    days = [day for span in spans for day in (span.opens, span.closes)] + [day for day, _ in marks]
    low, high = min(days), max(days)
    height = _TOP + _ROW * len(spans) + 34
    parts = [
        f'<svg viewBox="0 0 1100 {height}" width="1100" height="{height}" font-family="{FONT}" '
        'font-size="12">',
        *_axis(low, high, height - 26),
        *_lines(marks, low, high, height - 26),
    ]
    for number, span in enumerate(spans):
        parts += _bar(span, _TOP + _ROW * number, low, high)
    return "".join([*parts, "</svg>"])


def _bar(span: Span, top: int, low: int, high: int) -> Iterator[str]:
    opens, closes = _x(span.opens - 0.5, low, high), _x(span.closes + 0.5, low, high)
    colour = _COLOURS.get(span.what.split(":")[0].split(",")[0], BLUE)
    words = escape(_short(span.what))
    yield f'<text x="{_LEFT - 12}" y="{top + 15}" text-anchor="end" fill="#1b1f24">{words}</text>'
    yield (
        f'<rect x="{opens:.1f}" y="{top + 4}" width="{max(closes - opens, 2):.1f}" height="15" rx="2" '
        f'fill="{colour}" fill-opacity="0.8"/>'
    )
    if closes - opens > 90:
        inside = 'fill="#fff" font-size="11"'
        yield f'<text x="{opens + 5:.1f}" y="{top + 16}" {inside}>{_day(span.opens)}</text>'
        yield f'<text x="{closes - 5:.1f}" y="{top + 16}" text-anchor="end" {inside}>'
        yield f"{_day(span.closes)}</text>"
    else:
        ends = f"{_day(span.opens)} to {_day(span.closes)}" if span.opens != span.closes else _day(span.opens)
        yield f'<text x="{closes + 5:.1f}" y="{top + 16}" font-size="11" fill="#5b636d">{ends}</text>'


def _axis(low: int, high: int, base: int) -> Iterator[str]:
    yield f'<line x1="{_LEFT}" y1="{base}" x2="{_RIGHT}" y2="{base}" stroke="#d9dde2"/>'
    for day in _ticks(low, high):
        x = _x(day, low, high)
        yield f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{base}" stroke="#eef0f3"/>'
        yield (
            f'<text x="{x:.1f}" y="{base + 16}" text-anchor="middle" font-size="11" fill="#5b636d">'
            f"{_day(day)}</text>"
        )


def _lines(marks: list[tuple[int, str]], low: int, high: int, base: int) -> Iterator[str]:
    for (day, words), dash in zip(marks, ("", "5 3"), strict=False):
        x = _x(day, low, high)
        anchor, nudge = ("end", -4) if day == 0 and len(marks) > 1 else ("start", 4)
        if x + _LETTER * len(words) > _EDGE:
            anchor, nudge = "end", -4
        yield (
            f'<line x1="{x:.1f}" y1="8" x2="{x:.1f}" y2="{base}" stroke="#1b1f24" stroke-dasharray="{dash}"/>'
        )
        yield f'<text x="{x + nudge:.1f}" y="17" text-anchor="{anchor}" font-weight="600">{words}</text>'


def _ticks(low: int, high: int) -> list[int]:
    """Whole years, and 0: those that leave room for their numbers."""
    steps = (1, 2, 3, 5, 10, 15, 25, 50, 100)
    days = sorted({sign * years * _YEAR for years in steps for sign in (-1, 1)} | {0, low, high})
    kept = [day for day in days if low <= day <= high]
    return [b for a, b in pairwise([low, *kept]) if b == low or _x(b, low, high) - _x(a, low, high) > 44]


def _x(day: float, low: int, high: int) -> float:
    start, end = _root(low - 0.5), _root(high + 0.5)
    return _LEFT + (_root(day) - start) / (end - start) * (_RIGHT - _LEFT)


def _root(day: float) -> float:
    return sqrt(day) if day >= 0 else -sqrt(-day)


def _day(day: int) -> str:
    return f"{MINUS}{-day:,}" if day < 0 else f"{day:,}"


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
