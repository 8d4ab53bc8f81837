"""Which outcome can be estimated under which design. What is not here is refused, not guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Kind, Outcome
from outcome_linkage.evaluation.walk import of_kind

_EVERY: tuple[Kind, ...] = ("binary", "count", "days", "time_to_event", "continuous")
BY_DESIGN: Mapping[str, tuple[Kind, ...]] = {
    "cohort": _EVERY,
    "matched_cohort": _EVERY,
    "did": ("binary", "count", "days", "continuous"),
    "its": (),
    "stepped": ("binary", "count", "days", "continuous"),
    "self_controlled": ("binary", "count"),
    "descriptive": _EVERY,
}
BY_ASSIGNMENT: Mapping[str, tuple[Kind, ...]] = {
    "at_index": _EVERY,
    "landmark": _EVERY,
    "clone_censor_weight": ("binary", "count", "time_to_event"),
    "time_varying": ("binary", "count", "time_to_event"),
}
BY_DOSE = ("did", "stepped")
"""Designs with an effect by dose."""
BY_TERM = ("school_sessions",)
"""Tables of totals of a term: what they hold has no day."""
WITHOUT_A_DAY = ("absence_session",)
"""Concepts that are parts of such a total."""
NEED_A_DAY = {
    "index": "day 0",
    "arms": "what decides an arm",
    "eligibility": "a criterion with a window of days",
}


def has_estimator(study: Evaluation) -> Iterator[Fault]:
    """EV132: every outcome can be estimated under the design and the assignment."""
    for n, outcome in enumerate(study.outcomes):
        path = ("outcomes", n, "kind")
        for where, kinds in _rules(study):
            if outcome.kind not in kinds:
                words = ", ".join(f"`{kind}`" for kind in kinds)
                remedy = f"Use {words}." if kinds else "Make it a measure over calendar time."
                what = f"a `{outcome.kind}` outcome"
                yield fault("EV132", path, what=what, design=where, remedy=remedy)
                break


def _rules(study: Evaluation) -> Iterator[tuple[str, tuple[Kind, ...]]]:
    yield f"design `{study.design.type}`", BY_DESIGN[study.design.type]
    if study.assignment:
        strategy = study.assignment.strategy
        yield f"assignment `{strategy}`", BY_ASSIGNMENT[strategy]


def dose_can_be_told(study: Evaluation) -> Iterator[Fault]:
    """EV145: an effect by dose is one of rates of places, set against other places at the same time."""
    if study.rollout is None or study.rollout.dose_per is None:
        return
    path = ("rollout", "dose_per")
    if study.design.type not in BY_DOSE:
        remedy = f"Use {' or '.join(f'`{name}`' for name in BY_DOSE)}, or take `dose_per` out."
        yield fault("EV145", path, why=f"design `{study.design.type}` cannot tell it", remedy=remedy)
    elif not any(measure.area != "none" for measure in study.measures):
        remedy = "Add a measure by area or organisation, or take `dose_per` out."
        yield fault("EV145", path, why="the study has no measure by place", remedy=remedy)


def has_a_day(study: Evaluation) -> Iterator[Fault]:
    """EV306: totals of a term are not used where a day is needed."""
    for path, event in of_kind(study, Event):
        block = str(path[0])
        outcome = study.outcomes[int(path[1])] if block == "outcomes" else None
        role = NEED_A_DAY.get(block) or _role(outcome)
        if event.concept in WITHOUT_A_DAY:
            yield fault("EV306", path, name=event.concept, role=role or "counted by day")
        elif role and event.source in BY_TERM:
            yield fault("EV306", path, name=event.concept, role=role)


def _role(outcome: Outcome | None) -> str | None:
    if outcome is None or outcome.kind in ("continuous", "days"):
        return None
    return f"a `{outcome.kind}` outcome"
