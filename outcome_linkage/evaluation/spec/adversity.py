"""Recorded adversity before the index date: when, which domains, how many."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.base import Block, Count, Days, Name, Text, Window

AgeBand = tuple[int, int]


class CountDomains(Block):
    """The number of domains with an event."""

    rule: Literal["count_domains"]
    """How domains are added up."""
    min_observable: Count
    """Fewest domains that must be observable for a score; with fewer it is unknown."""
    categories: Annotated[tuple[Text, ...], Field(examples=[["0", "1", "2-3", "4+"]])] = ()
    """Groups of the score, lowest first."""


class Weighted(Block):
    """The sum of a weight for each domain with an event."""

    rule: Literal["weighted"]
    """How domains are added up."""
    weights: dict[Name, float]
    """Weight of each domain."""
    min_observable: Count
    """Fewest domains that must be observable for a score; with fewer it is unknown."""
    categories: tuple[Text, ...] = ()
    """Groups of the score, lowest first."""


class Adversity(Block):
    """Service-recorded adversity; counts say what services knew, not how common an adversity is."""

    window: Window
    """First and last day that count, from the index date, both inclusive."""
    domains: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Domains of the crosswalk."""
    ace_set: Literal["classic", "ALSPAC classic", "ALSPAC additional", "extended"] = "classic"
    """The published set that a score belongs to; a score names one."""
    age_bands_years: tuple[AgeBand, ...] = ()
    """Ages at first event: each from its first year up to, without, its last, where the next begins."""
    whose_record: Annotated[tuple[Literal["child", "parent", "household"], ...], Field(min_length=1)] = (
        "child",
        "parent",
        "household",
    )
    """Whose records are read."""
    dedup_days: Days = 0
    """Events of a domain within so many days are one episode."""
    score: Annotated[CountDomains | Weighted, Field(discriminator="rule")] | None = None
    """How domains are added up; none without it."""
