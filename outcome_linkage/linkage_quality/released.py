"""Figures as they may be shown: counts of people hidden and rounded, shares computed from what is shown.

Of `n` out of `of` the smaller part is released, n or the rest, and `of`. Rounding n and `of` apart would
turn 1,058 right links of 1,060 into 1,060 of 1,060, and 34 of 34 into 30 of 35. Where the smaller part is 1
to 7 it is hidden: then the share is said to be about what 4 would give, within what 1 and 7 would.

Planted records are invented: how many of a kind were found, in all or between two suppliers, says nothing of
any person and is shown as it is. By characteristic they are hidden like people, for they share those of the
person they were copied from.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from outcome_linkage.linkage_quality.figures import ALL, Figure, wilson
from outcome_linkage.release.disclosure import release_counts
from outcome_linkage.release.profiles import NHS_HES, Profile

PLANTED = ("planted_found", "planted_wrong", "trap_linked")
# Not shares of independent trials: an interval would say too much.
_WITHOUT_INTERVAL = ("token_rows", "overlap", "expected_right", "complete", "records", "links", "residual")
FEW = NHS_HES.few
# Of fewer, what 1 and 7 would give lies too far apart to say anything.
_FEWEST_TO_SAY_ABOUT = 40


class Shown(NamedTuple):
    """A figure after disclosure control. `n`, `of`: None where hidden or where there is none; `few`: how a
    hidden number is written.

    `is_rest`: what is hidden is the rest, so that n is all but few.
    `share`, `low`, `high`: n / of and its 95% Wilson interval, from the shown counts. `about`: n is not
    shown, so the share is not exact and the interval holds for every n that it may be.
    """

    measure: str
    item: str
    by: str
    group: str
    n: int | None
    n_hidden: bool
    of: int | None
    of_hidden: bool
    share: float | None = None
    low: float | None = None
    high: float | None = None
    about: bool = False
    few: str = FEW
    is_rest: bool = False

    @property
    def part(self) -> str:
        """A hidden number: `1 to 7`, or `all but 1 to 7`."""
        return f"{'all but ' if self.is_rest or (self.share or 0) > 0.5 else ''}{self.few}"

    @property
    def percent(self) -> str:
        """Such as `97.5%` or `about 99.6%`; empty when nothing can be said."""
        if self.share is None:
            return ""
        return f"{'about ' if self.about else ''}{100 * self.share:.1f}%"

    @property
    def interval(self) -> str:
        """Such as `96.2% to 98.4%`; empty without one."""
        if self.low is None or self.high is None:
            return ""
        return f"{100 * self.low:.1f}% to {100 * self.high:.1f}%"

    @property
    def counts(self) -> str:
        """Such as `1,055 of 1,080` or `all but 1 to 7 of 1,060`."""
        if self.of is None:
            return self.few if self.n_hidden or self.of_hidden else f"{self.n or 0:,}"
        if self.n is None:
            return f"{self.part} of {self.of:,}"
        return f"{self.n:,} of {self.of:,}"

    @property
    def words(self) -> str:
        """Such as `97.5% (96.2% to 98.4%), 1,055 of 1,080`."""
        between = f" ({self.interval})" if self.interval else ""
        return f"{self.percent}{between}, {self.counts}" if self.percent else self.counts


def release(figures: Iterable[Figure], profile: Profile = NHS_HES) -> list[Shown]:
    """The figures in their order, as a profile lets them be shown."""
    rows = list(figures)
    parts = [f.n if not _is_share(f) else min(f.n, (f.of or 0) - f.n) for f in rows]
    frame = pl.DataFrame(
        {"part": parts, "of": [f.of for f in rows]}, schema={"part": pl.Int64, "of": pl.Int64}
    )
    released = release_counts(release_counts(frame, "part", profile), "of", profile).rows()
    return [_shown(figure, profile, *row) for figure, row in zip(rows, released, strict=True)]


def _is_share(figure: Figure) -> bool:
    """Whether n is a part of `of`; rows of tokens and records are two counts side by side."""
    return figure.of is not None and figure.measure != "token_rows"


def _shown(
    figure: Figure, profile: Profile, part: int | None, part_hidden: bool, of: int | None, of_hidden: bool
) -> Shown:
    if figure.measure in PLANTED and figure.by in (ALL, "supplier_pair"):
        return _with_share(figure, figure.n, figure.of or 0)
    if figure.of is None or of_hidden or not of:
        return Shown(*figure.name, part, part_hidden, of, of_hidden, few=profile.few)
    is_rest = _is_share(figure) and figure.n > figure.of - figure.n
    if part is None:
        return _about(figure, profile, of, is_rest)
    part = min(part, of) if _is_share(figure) else part
    return _with_share(figure, of - part if is_rest else part, of)


def _with_share(figure: Figure, n: int, of: int) -> Shown:
    shown = Shown(*figure.name, n, False, of, False, n / of if of else None)
    if not of or figure.measure in _WITHOUT_INTERVAL:
        return shown
    low, high = wilson(n, of)
    return shown._replace(low=low, high=high)


def _about(figure: Figure, profile: Profile, of: int, is_rest: bool) -> Shown:
    """A figure of which few are hidden, or all but few are shown."""
    shown = Shown(*figure.name, None, True, of, False, few=profile.few, is_rest=is_rest)
    if of < _FEWEST_TO_SAY_ABOUT:
        return shown
    few, many = profile.hide_from, profile.hide_to
    low, high = (of - many, of - few) if is_rest else (few, many)
    shown = shown._replace(share=(low + high) / 2 / of, about=True)
    if figure.measure in _WITHOUT_INTERVAL:
        return shown
    return shown._replace(low=wilson(low, of)[0], high=wilson(high, of)[1])
