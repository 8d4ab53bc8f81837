"""What is known of a person at index and adjusted for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.base import Block, Day, EventInWindow, Id, Text


class AttributeCovariate(Block):
    """A characteristic on a day; becomes `x_<id>`. The id names the characteristic."""

    id: Id
    """Name of the characteristic."""
    label: Text | None = None
    """What it is called in tables."""
    kind: Literal["attribute"]
    """What is taken."""
    from_: Annotated[Literal["person", "residence"], Field(alias="from")]
    """Where it is read: what is known of the person, or of where they live."""
    at_days: Day = 0
    """Day from the index date on which it is taken."""
    time_varying: bool = False
    """Taken anew in each period of a panel."""


class EventCovariate(Block):
    """Something recorded in a window; becomes `x_<id>`."""

    id: Id
    """Name of the covariate."""
    label: Text | None = None
    """What it is called in tables."""
    kind: Literal["binary", "count", "latest"]
    """Whether there was any, how many there were, or the last value."""
    event: EventInWindow
    """What, where and on which days."""
    time_varying: bool = False
    """Taken anew in each period of a panel."""


Covariate = Annotated[AttributeCovariate | EventCovariate, Field(discriminator="kind")]
