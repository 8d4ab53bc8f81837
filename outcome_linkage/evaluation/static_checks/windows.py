"""Days: nothing is reversed, nobody is judged by what comes later, and no time is immortal."""

from __future__ import annotations

from collections.abc import Iterator

from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.cohort import AtIndex, Landmark
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.predicates import AgeRange
from outcome_linkage.evaluation.static_checks.names import is_after_index, last_day_of, matched
from outcome_linkage.evaluation.walk import blocks

DAYS_IN = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}
"""Shortest length of each."""


def not_reversed(study: Evaluation) -> Iterator[Fault]:
    """EV101, EV102: every window and range begins before it ends."""
    for path, block in blocks(study):
        for name in ("window", "at_risk_ages"):
            ends = getattr(block, name, None)
            if ends and ends[1] < ends[0]:
                yield fault("EV101", (*path, name), opens=ends[0], closes=ends[1])
        if isinstance(block, AgeRange) and _is_reversed(block.min_years, block.max_years):
            yield fault("EV101", (*path, "max_years"), opens=block.min_years, closes=block.max_years)
    follow = study.followup
    if follow and follow.horizon_days < follow.start_days:
        path = ("followup", "horizon_days")
        yield fault("EV101", path, opens=follow.start_days, closes=follow.horizon_days)
    period = study.study_period
    if period.end < period.start:
        yield fault("EV102", ("study_period", "end"), start=period.start, end=period.end)


def _is_reversed(low: int | None, high: int | None) -> bool:
    return low is not None and high is not None and high < low


def outcomes_in_follow_up(study: Evaluation) -> Iterator[Fault]:
    """EV201, EV202: an outcome window lies within follow-up."""
    if study.followup is None:
        return
    starts, horizon = study.followup.start_days, study.followup.horizon_days
    for n, outcome in enumerate(study.outcomes):
        opens, closes = outcome.window
        path = ("outcomes", n, "window")
        if opens < starts:
            yield fault("EV201", path, opens=opens, starts=starts)
        if closes > horizon:
            yield fault("EV202", path, closes=closes, horizon=horizon)


def not_censored_by_itself(study: Evaluation) -> Iterator[Fault]:
    """EV213: no outcome ends follow-up, which ends the day before: it would never be seen."""
    for n, event in enumerate(study.followup.censor_events if study.followup else ()):
        same = [one.id for one in study.outcomes if one.event == event]
        if same:
            yield fault("EV213", ("followup", "censor_events", n), name=same[0], concept=event.concept)


def known_at_index(study: Evaluation) -> Iterator[Fault]:
    """EV203: eligibility and covariates do not look past the index date."""
    for n, criterion in enumerate(study.eligibility):
        for path, day in _days(criterion, ("eligibility", n)):
            if day > 0:
                yield fault("EV203", path, day=day, remedy="")
    changes = study.panel is not None or getattr(study.assignment, "strategy", "") == "time_varying"
    for n, covariate in enumerate(study.covariates):
        day = last_day_of(covariate)
        if day > 0 and not (covariate.time_varying and changes):
            attribute = isinstance(covariate, AttributeCovariate)
            place: KeyPath = ("at_days",) if attribute else ("event", "window")
            remedy = " Only a panel or `time_varying` assignment can adjust for what changes later."
            yield fault("EV203", ("covariates", n, *place), day=day, remedy=remedy)


def arms_are_decided_in_time(study: Evaluation) -> Iterator[Fault]:
    """EV204, EV205, EV206: nobody is put into an arm by surviving until it is decided."""
    assignment = study.assignment
    for n, arm in enumerate(study.arms):
        latest = max(_days(arm, ("arms", n)), key=lambda found: found[1], default=None)
        if latest is None:
            continue
        path, day = latest
        if isinstance(assignment, AtIndex) and day > 0:
            yield fault("EV204", path, arm=arm.id, day=day)
        if isinstance(assignment, Landmark) and assignment.landmark_days < day:
            place = ("assignment", "landmark_days")
            yield fault("EV205", place, arm=arm.id, day=day, landmark=assignment.landmark_days)
    follow = study.followup
    if isinstance(assignment, Landmark) and follow and follow.start_days <= assignment.landmark_days:
        yield fault(
            "EV206",
            ("followup", "start_days"),
            starts=follow.start_days,
            landmark=assignment.landmark_days,
            after=assignment.landmark_days + 1,
        )


def _days(part: object, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    """The last day of every window of a predicate."""
    for where, block in blocks(part, path):
        if window := getattr(block, "window", None):
            yield (*where, "window"), window[1]


def matched_at_index(study: Evaluation) -> Iterator[Fault]:
    """EV131: nobody is matched on what comes later."""
    for path, name in matched(study):
        if is_after_index(study, name):
            yield fault("EV131", path, name=name)


def adversity(study: Evaluation) -> Iterator[Fault]:
    """EV208, EV210, EV211: adversity comes before index, and its score and age bands make sense."""
    found = study.adversity
    if found is None:
        return
    if found.window[1] > 0:
        yield fault("EV208", ("adversity", "window"), day=found.window[1])
    if found.score and found.score.min_observable > len(found.domains):
        path = ("adversity", "score", "min_observable")
        yield fault("EV210", path, wanted=found.score.min_observable, listed=len(found.domains))
    for n, band in enumerate(found.age_bands_years):
        before = found.age_bands_years[n - 1] if n else None
        if wrong := _band_fault(band, before):
            yield fault("EV211", ("adversity", "age_bands_years", n), fault=wrong)


def _band_fault(band: tuple[int, int], before: tuple[int, int] | None) -> str | None:
    low, high = band
    if high <= low:
        return f"the band {low} to {high} holds no age"
    if before and low < before[1]:
        return f"the band {low} to {high} overlaps the one before, which ends at {before[1]}"
    if before and low > before[1]:
        gap = f"age {before[1]} is" if low - before[1] == 1 else f"ages {before[1]} to {low - 1} are"
        return f"{gap} in no band"
    return None


def panel_has_periods(study: Evaluation) -> Iterator[Fault]:
    """EV143: at least one whole period."""
    panel = study.panel
    if panel is None:
        return
    if panel.to_days - panel.from_days + 1 < _length(panel.every):
        path = ("panel", "to_days")
        yield fault("EV143", path, opens=panel.from_days, closes=panel.to_days, every=panel.every)


def measures_have_periods(study: Evaluation) -> Iterator[Fault]:
    """EV143: at least one whole period in the study period."""
    period = study.study_period
    for n, measure in enumerate(study.measures):
        if 0 <= (period.end - period.start).days < _length(measure.every) - 1:
            days = {"opens": period.start, "closes": period.end}
            yield fault("EV143", ("measures", n, "every"), every=measure.every, **days)


def _length(every: str) -> int:
    """The shortest that a length of time can be, in days."""
    number, unit = every.split(" ")
    return int(number) * DAYS_IN[unit.rstrip("s")]
