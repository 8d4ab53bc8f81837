"""What every block of a specification shares: strictness, and the kinds of value that occur in many."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ID = r"^[a-z][a-z0-9_]{0,23}$"
"""At most 24 characters, so that every column that is named after it fits the 32 of Stata."""
NAME = r"^[a-z][a-z0-9_]*$"
VERSION = r"^\d+\.\d+\.\d+$"
FINANCIAL_YEAR = r"^\d{4}-\d{2}$"
EVERY = r"^[1-9]\d* (day|week|month|quarter|year)s?$"

Id = Annotated[str, Field(pattern=ID, examples=["self_harm"])]
Name = Annotated[str, Field(pattern=NAME, examples=["school_exclusions"])]
TEXT = r"\S"
Text = Annotated[str, Field(min_length=1, pattern=TEXT)]
Share = Annotated[float, Field(ge=0, le=1)]
A_CENTURY = 36525
"""Days. No study looks further."""
Days = Annotated[int, Field(ge=0, le=A_CENTURY)]
Day = Annotated[int, Field(ge=-A_CENTURY, le=A_CENTURY)]
"""A day counted from the index date, which is day 0."""
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Window = tuple[Day, Day]
"""First and last day, both inclusive, counted from the index date, which is day 0."""
Age = Annotated[int, Field(ge=0, le=120)]
Ages = Annotated[tuple[Age, Age], Field(examples=[[5, 16]])]
"""First and last age in whole years, both inclusive."""
Every = Annotated[str, Field(pattern=EVERY, examples=["1 month"])]


class Block(BaseModel):
    """A block of the file: unknown names, wrong types and guesses are refused, nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class Event(Block):
    """A recorded event: what it is, and where it is read."""

    concept: Name
    """Name of the measure in the library of concepts."""
    source: Name
    """Delivered table that it is read from; must be listed under `sources.use`."""


class EventInWindow(Event):
    """A recorded event on certain days."""

    window: Window
    """First and last day on which it counts, from the index date (day 0), both inclusive."""
    at_least: Count = 1
    """How many such events are needed for the answer yes."""
