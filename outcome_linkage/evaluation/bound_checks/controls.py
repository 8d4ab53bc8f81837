"""Negative controls are other records than what the study asks about, by the library of measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from outcome_linkage.evaluation.bound_checks.known import Known, ReadFrom
from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.evaluation import Evaluation

CONTROL = "negative_control"
NONE, ANY = "none", "(any)"


class Looked(NamedTuple):
    """An outcome or a measure over calendar time, and the event that it counts."""

    id: str
    role: str
    path: KeyPath
    event: Event


def controls_are_other_records(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV313: no record that makes a control can make an outcome; the same concept is EV133."""
    looked = list(_looked(study))
    for control in (one for one in looked if one.role == CONTROL):
        for one in looked:
            other = one.event
            same_table = other.source == control.event.source and other.concept != control.event.concept
            if one.role != CONTROL and same_table and _can_be_one(control.event, other, known.read_from):
                yield fault(
                    "EV313",
                    control.path,
                    name=control.id,
                    concept=control.event.concept,
                    source=other.source,
                    outcome=one.id,
                    other=other.concept,
                )
                break


def _looked(study: Evaluation) -> Iterator[Looked]:
    for n, outcome in enumerate(study.outcomes):
        yield Looked(outcome.id, outcome.role, ("outcomes", n, "event"), outcome.event)
    for n, measure in enumerate(study.measures):
        yield Looked(measure.id, measure.role, ("measures", n, "numerator"), measure.numerator)


def _can_be_one(a: Event, b: Event, read_from: Mapping[tuple[str, str], frozenset[ReadFrom]]) -> bool:
    """Whether a record can be both; codes of one column are told apart, those of two columns are not.

    What the library has no codes of is not judged.
    """
    conditions = {row.condition for rows in read_from.values() for row in rows}

    def rows_of(event: Event) -> list[ReadFrom]:
        """With the condition that a concept is for others, such as an emergency admission."""
        own = event.concept if event.concept in conditions else NONE
        rows = read_from.get((event.concept, event.source), frozenset())
        return [row._replace(condition=own) if row.condition == NONE else row for row in rows]

    return any(_meet(one, other) for one in rows_of(a) for other in rows_of(b))


def _meet(one: ReadFrom, other: ReadFrom) -> bool:
    if NONE not in (one.condition, other.condition) and one.condition != other.condition:
        return False
    if one.column != other.column or ANY in (one.code, other.code):
        return True
    return _is_within(one, other) or _is_within(other, one)


def _is_within(one: ReadFrom, other: ReadFrom) -> bool:
    return one.code.startswith(other.code) if other.match == "prefix" else one.code == other.code
