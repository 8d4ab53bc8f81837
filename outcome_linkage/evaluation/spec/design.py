"""The design of a study. What each design needs besides stands in `static_checks`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.base import Block, Count, Days, Every, Id, Name, Window

Unit = Literal["person", "organisation", "school", "ward", "team", "area"]


class SequentialTrials(Block):
    """The study begun anew at regular times: a person can be in several."""

    every: Every
    """Time from one start to the next."""
    max: Count
    """Most trials that one person can be in."""


class _Design(Block):
    unit: Unit = "person"
    """Who or what is given the intervention."""
    cluster: Name | None = None
    """What people share that makes them alike (an attribute such as `la_code`); errors are widened by it."""


class Cohort(_Design):
    """People followed from an index date, by arm."""

    type: Literal["cohort"]
    """Design."""
    sequential_trials: SequentialTrials | None = None
    """For a study that begins anew at regular times."""


class MatchedCohort(_Design):
    """A cohort in which each person of the first arm is matched to others with a day 0: see `index`."""

    type: Literal["matched_cohort"]
    """Design."""
    sequential_trials: SequentialTrials | None = None
    """For a study that begins anew at regular times."""


class DifferenceInDifferences(_Design):
    """Change in units that start on a day, against those that have not started yet or never do."""

    type: Literal["did"]
    """Design."""


class InterruptedSeries(_Design):
    """A series over calendar time, before and after a day."""

    type: Literal["its"]
    """Design."""


class Stepped(_Design):
    """A rollout in steps: every unit starts, at different times."""

    type: Literal["stepped"]
    """Design."""


class RiskWindow(Block):
    """Days after an exposure in which the rate may differ."""

    id: Id
    """Name of the window."""
    window: Window
    """First and last day from the exposure (day 0), both inclusive."""


class SelfControlled(_Design):
    """Each person is compared with themselves at other times; the index event is the exposure."""

    type: Literal["self_controlled"]
    """Design."""
    risk_windows: Annotated[tuple[RiskWindow, ...], Field(min_length=1)]
    """Days after the exposure that are compared with all other days."""
    pre_exposure_days: Days = 30
    """Days before the exposure that are set apart, since the outcome may change who is exposed."""


class Descriptive(_Design):
    """Counts and rates without a comparison."""

    type: Literal["descriptive"]
    """Design."""


Design = Annotated[
    Cohort
    | MatchedCohort
    | DifferenceInDifferences
    | InterruptedSeries
    | Stepped
    | SelfControlled
    | Descriptive,
    Field(discriminator="type"),
]
