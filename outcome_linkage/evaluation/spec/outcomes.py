"""What is looked at after the index date, and measures over calendar time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.base import (
    Ages,
    Block,
    Day,
    Days,
    Event,
    Every,
    Id,
    Name,
    Share,
    Text,
    Window,
)

Kind = Literal["binary", "count", "days", "time_to_event", "continuous"]


class Outcome(Block):
    """One outcome; becomes `o_<id>`.

    A negative control is something that what is studied cannot change, but that whatever else makes the arms
    unlike would: such as planned admissions. It is no part of the primary outcome, and should be as common.
    """

    id: Id
    """Name of the outcome."""
    label: Text | None = None
    """What it is called in tables."""
    role: Literal["primary", "secondary", "safety", "negative_control"]
    """What it is for. A registered study has exactly one primary outcome or measure."""
    kind: Kind
    """Yes or no, how often, for how many days, how soon, or how much."""
    event: Event
    """What is counted, and where."""
    window: Window
    """First and last day on which it counts, from the index date, both inclusive."""
    dedup_days: Days = 0
    """Events that begin within so many days of a kept one are the same episode."""
    episode_gap_days: Days = 0
    """Days that spells may lie apart and still be one."""
    competing: tuple[Name, ...] = ()
    """What makes it impossible: `death`, or ids of other outcomes."""
    at_risk_ages: Ages | None = None
    """First and last age at which it can happen, in whole years; time outside is not at risk."""
    direction: Literal["lower_is_better", "higher_is_better"] | None = None
    """Which way is good; colours nothing in a negative control."""
    min_covered: Share = 0.0
    """Smallest share of the window that must be covered for a value."""


class PersonTime(Block):
    """Days at risk of everybody whom the source covers."""

    kind: Literal["person_time"]
    """What the rate is per."""


class Population(Block):
    """People who live in the area in the middle of the period."""

    kind: Literal["population"]
    """What the rate is per."""


class Events(Block):
    """Other events, or days of spells such as occupied bed-days."""

    kind: Literal["events", "days"]
    """What the rate is per: a number of events, or the days that they last."""
    event: Event
    """Which."""


class Possible(Block):
    """What each record is out of, such as the possible sessions of a term: the rate is a share of it."""

    kind: Literal["possible"]
    """What the rate is per. Totals of a term count where the whole term lies in the period."""


Denominator = Annotated[PersonTime | Population | Events | Possible, Field(discriminator="kind")]


class Measure(Block):
    """A rate over calendar time, by area or organisation."""

    id: Id
    """Name of the measure."""
    label: Text | None = None
    """What it is called in tables."""
    role: Literal["primary", "secondary", "safety", "negative_control"] = "secondary"
    """What it is for. A registered study has exactly one primary outcome or measure."""
    numerator: Event
    """What is counted."""
    denominator: Denominator
    """What it is per."""
    group_by: Annotated[tuple[Name, ...], Field(max_length=3)] = ()
    """At most three characteristics, each with few values."""
    every: Every
    """Length of a period."""
    per: Annotated[float, Field(gt=0)] = 1000.0
    """The rate is per so many units of the denominator."""
    area: Literal["none", "la_code", "lsoa21", "organisation"] = "none"
    """Whether it is split by place."""


class Rollout(Block):
    """Which unit starts when: a CSV file with the columns `unit` and `start`; a blank start is never.

    With a third column `share`, from 0 to 1, a unit has a line for each day on which the share of it that has
    been reached changes, such as of its staff trained.
    """

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+\.csv$", examples=["rollout.csv"])]
    """Name of the file, which lies beside the specification. Measures by place keep to the places in it."""
    dose_per: Annotated[float, Field(gt=0, le=1, examples=[0.1])] | None = None
    """Asks for the effect by dose too: of a share that is higher by this much (0.1 for ten points)."""


class Panel(Block):
    """One row for each person and period, for change over time."""

    every: Every
    """Length of a period."""
    from_days: Day
    """First day, from the anchor."""
    to_days: Day
    """Last day, from the anchor."""
    anchor: Literal["index", "calendar"] = "index"
    """Count from each person's index date, or from the start of the study period."""
