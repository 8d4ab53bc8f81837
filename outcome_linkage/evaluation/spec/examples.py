"""Invented people with the result that is expected of them, and changes to the study that are tried out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from outcome_linkage.evaluation.spec.base import Block, Day, Id, Name, Text


class Person(Block):
    """An invented person. Never describe a real one."""

    dob: date
    """Invented day of birth."""
    sex: Annotated[str, Field(pattern="^(F|M|U)$")]
    """F, M or U (unknown)."""
    area: Name
    """Supplier in whose area the person lives."""
    linkable: tuple[Name, ...] = ()
    """Delivered tables that the person can be linked to."""
    covered_to_day: Day | None = None
    """Last day, from the index date, that any source covers; the end of the study without it."""
    moved_out: date | None = None
    """Day of leaving the area."""
    died: date | None = None
    """Day of death."""


def _has_value(value: Any) -> str:
    return "with a value" if isinstance(value, list | tuple) and len(value) > 3 else "a day"


Happened = Annotated[
    Annotated[tuple[Name, Name, date], Tag("a day")]
    | Annotated[tuple[Name, Name, date, float], Tag("with a value")],
    Discriminator(_has_value),
]


class Given(Block):
    """What is recorded of the person."""

    person: Person
    """Who."""
    events: tuple[Happened, ...] = ()
    """Each as source, concept, day and, where it has one, value."""


class Example(Block):
    """One invented person, run through the study every night."""

    label: Text | None = None
    """What the example shows."""
    given: Given
    """What is recorded."""
    expect: Annotated[dict[str, str | int | float | bool | None], Field(min_length=1)]
    """Columns and the value that each must have."""


class Sensitivity(Block):
    """The same study with something changed; every change is checked like the study itself."""

    id: Id
    """Name of the change."""
    change: Annotated[dict[str, Any], Field(min_length=1)]
    """The part of the file that differs; all else stays. A list is replaced as a whole."""
