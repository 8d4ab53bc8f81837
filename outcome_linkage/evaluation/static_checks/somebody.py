"""Whether anybody can be in the study: on day 0, past each criterion, and in each arm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.base import EventInWindow
from outcome_linkage.evaluation.spec.cohort import TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.predicates import AgeAtIndex, AgeRange, All, HasEvent, Not
from outcome_linkage.evaluation.static_checks.implied import OLDEST, Ages, ages_of, excludes, implies
from outcome_linkage.evaluation.walk import of_kind

DAYS_A_YEAR = 365
"""Whoever is aged n has lived at least n times this."""


class Known(NamedTuple):
    """What holds for whoever has passed a criterion."""

    id: str
    path: KeyPath
    holds: Any

    @property
    def who(self) -> str:
        """Whoever it holds for, to go on before a verb."""
        return (
            f"whoever passes criterion `{self.id}`" if self.id else "whoever has a day 0, being that event,"
        )


def day_0(study: Evaluation) -> Iterator[Fault]:
    """EV104: day 0 lies in the study period, and follow-up begins before its end."""
    period, index = study.study_period, study.index
    if index is None or period.end < period.start:
        return
    if index.date and not period.start <= index.date <= period.end:
        found = f"day 0 is {index.date}, and the study runs from {period.start} to {period.end}"
        yield fault("EV104", ("index", "date"), found=found, move="day 0, or the study period")
        return
    first = index.date or period.start
    starts = study.followup.start_days if study.followup else 0
    if starts > (period.end - first).days:
        found = (
            f"day {starts} after the first day 0, {first}, is later than {period.end}, when the study ends"
        )
        yield fault("EV104", ("followup", "start_days"), found=found, move="the end of the study")


WHOLE = ("binary", "days", "time_to_event", "continuous")
"""Kinds of outcome that need the whole of their days; of a count, part of them is a rate."""
FROM_DAY_0 = ("cohort", "matched_cohort", "descriptive")
"""Designs that ask for an outcome by the end of its days."""


def outcomes_can_be_whole(study: Evaluation) -> Iterator[Fault]:
    """EV105: the study lasts until the days of each outcome are over for whoever comes first."""
    period, index = study.study_period, study.index
    changes = isinstance(study.assignment, TimeVarying)
    if index is None or changes or study.design.type not in FROM_DAY_0:
        return
    lasts = (period.end - (index.date or period.start)).days
    for n, one in enumerate(study.outcomes):
        opens, closes = one.window
        if one.kind in WHOLE and opens <= lasts < closes:
            facts = {"last": lasts, "end": period.end, "closes": closes}
            yield fault("EV105", ("outcomes", n, "window"), name=one.id, **facts)


def criteria_say_something(study: Evaluation) -> Iterator[Fault]:
    """EV112: each question has a bound, and each criterion leaves somebody of those before it."""
    for path, asked in of_kind(study, AgeRange):
        if asked.min_years is None and asked.max_years is None:
            found, remedy = "no age is given: everybody fits", "Give `min_years`, `max_years` or both."
            yield fault("EV112", path, found=found, remedy=remedy)
    known = passed(study)
    for n, one in enumerate(known):
        if excludes(one.holds, one.holds):
            found = "the parts of this criterion exclude each other: nobody would be left"
            yield fault("EV112", one.path, found=found, remedy="Change one of them.")
        against = next((before for before in known[:n] if excludes(before.holds, one.holds)), None)
        if against:
            found = f"whoever passes criterion `{against.id}` cannot pass this one: nobody would be left"
            yield fault("EV112", one.path, found=found, remedy=f"Change it, or `{against.id}`.")


def arms_can_be_reached(study: Evaluation) -> Iterator[Fault]:
    """EV113: some who are eligible can be in each arm, as the first that fits is taken."""
    known = [*on_day_0(study), *passed(study)]
    for n, arm in enumerate(study.arms):
        path: KeyPath = ("arms", n, "when")
        before = [one for one in study.arms[:n] if one.when != "otherwise"]
        every = [(one, each) for one in known for each in before if implies(one.holds, each.when)]
        if every:
            one, taken = every[0]
            yield fault("EV113", path, arm=arm.id, why=f"{one.who} is in arm `{taken.id}`")
        elif arm.when == "otherwise":
            continue
        elif excludes(arm.when, arm.when):
            yield fault("EV113", path, arm=arm.id, why="its parts exclude each other")
        elif first := next((one for one in before if implies(arm.when, one.when)), None):
            why = f"whoever fits is in arm `{first.id}` already, and the first that fits is taken"
            yield fault("EV113", path, arm=arm.id, why=why)
        elif out := next((one for one in known if excludes(one.holds, arm.when)), None):
            yield fault("EV113", path, arm=arm.id, why=_left_out(out))


def _left_out(by: Known) -> str:
    if not by.id:
        return "everybody has the event that is day 0, on day 0"
    return f"criterion `{by.id}` leaves out whoever fits"


def on_day_0(study: Evaluation) -> Iterator[Known]:
    """What is certain on day 0: that its event is recorded. Trials begun anew have other days 0."""
    event = study.index.event if study.index else None
    if event is None or getattr(study.design, "sequential_trials", None):
        return
    there = EventInWindow(concept=event.concept, source=event.source, window=(0, 0))
    yield Known("", ("index", "event"), HasEvent(event=there))


def criteria_leave_somebody_out(study: Evaluation) -> Iterator[Fault]:
    """EV134: a criterion that whoever came so far is certain to pass."""
    known = passed(study)
    for n, one in enumerate(known):
        first = next((before for before in known[:n] if implies(before.holds, one.holds)), None)
        if first:
            why = f"whoever passes `{first.id}` passes it too"
            yield fault("EV134", one.path, what=f"criterion `{one.id}`", why=why, remedy="Take it out.")


def ages_kept(study: Evaluation) -> Ages:
    """Youngest and oldest age at index that the criteria leave."""
    held = [one.holds for one in passed(study)]
    parts = [part for one in held for part in (one.all if isinstance(one, All) else (one,))]
    ages = [ages_of(part.age_at_index) for part in parts if isinstance(part, AgeAtIndex)]
    return (max((low for low, _ in ages), default=0), min((high for _, high in ages), default=OLDEST))


def passed(study: Evaluation) -> list[Known]:
    """What holds for whoever passes each criterion that says keep or drop."""
    found = []
    for n, one in enumerate(study.eligibility):
        if one.keep is not None and one.drop is None:
            found.append(Known(one.id, ("eligibility", n, "keep"), one.keep))
        elif one.drop is not None and one.keep is None:
            found.append(Known(one.id, ("eligibility", n, "drop"), Not.model_construct(not_=one.drop)))
    return found
