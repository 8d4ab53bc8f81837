"""Measures: rates by place and period, per covered time, before and after each place starts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outcome_linkage.evaluation.engine.area import NotRecorded, area_steps
from outcome_linkage.evaluation.engine.given import from_given
from outcome_linkage.evaluation.engine.step import take
from outcome_linkage.warehouse import connect
from tests.invented_study import STUDY, Invented, study

ATTENDED = {"concept": "emergency_attendance", "source": "ecds_attendances"}
MEASURE = {
    "id": "attendances",
    "numerator": ATTENDED,
    "denominator": {"kind": "person_time"},
    "every": "1 quarter",
    "area": "la_code",
}


@pytest.fixture
def invented() -> Invented:
    """Ann and Ben live in one place and attend; Cal lives in another, from the middle of 2021."""
    region = Invented()
    region.person("ann", ("attended", 0), ("attended", 100))
    region.person("ben", ("attended", 5), sex="M")
    region.person("cal", ("attended", 100))
    lives = [("ann", "E1", None), ("ben", "E1", None), ("cal", "E2", date(2021, 7, 1))]
    region.more["in_residence"] = [
        {
            "person_id": n,
            "la_code": la,
            "valid_from": since or date(2011, 5, 1),
            "valid_to": date(2999, 12, 31),
        }
        for n, la, since in lives
    ]
    return region


def rates(invented: Invented, folder: Path | None = None, columns: str = "*", **measure: Any) -> Any:
    period = {"start": "2021-04-01", "end": "2021-12-31"}
    rollout = {"rollout": {"file": "areas.csv"}} if folder else {}
    of = study(**{**STUDY, "study_period": period, "measures": [{**MEASURE, **measure}], **rollout})
    with connect() as connection:
        from_given(connection, of, invented.people, **invented.more)
        take(connection, area_steps(of, folder))
        order = "area_code, group1, period_start"
        return connection.execute(f"select {columns} from ev_area_period order by {order}").fetchall()


def test_a_rate_is_per_covered_time_where_it_was_lived(invented: Invented) -> None:
    """Two people for the 91 days from April, two attendances; Cal counts where and since he lives there."""
    found = rates(invented, columns="area_code, period_start, numerator, denominator, rate, covered_share")
    assert found[:2] == [
        ("E1", date(2021, 4, 1), 2, 182.0, round(2000 / 182, 6), 1.0),
        ("E1", date(2021, 7, 1), 1, 184.0, round(1000 / 184, 6), 1.0),
    ]
    assert found[3:] == [
        ("E2", date(2021, 7, 1), 1, 92.0, round(1000 / 92, 6), 1.0),
        ("E2", date(2021, 10, 1), 0, 92.0, 0.0, 1.0),
    ]


def test_time_that_nobody_could_see_is_no_time_at_risk(invented: Invented) -> None:
    """Ben is covered to the first day only: neither his time after it nor his attendance counts."""
    invented.person("ben", ("attended", 5), sex="M", covered_to_day=0)
    found = rates(invented, columns="numerator, denominator, covered_share")
    assert found[0] == (1, 91.0 + 62, round(153 / 182, 6))


def test_a_rate_can_be_per_person_or_per_other_event_and_by_group(invented: Invented) -> None:
    """People who live there in the middle of the period; or incidents of the period."""
    people = rates(invented, columns="group1, numerator, denominator", denominator={"kind": "population"},
                   group_by=["sex"])  # fmt: skip
    assert people[:1] + people[3:4] == [("female", 1, 1.0), ("male", 1, 1.0)]
    incidents = {"kind": "events", "event": {"concept": "domestic_abuse", "source": "police_incidents"}}
    found = rates(invented, columns="numerator, denominator", denominator=incidents, area="none")
    assert found[0] == (2, 2.0)


def test_each_place_has_a_before_and_an_after_of_its_own(invented: Invented, tmp_path: Path) -> None:
    """E1 starts in July; E2 never does."""
    (tmp_path / "areas.csv").write_text("unit,start\nE1,2021-07-01\nE2,\n", encoding="utf-8")
    found = rates(invented, tmp_path, columns="area_code, phase, months_since_start, t, level, trend")
    assert found == [
        ("E1", "pre", -3, 1, 0, 0),
        ("E1", "post", 0, 2, 1, 1),
        ("E1", "post", 3, 3, 1, 2),
        ("E2", None, None, 2, 0, 0),
        ("E2", None, None, 3, 0, 0),
    ]


def test_what_is_not_recorded_cannot_split_a_rate(invented: Invented) -> None:
    with pytest.raises(NotRecorded, match="organisation"):
        rates(invented, area="organisation")
    with pytest.raises(NotRecorded, match="grouped by"):
        rates(invented, group_by=["a_score_cat"])
