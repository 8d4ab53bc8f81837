"""Days that a study counts from day 0 lie within what their source covers, for some day 0."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from outcome_linkage.evaluation.bound_checks.known import Known
from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.cohort import TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.predicates import All, CoveredBy, HasEvent
from outcome_linkage.evaluation.static_checks.somebody import DAYS_A_YEAR, FROM_DAY_0, WHOLE, ages_kept


class Asked(NamedTuple):
    """Days from day 0 that are asked of a source, both inclusive, all of them or any, and what follows."""

    path: KeyPath
    source: str
    opens: int
    closes: int
    whole: bool
    follows: str


def some_day_0_is_covered(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV312: of each source, for some day 0 that the study can have."""
    index, period = study.index, study.study_period
    if index is None or period.end < period.start:
        return
    trials = getattr(study.design, "sequential_trials", None)
    first, last = index.date or period.start, period.end if trials else index.date or period.end
    for asked in _asked(study):
        covers = known.covers.get(asked.source)
        if covers is not None and not _fits(asked, first, last, covers):
            days = f"{first}" if first == last else f"between {first} and {last}"
            yield fault(
                "EV312",
                asked.path,
                source=asked.source,
                covered=f"{covers[0]} to {covers[1]}",
                days=days,
                opens=asked.opens,
                closes=asked.closes,
                follows=asked.follows,
            )


def _fits(asked: Asked, first: date, last: date, covers: tuple[date, date]) -> bool:
    """Whether one of the days from `first` to `last`, as day 0, has what is asked within `covers`."""
    early, late = (asked.opens, asked.closes) if asked.whole else (asked.closes, asked.opens)
    from_day = max(first, covers[0] - timedelta(days=early))
    return from_day <= min(last, covers[1] - timedelta(days=late))


def _asked(study: Evaluation) -> Iterator[Asked]:
    """What criteria, the look-back, arms and outcomes ask; of look-backs what everybody has lived through."""
    lived = -DAYS_A_YEAR * ages_kept(study)[0]
    index = study.index
    if index and index.event and index.lookback_required_days <= -lived:
        path: KeyPath = ("index", "lookback_required_days")
        days = -index.lookback_required_days
        if days:
            yield Asked(path, index.event.source, days, -1, True, "nobody would be left")
    for n, criterion in enumerate(study.eligibility):
        for place, one in _parts(criterion.keep, ("eligibility", n, "keep")):
            follows = f"nobody would pass criterion `{criterion.id}`"
            if isinstance(one, CoveredBy) and one.covered_by.window[0] >= lived:
                window, where = one.covered_by.window, (*place, "covered_by", "window")
                yield Asked(where, one.covered_by.source, *window, True, follows)
            elif isinstance(one, HasEvent):
                where = (*place, "event", "window")
                yield Asked(where, one.event.source, *one.event.window, False, follows)
    for n, arm in enumerate(study.arms):
        for place, one in _parts(arm.when, ("arms", n, "when")):
            if isinstance(one, HasEvent):
                follows = f"nobody would be in arm `{arm.id}`"
                where = (*place, "event", "window")
                yield Asked(where, one.event.source, *one.event.window, False, follows)
    by_end = study.design.type in FROM_DAY_0 and not isinstance(study.assignment, TimeVarying)
    for n, outcome in enumerate(study.outcomes):
        where, follows = ("outcomes", n, "window"), f"`{outcome.id}` would be known of nobody"
        whole = by_end and outcome.kind in WHOLE
        yield Asked(where, outcome.event.source, *outcome.window, whole, follows)


def _parts(asked: object, path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """What must hold whatever else does."""
    if isinstance(asked, All):
        for n, one in enumerate(asked.all):
            yield from _parts(one, (*path, "all", n))
    else:
        yield path, asked
