"""Where time begins, who gets in, in which arm, matched to whom, and until when."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.base import Block, Count, Days, Event, Id, Name, Text
from outcome_linkage.evaluation.spec.predicates import Predicate, When


class Enrolment(Block):
    """Time begins when a person is first on the register of a source within the study period."""

    source: Name
    """Delivered table with a register, such as that of pupils."""


class Index(Block):
    """Where each person's time begins: day 0. Give exactly one of event, date and enrolment.

    To compare people who have an event with people who do not, give `date` and an arm that looks back from it
    for the event (a window of days before 0), or one that is decided by a landmark after it; with
    `sequential_trials` of the design the study begins anew on later dates.
    """

    event: Event | None = None
    """Day 0 is the day of this event. Who does not have it has no day 0 and is in no arm."""
    date: dt.date | None = None
    """Day 0 is this day for everybody, with the event or without it."""
    enrolment: Enrolment | None = None
    """Day 0 is the day on which a register first holds the person."""
    pick: Literal["first", "last", "every"] = "first"
    """Which of a person's events within the study period."""
    lookback_required_days: Days = 0
    """Days before day 0 that the source must cover, so that "first" means first."""
    max_entry_delay_days: Days = 0
    """Latest entry after follow-up has begun, for a person who becomes linkable late."""


class Criterion(Block):
    """One step of eligibility. Give exactly one of keep and drop."""

    id: Id
    """Name of the step; becomes `crit_<id>`."""
    label: Text
    """What it says in the flow of people."""
    keep: Predicate | None = None
    """Stay in if yes."""
    drop: Predicate | None = None
    """Leave if yes."""


class Arm(Block):
    """One of the groups that are compared. The first that fits is taken."""

    id: Id
    """Name of the arm."""
    label: Text
    """What it is called in tables."""
    when: When
    """Who is in it; `otherwise` for all others."""


class AtIndex(Block):
    """The arm is known on day 0."""

    strategy: Literal["at_index"]
    """How the arm is decided."""


class Landmark(Block):
    """The arm is decided by a later day; whoever is gone by then is left out in a named step."""

    strategy: Literal["landmark"]
    """How the arm is decided."""
    landmark_days: Days
    """Last day on which an arm can be decided."""


class CloneCensorWeight(Block):
    """Everybody starts in every arm and is censored on leaving its strategy; weights make up for it."""

    strategy: Literal["clone_censor_weight"]
    """How the arm is decided."""


class TimeVarying(Block):
    """A person changes arm on the day on which it happens; person-time is split there."""

    strategy: Literal["time_varying"]
    """How the arm is decided."""


Assignment = Annotated[AtIndex | Landmark | CloneCensorWeight | TimeVarying, Field(discriminator="strategy")]


class Match(Block):
    """How people of other arms are matched to those of the first. All of it is known at index."""

    exact: tuple[Name, ...] = ()
    """Attributes and covariates that must be equal."""
    caliper: dict[Name, Annotated[float, Field(ge=0)]] = {}
    """Numbers that may differ by this much, in their own unit."""
    ratio: Count = 1
    """How many are matched to each."""
    replacement: bool = False
    """Whether one person may be matched more than once."""
    seed: int
    """Settles ties, so that a second run gives the same pairs."""


Reason = Literal["death", "moved_out", "coverage_end", "study_end", "opt_out", "arm_switch", "age_limit"]


class FollowUp(Block):
    """From when to when outcomes count."""

    start_days: Days
    """First day that counts, from the index date (day 0)."""
    horizon_days: Days
    """Last day that counts."""
    censor_at: Annotated[tuple[Reason, ...], Field(min_length=1)] = (
        "death",
        "moved_out",
        "coverage_end",
        "study_end",
    )
    """What ends it before; the earliest wins, of several on one day the first listed."""
    censor_events: tuple[Event, ...] = ()
    """Recorded events that end it the day before, such as leaving the roll of a school; each is a reason."""
    moved_out_grace_days: Days = 0
    """Days after the last known residence that still count."""
