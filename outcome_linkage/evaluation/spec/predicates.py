"""Questions about a person, answered yes or no. Each is a mapping with one name: what is asked."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from outcome_linkage.evaluation.spec.base import Block, Days, EventInWindow, Name, Window


class AgeRange(Block):
    """Whole years of age, both ends inclusive."""

    min_years: Annotated[int, Field(ge=0)] | None = None
    """Youngest age."""
    max_years: Annotated[int, Field(ge=0)] | None = None
    """Oldest age."""


class Residence(Block):
    """Living in the area of the suppliers."""

    before_days: Days
    """Days before the index date on all of which the person must have lived there."""


class Covered(Block):
    """Time that a source could have seen."""

    source: Name
    """Delivered table."""
    window: Window
    """Days from the index date, both inclusive, all of which must be covered."""


class Attribute(Block):
    """A characteristic of the person at index."""

    name: Name
    """Characteristic, such as `sex` or `imd_quintile`."""
    one_of: Annotated[tuple[str | int, ...], Field(min_length=1)]
    """Values that answer yes."""


class AgeAtIndex(Block):
    """Age on the index date, born on the 15th of the month of birth."""

    age_at_index: AgeRange
    """Youngest and oldest age."""


class Resident(Block):
    """Lived in the area before the index date."""

    resident: Residence
    """For how long."""


class LinkableTo(Block):
    """Has what is needed to be linked to a source."""

    linkable_to: Name
    """Delivered table."""


class CoveredBy(Block):
    """A source could have seen the person."""

    covered_by: Covered
    """Which, and when."""


class HasEvent(Block):
    """Has a recorded event."""

    event: EventInWindow
    """What, where and when."""


class HasAttribute(Block):
    """Has a characteristic at index."""

    attribute: Attribute
    """Which."""


class All(Block):
    """Every one of several must hold."""

    all: Annotated[tuple[Predicate, ...], Field(min_length=1)]
    """The questions."""


class Any_(Block):
    """At least one of several must hold."""

    any: Annotated[tuple[Predicate, ...], Field(min_length=1)]
    """The questions."""


class Not(Block):
    """The opposite."""

    not_: Annotated[Predicate, Field(alias="not")]
    """The question."""


def _which(value: Any) -> str | None:
    """The one name that says what is asked; None where there is not exactly one."""
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True)
    if isinstance(value, dict):
        return str(next(iter(value))) if len(value) == 1 else None
    return value if isinstance(value, str) else None


_Asked = (
    Annotated[AgeAtIndex, Tag("age_at_index")]
    | Annotated[Resident, Tag("resident")]
    | Annotated[LinkableTo, Tag("linkable_to")]
    | Annotated[CoveredBy, Tag("covered_by")]
    | Annotated[HasEvent, Tag("event")]
    | Annotated[HasAttribute, Tag("attribute")]
    | Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[Not, Tag("not")]
)
Predicate = Annotated[_Asked, Discriminator(_which)]
When = Annotated[Annotated[Literal["otherwise"], Tag("otherwise")] | _Asked, Discriminator(_which)]
for _model in (All, Any_, Not):
    _model.model_rebuild()
