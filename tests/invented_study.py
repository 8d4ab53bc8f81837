"""A small study of invented people for the documentation of the engine: state who is there, ask what comes.

Day 0 is an incident at home recorded by the police; being seen by a mental-health service decides the arm;
suspension and emergency attendances are outcomes. Everybody is ten, lives in the area throughout, can be
linked to every table, and every table covers everything. A test says what is otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from outcome_linkage.evaluation.engine.attrition import Delivered
from outcome_linkage.evaluation.engine.given import from_given, make_inputs
from outcome_linkage.evaluation.engine.run import make
from outcome_linkage.evaluation.shape import shaped
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.examples import Given
from outcome_linkage.linkage_quality.recall import Recall

DAY_0 = date(2021, 6, 1)
SOURCES = ("police_incidents", "mhsds_referrals", "school_exclusions", "ecds_attendances")
PLACES = {
    "incident": ("police_incidents", "domestic_abuse"),
    "seen": ("mhsds_referrals", "mental_health_referral"),
    "suspended": ("school_exclusions", "suspension"),
    "attended": ("ecds_attendances", "emergency_attendance"),
}
STUDY: dict[str, Any] = {
    "schema_version": 1,
    "id": "invented",
    "title": "Invented",
    "version": "0.1.0",
    "governance": {"purpose": "learning", "data_agreements": ["INVENTED-1"]},
    "study_period": {"start": "2020-04-01", "end": "2024-03-31"},
    "sources": {"use": list(SOURCES)},
    "design": {"type": "cohort"},
    "index": {"event": {"concept": "domestic_abuse", "source": "police_incidents"}},
    "arms": [
        {
            "id": "seen",
            "label": "Seen",
            "when": {
                "event": {
                    "concept": "mental_health_referral",
                    "source": "mhsds_referrals",
                    "window": [0, 60],
                }
            },
        },
        {"id": "not_seen", "label": "Not seen", "when": "otherwise"},
    ],
    "assignment": {"strategy": "landmark", "landmark_days": 60},
    "followup": {"start_days": 61, "horizon_days": 425},
    "outcomes": [
        {
            "id": "suspended",
            "role": "primary",
            "kind": "binary",
            "event": {"concept": "suspension", "source": "school_exclusions"},
            "window": [61, 425],
        },
        {
            "id": "attended",
            "role": "secondary",
            "kind": "count",
            "event": {"concept": "emergency_attendance", "source": "ecds_attendances"},
            "window": [61, 425],
        },
        {
            "id": "first",
            "role": "secondary",
            "kind": "time_to_event",
            "event": {"concept": "emergency_attendance", "source": "ecds_attendances"},
            "window": [61, 425],
            "competing": ["death"],
        },
    ],
}


def study(**changes: Any) -> Evaluation:
    """The study with some blocks replaced."""
    found = shaped({**deepcopy(STUDY), **changes})
    assert isinstance(found, Evaluation), found
    return found


def outcome(kind: str = "binary", **changes: Any) -> dict[str, Any]:
    """An outcome of the study, of suspension unless it says otherwise."""
    return {**deepcopy(STUDY["outcomes"][0]), "kind": kind, **changes}


def on(day: int) -> date:
    """A day counted from everybody's day 0."""
    return DAY_0 + timedelta(day)


@dataclass
class Invented:
    """Invented people and the tables that a study makes of them."""

    people: dict[str, Given] = field(default_factory=dict)
    more: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    def person(self, name: str, *events: tuple[str, int], index: bool = True, **facts: Any) -> str:
        """A person with an incident on day 0, unless `index` is false, and these events by day."""
        happened = [("incident", 0), *events] if index else list(events)
        person = {"dob": date(2011, 5, 1), "sex": "F", "area": "bristol", "linkable": SOURCES, **facts}
        recorded = tuple((*PLACES[what], on(day)) for what, day in happened)
        self.people[name] = Given.model_validate({"person": person, "events": recorded})
        return name

    def but(self, sql: str) -> None:
        """Something that is otherwise in the inputs."""
        self.changed.append(sql)

    def make(
        self, of: Evaluation | None = None, folder: Path | None = None, recalls: Sequence[Recall] = ()
    ) -> duckdb.DuckDBPyConnection:
        """The tables of a study, in a database of its own."""
        of = of or study()
        connection = duckdb.connect(config={"threads": 1})
        make_inputs(connection, {})
        from_given(connection, of, self.people, **self.more)
        for sql in self.changed:
            connection.execute(sql)
        make(connection, of, Delivered(read=1000, current=900), folder, recalls)
        return connection

    def of(self, name: str, *columns: str, study: Evaluation | None = None) -> tuple[Any, ...] | None:
        """Columns of a person in `ev_person`; None for somebody who is not in it."""
        sql = f"select {', '.join(columns)} from ev_person where person_key = ? order by trial_no, arm"
        return self.make(study).execute(sql, [name]).fetchone()

    def ask(self, sql: str, of: Evaluation | None = None) -> Sequence[tuple[Any, ...]]:
        """The rows of a query on the tables."""
        return self.make(of).execute(sql).fetchall()
