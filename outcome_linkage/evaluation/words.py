"""Parts of a specification in plain English."""

from __future__ import annotations

from outcome_linkage.evaluation.spec.base import Event, Window
from outcome_linkage.evaluation.spec.cohort import Assignment, Criterion, Index, Landmark
from outcome_linkage.evaluation.spec.predicates import (
    AgeAtIndex,
    All,
    Any_,
    CoveredBy,
    HasAttribute,
    HasEvent,
    LinkableTo,
    Not,
    Predicate,
    Resident,
    When,
)
from outcome_linkage.evaluation.spec.study import Estimand

ESTIMANDS: dict[Estimand, str] = {
    "att": "the average effect on those who got it",
    "ate": "the average effect on everybody who could get it",
    "itt": "the average effect of being offered it, whether taken up or not",
    "descriptive": "none: a description without a comparison",
}
KINDS = {
    "binary": "whether it happened",
    "count": "how often",
    "days": "for how many days",
    "time_to_event": "how soon",
    "continuous": "how much",
}
NOT_SAID = "*not said yet*"
SPELT = {
    word: word.upper()
    for word in ("apc", "cin", "cp", "ecds", "ed", "gp", "imd", "la", "lsoa21", "mhsds", "nhs", "nhscii")
}
CENSORING = {
    "death": "death",
    "moved_out": "leaving the area",
    "coverage_end": "the end of what the sources of the outcome cover",
    "study_end": "the end of the study",
    "opt_out": "an objection",
    "arm_switch": "leaving the arm",
    "age_limit": "growing out of the ages at risk",
}


def name(concept: str) -> str:
    """`self_harm` as `self harm`, with what is spelt in capitals."""
    return " ".join(SPELT.get(word, word) for word in concept.split("_"))


def capital(text: str) -> str:
    """The same with a capital first."""
    return text[:1].upper() + text[1:]


def event(one: Event) -> str:
    """What is recorded, and where."""
    return f"{name(one.concept)} (in `{one.source}`)"


def days(window: Window) -> str:
    """A window of days."""
    opens, closes = window
    return f"on day {opens}" if opens == closes else f"on days {opens} to {closes}"


def at_risk(ages: tuple[int, int] | None) -> str:
    """While it can happen, to go on after an outcome: `, at risk while aged 5 to 16`; nothing at any age."""
    return "" if ages is None else f", at risk while aged {ages[0]} to {ages[1]}"


def question(asked: Predicate | When) -> str:
    """What a predicate asks for, to go on after "whoever"."""
    match asked:
        case "otherwise":
            return "is in none of the arms above"
        case AgeAtIndex():
            return _age(asked)
        case Resident():
            return f"lived in the area on all of the {asked.resident.before_days} days before day 0"
        case LinkableTo():
            return f"can be linked to `{asked.linkable_to}`"
        case CoveredBy():
            return f"could have been seen by `{asked.covered_by.source}` {days(asked.covered_by.window)}"
        case HasEvent():
            often = f" at least {asked.event.at_least} times" if asked.event.at_least > 1 else ""
            return f"has a record of {event(asked.event)}{often} {days(asked.event.window)}"
        case HasAttribute():
            values = " or ".join(str(value) for value in asked.attribute.one_of)
            return f"has {name(asked.attribute.name)} {values} at index"
        case All():
            return " and ".join(question(one) for one in asked.all)
        case Any_():
            return "either " + " or ".join(question(one) for one in asked.any)
        case Not():
            return f"not: {question(asked.not_)}"


def _age(asked: AgeAtIndex) -> str:
    low, high = asked.age_at_index.min_years, asked.age_at_index.max_years
    if low is None:
        return f"is {high} or younger on day 0"
    return f"is {low} or older on day 0" if high is None else f"is aged {low} to {high} on day 0"


def criterion(one: Criterion) -> str:
    """One step of eligibility."""
    if one.keep is not None:
        return f"{one.label}: whoever {question(one.keep)}."
    return f"{one.label}: without whoever {question(one.drop)}." if one.drop is not None else one.label


def time_zero(index: Index | None) -> str:
    """What day 0 is."""
    if index is None:
        return "There is none: the study counts calendar time."
    if index.date:
        return f"{index.date}, for everybody."
    if index.enrolment:
        return f"The day on which the register of `{index.enrolment.source}` first holds the person."
    what = event(index.event) if index.event else "nothing"
    which = {"first": "The first", "last": "The last", "every": "Every"}[index.pick]
    before = index.lookback_required_days
    look_back = f" The source must cover the {before} days before." if before else ""
    return f"{which} {what} within the study period.{look_back}"


def assignment(how: Assignment | None) -> str:
    """When the arm is decided, and what that does about immortal time."""
    if how is None:
        return "There are no arms of people."
    if isinstance(how, Landmark):
        return (
            f"Decided by day {how.landmark_days}. Whoever has died, left or had the outcome by then is left "
            "out in a step of its own, so that nobody is in an arm for having lived long enough."
        )
    return {
        "at_index": "Known on day 0.",
        "clone_censor_weight": (
            "Everybody starts in every arm and leaves it on the day on which they no longer follow it; "
            "weights make up for leaving. Nobody has to live until an arm is decided."
        ),
        "time_varying": (
            "A person counts for an arm from the day on which it begins; the days before count for the other."
        ),
    }[how.strategy]
