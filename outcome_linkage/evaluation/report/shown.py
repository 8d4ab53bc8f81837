"""Figures as a report may show them: counts and shares by the disclosure rules, others to 3 figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, isfinite, log10

from outcome_linkage.linkage_quality.figures import Figure
from outcome_linkage.linkage_quality.released import Shown, release
from outcome_linkage.release.profiles import Profile

NOT_SHOWN = "not shown"
"""A figure of few people, or one that would give a count of few away."""
MINUS = "\N{MINUS SIGN}"
_NOISE = 1e-9
"""What is left of a sum of numbers that make nought."""


def shares(pairs: Iterable[tuple[int | None, int | None]], profile: Profile) -> list[Shown]:
    """`n` of `of` for each pair, both whole numbers, as may be shown; nothing counts as 0."""
    return release([Figure("share", "", "", "", int(n or 0), int(of or 0)) for n, of in pairs], profile)


def parts_of(numbers: Sequence[int], profile: Profile) -> list[Shown]:
    """The parts of a whole as may be shown: shares of the released whole, which never pass 100% together.

    The whole is the released sum, or the sum of the released parts where rounding made that more.
    """
    if profile.totals == "shown":
        return _of_shown(counts(numbers, profile))
    found = shares([(n, sum(numbers)) for n in numbers], profile)
    whole = max(sum(one.n or 0 for one in found), *(one.of or 0 for one in found), 0)
    return [
        one if one.n is None or not whole else one._replace(of=whole, share=one.n / whole) for one in found
    ]


def _of_shown(parts: Sequence[Shown]) -> list[Shown]:
    """Released parts of their own sum: what is hidden is in no total."""
    whole = sum(part.n or 0 for part in parts)
    return [
        part._replace(of=whole, share=part.n / whole if part.n is not None else None) if whole else part
        for part in parts
    ]


def counts(numbers: Iterable[int | None], profile: Profile) -> list[Shown]:
    """Counts on their own, as may be shown; nothing counts as 0."""
    return release([Figure("count", "", "", "", int(n or 0)) for n in numbers], profile)


def count(number: int | None, profile: Profile) -> str:
    """One count in words."""
    return counts([number], profile)[0].counts


def percent(shown: Shown, profile: Profile) -> str:
    """Such as `97.5%`; where few of a known number are hidden, from what most to what least would give.

    One figure in the middle of these would look like a difference from a larger group where there is none.
    """
    if not shown.about or not shown.of:
        return shown.percent
    low, high = profile.hide_from / shown.of, profile.hide_to / shown.of
    if shown.is_rest:
        low, high = 1 - high, 1 - low
    return f"about {100 * low:.1f}% to {100 * high:.1f}%"


def share_words(shown: Shown) -> str:
    """Such as `120 (23.5%)`; few of a known number have no share."""
    if not shown.of:
        return shown.counts if shown.of is None else ""
    if shown.n is None:
        return shown.part
    return f"{shown.n:,} ({shown.percent})"


def significant(value: float | None, figures: int = 3, plus: bool = False) -> str:
    """A number to so many figures, such as `1,230` or `0.0457`; with a sign if asked."""
    if value is None or not isfinite(value):
        return ""
    if abs(value) < _NOISE:
        return "0"
    rounded = float(f"{value:.{figures}g}")
    places = figures - 1 - floor(log10(abs(rounded)))
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    return signed(text, value, plus)


def fixed(value: float | None, places: int, plus: bool = False) -> str:
    """A number to so many decimal places."""
    if value is None or not isfinite(value):
        return ""
    text = f"{abs(value):,.{places}f}"
    return signed(text, value if float(text.replace(",", "")) else 0.0, plus)


def signed(text: str, value: float, plus: bool) -> str:
    """With a true minus, or a plus if asked."""
    return f"{MINUS}{text}" if value < 0 else f"+{text}" if plus and value > 0 else text


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
