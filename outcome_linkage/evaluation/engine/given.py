"""The inputs of invented people: what the examples of a study, and its tests, say is recorded of them.

Each table of the study has one supplier of its own, which covers everybody from birth. A person can be linked
to the tables that are listed, and to those that hold an event of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb

from outcome_linkage.evaluation.engine.inputs import INPUTS
from outcome_linkage.evaluation.engine.step import listed
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.examples import Given, Happened

FOR_EVER = date(2999, 12, 31)
SEX = {"F": "female", "M": "male", "U": "unknown"}
Rows = dict[str, list[dict[str, Any]]]


def from_given(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, people: Mapping[str, Given], **more: Any
) -> None:
    """Make the inputs of invented people, by the id that each is to have. `more` are rows to add by input."""
    rows: Rows = {name: list(more.get(name, ())) for name in INPUTS}
    rows["in_source"] += [
        {"source": name, "supplier": name, "register": False, "covers_to": FOR_EVER}
        for name in study.sources.use
    ]
    rows["in_domain"] += [
        {"domain": domain, "source": source, "read_from": "child", "in_score": True}
        for domain in (study.adversity.domains if study.adversity else ())
        for source in study.sources.use
    ]
    for person_id, given in people.items():
        _add(rows, study, person_id, given)
    make_inputs(connection, rows)


def make_inputs(
    connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Sequence[Mapping[str, Any]]]
) -> None:
    """Inputs with these rows; a column that is not stated is null."""
    for name, columns in INPUTS.items():
        values = [[row.get(column) for column in columns] for row in rows.get(name, ())]
        connection.execute(f"create or replace temp table {name} as {listed(columns, values)}")


def _add(rows: Rows, study: Evaluation, person_id: str, given: Given) -> None:
    person, ends = given.person, given.person.moved_out or FOR_EVER
    rows["in_person"].append(
        {
            "person_id": person_id,
            "birth_month": person.dob.replace(day=1),
            "sex": SEX[person.sex],
            "ethnicity5": "Unknown",
            "death_date": person.died,
        }
    )
    rows["in_area"].append({"person_id": person_id, "area_from": person.dob.replace(day=1), "area_to": ends})
    domains = set(study.adversity.domains) if study.adversity else set()
    found = {event[0] for event in given.events}
    for number, event in enumerate(given.events):
        rows["in_event"].append(_event(person_id, number, event, domains))
    for source in study.sources.use:
        known = source in person.linkable or source in found
        facts = {"person_id": person_id, "supplier": source}
        rows["in_link"].append(
            {**facts, "linkable": known, "linked": source in found, "withheld": False, "linkable_from": None}
        )
        rows["in_coverage"].append({**facts, **_covered(study, given, source)})


def _event(person_id: str, number: int, event: Happened, domains: set[str]) -> dict[str, Any]:
    source, concept, day = event[:3]
    return {
        "person_id": person_id,
        "event_id": f"{person_id} {number}",
        "source_event_id": f"{person_id} {number}",
        "concept": concept,
        "source": source,
        "supplier": source,
        "event_date": day,
        "whose_record": "child",
        "counts": "yes",
        "is_adversity": concept in domains,
        "in_score": True,
        "value": event[3] if len(event) > 3 else None,
    }


def _covered(study: Evaluation, given: Given, source: str) -> dict[str, Any]:
    person = given.person
    last = FOR_EVER
    if person.covered_to_day is not None:
        last = day_0(study, given) + timedelta(person.covered_to_day)
    ends = {
        "coverage_end": last,
        "moved_out": person.moved_out or FOR_EVER,
        "death": person.died or FOR_EVER,
    }
    ended_by = min(ends, key=lambda name: ends[name])
    if person.died and person.died <= ends[ended_by] + timedelta(1):
        ended_by = "death"
    opens = person.dob.replace(day=1)
    return {
        "source": source,
        "interval_from": opens,
        "interval_to": max(ends[ended_by], opens),
        "covered": True,
        "ended_by": ended_by,
    }


def day_0(study: Evaluation, given: Given) -> date:
    """The day from which an invented person's days count: the first index event, or the day of the study."""
    index = study.index
    if index is not None and index.event is not None:
        wanted = (index.event.source, index.event.concept)
        days = sorted(event[2] for event in given.events if tuple(event[:2]) == wanted)
        return next((day for day in days if day >= study.study_period.start), study.study_period.start)
    return index.date if index is not None and index.date is not None else study.study_period.start
