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

pytestmark = pytest.mark.slow
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
    assert [dose for (dose,) in rates(invented, tmp_path, columns="dose")] == [0, 1, 1, 0, 0]


def test_the_share_that_was_reached_is_a_mean_over_days(invented: Invented, tmp_path: Path) -> None:
    """E1: half of the staff from 15 August (47 of 92 days), all from October. E2 is not in the rollout."""
    lines = "unit,start,share\nE1,2021-08-15,0.5\nE1,2021-10-01,1\nE9,,\n"
    (tmp_path / "areas.csv").write_text(lines, encoding="utf-8")
    found = rates(invented, tmp_path, columns="area_code, phase, level, dose")
    assert found == [("E1", "pre", 0, 0.0), ("E1", "pre", 0, round(23.5 / 92, 6)), ("E1", "post", 1, 1.0)]


def test_what_is_not_recorded_cannot_split_a_rate(invented: Invented) -> None:
    """A score of adversity is of a person on day 0, which a rate over calendar time does not have."""
    with pytest.raises(NotRecorded, match="grouped by"):
        rates(invented, group_by=["a_score_cat"])


WARDS = {
    "area": "organisation",
    "denominator": {"kind": "days", "event": {**ATTENDED, "concept": "ward_stay"}},
}


def on_a_ward(invented: Invented, name: str, ward: str, first: date, last: date, stays: bool = True) -> None:
    """A stay, as an event with days and as a time with the ward."""
    facts = {"person_id": name, "organisation_id": ward}
    spell = {"event_id": f"{name} {ward}", "source_event_id": f"{name} {ward}", "concept": "ward_stay"}
    spell |= {"source": "ecds_attendances", "whose_record": "child", "counts": "yes"}
    invented.more.setdefault("in_event", []).append({**facts, **spell, "event_date": first, "end_date": last})
    if stays:
        stay = {**facts, "kind": "ward", "valid_from": first, "valid_to": last}
        invented.more.setdefault("in_organisation", []).append(stay)


def test_a_rate_can_be_per_day_on_a_ward(invented: Invented) -> None:
    """Ann's attendance of 1 June is on the ward where she is; Ben's says where it was."""
    on_a_ward(invented, "ann", "W1", date(2021, 5, 22), date(2021, 7, 10))
    on_a_ward(invented, "ben", "W2", date(2021, 6, 1), date(2021, 6, 10), stays=False)
    invented.more["in_event"].append(
        {
            "person_id": "ben",
            "event_id": "ben there",
            "source_event_id": "ben there",
            "concept": "emergency_attendance",
            "source": "ecds_attendances",
            "event_date": date(2021, 6, 9),
            "counts": "yes",
            "organisation_id": "W2",
        }
    )
    columns = "area_code, period_start, numerator, denominator"
    found = [row for row in rates(invented, columns=columns, **WARDS) if row[0] != "unknown"]
    assert found == [
        ("W1", date(2021, 4, 1), 1, 40.0),
        ("W1", date(2021, 7, 1), 0, 10.0),
        ("W2", date(2021, 4, 1), 1, 10.0),
    ]


def test_days_that_nobody_could_see_events_on_are_no_bed_days(invented: Invented) -> None:
    """Ben is covered to 3 June: three of his ten days on the ward."""
    invented.person("ben", sex="M", covered_to_day=2)
    on_a_ward(invented, "ben", "W2", date(2021, 6, 1), date(2021, 6, 10))
    assert rates(invented, columns="numerator, denominator", **WARDS) == [(0, 3.0)]


def test_a_share_of_what_is_possible_is_of_whole_terms(invented: Invented) -> None:
    """Of a term that runs on into the next half-year nothing counts in either."""
    for first, last, missed in (("2021-04-15", "2021-06-30", 10.0), ("2021-09-01", "2021-12-15", 99.0)):
        row = {"person_id": "ann", "event_id": first, "source_event_id": first, "concept": "absence"}
        row |= {"source": "ecds_attendances", "counts": "yes", "value": missed, "denominator": 100.0}
        row |= {"event_date": date.fromisoformat(first), "end_date": date.fromisoformat(last)}
        invented.more.setdefault("in_event", []).append(row)
    absence = {**ATTENDED, "concept": "absence"}
    share = {"numerator": absence, "denominator": {"kind": "possible"}, "area": "none"}
    columns = "period_start, numerator, denominator, rate"
    found = rates(invented, columns=columns, **share, every="6 months", per=100)
    assert found == [(date(2021, 4, 1), 10.0, 100.0, 10.0)]
