"""What the study is: the question in words, under which agreements, over which time, from which sources."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.base import Block, Count, Name, Text
from outcome_linkage.release.profiles import ProfileName

Estimand = Literal["att", "ate", "itt", "descriptive"]


class Question(Block):
    """The question in words, as a protocol states it. Needed once the study is registered."""

    population: Text | None = None
    """Who the study is about."""
    intervention: Text | None = None
    """What they get, or what happens to them."""
    comparator: Text | None = None
    """What it is compared with; say "none" for a description."""
    estimand: Estimand | None = None
    """Whose average effect: of those who got it (att), all who could (ate), all who were offered it (itt)."""
    registration: Text | None = None
    """Where the protocol is registered: a DOI, or an address of OSF. Needed once the study is locked."""


class Governance(Block):
    """Under what it is allowed, and how small a number may be shown."""

    purpose: Text
    """Purpose of the study, in the words of the agreements."""
    data_agreements: Annotated[tuple[Text, ...], Field(min_length=1)]
    """References of the agreements on every source that is used."""
    sdc_profile: ProfileName = "nhs_hes"
    """Disclosure rules. The strictest of the owners of the sources wins."""
    min_cell: Count = 8
    """Smallest number of people that a released cell may show."""
    allowed_outputs: Annotated[tuple[Literal["aggregate", "person"], ...], Field(min_length=1)] = (
        "aggregate",
    )
    """What may be made: counts and estimates, or also rows of people within the safe setting."""


class StudyPeriod(Block):
    """The calendar time of the study, both days inclusive."""

    start: date
    """First day on which anybody can enter."""
    end: date
    """Last day on which anything counts."""


class Sources(Block):
    """Which tables are read."""

    spine: Name = "person"
    """Table that says who exists and where they live."""
    use: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Every delivered table that the study reads."""
