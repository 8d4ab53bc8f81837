"""What a measure counts.

The library (`reference/measures.csv`, `docs/measures.md`) says of each measure what it is. `measure_event`
holds those that are neither an outcome of the standing table nor an adversity.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.models.region import Region

TERM = {"school_id": "980000", "academic_year": 2020, "term": "AUT", "roll": "on"}
ASSAULT = "361269008"


@pytest.fixture
def region() -> Region:
    """A region with one person."""
    found = Region()
    found.person("Ada", "2006-05-01")
    return found


def events(region: Region, concept: str, columns: str = "cast(event_date as varchar)") -> list[Any]:
    """What the mart says of Ada and one measure."""
    return region.of("measure_event", "Ada", columns, f"concept = '{concept}'")


def attended(region: Region, day: str, number: str, **columns: Any) -> None:
    """An unplanned attendance of Ada."""
    plain = {"attendance_id": number, "arrival_date": day, "attendance_category": "1"}
    region.row("ecds_attendances", "Ada", **plain, **columns)


def hurt(region: Region, day: str, number: str) -> None:
    """A recorded assault with injury of which Ada is the victim."""
    region.crime(number, ho_offence_code="8N", recorded_date="2020-12-31", committed_from_date=day)
    region.involved("Ada", number, "victim")


def test_absence_leaves_out_what_a_suspension_takes(region: Region) -> None:
    """Half-days under suspension (code E) are neither missed nor possible."""
    region.row("school_pupils", "Ada", **TERM, entry_date="2017-09-01", termly_sessions_possible=140)
    for code, sessions in (("I", 6), ("O", 4), ("E", 10)):
        region.row("school_sessions", "Ada", **TERM, attendance_reason=code, sessions=sessions)
    term = "cast(event_date as varchar), cast(end_date as varchar), value, denominator"
    assert events(region, "absence_share_of_term", term) == [("2019-09-01", "2019-12-31", 10, 130)]
    assert events(region, "unauthorised_absence_share", "value, denominator") == [(4, 130)]


def test_whoever_missed_nothing_has_a_zero_where_attendance_was_sent(region: Region) -> None:
    """But a term of which the council has sent no attendance says nothing of anybody."""
    region.person("Ben", "2006-05-01")
    for name in ("Ada", "Ben"):
        region.row("school_pupils", name, **TERM, entry_date="2017-09-01", termly_sessions_possible=140)
        later = {**TERM, "term": "SPR"}
        region.row("school_pupils", name, **later, entry_date="2017-09-01", termly_sessions_possible=110)
    region.row("school_sessions", "Ben", **TERM, attendance_reason="I", sessions=2)
    assert events(region, "absence_share_of_term", "value, denominator") == [(0, 140)]


def test_who_vanishes_from_the_rolls_has_left_at_the_end_of_the_last_term(region: Region) -> None:
    """Without a day of leaving; a pupil whom another school of the region takes has not left."""
    region.person("Ben", "2006-05-01")
    region.person("Cat", "2006-05-01")
    for name in ("Ada", "Ben", "Cat"):
        region.row("school_pupils", name, **TERM, entry_date="2017-09-01")
    region.row(
        "school_pupils", "Ben", **{**TERM, "term": "SPR", "school_id": "980001"}, entry_date="2020-01-06"
    )
    region.row("school_pupils", "Cat", **{**TERM, "term": "SPR"}, entry_date="2017-09-01")
    assert events(region, "left_roll") == [("2020-01-01",)]
    assert region.of("measure_event", "Ben", "event_date", "concept = 'left_roll'") == []
    assert region.of("measure_event", "Cat", "event_date", "concept = 'left_roll'") == []
    assert events(region, "on_roll", "cast(end_date as varchar), organisation_id, belongs") == [
        ("2019-12-31", "980000", True)
    ]


def test_an_attendance_after_assault_has_one_record_of_the_police(region: Region) -> None:
    """The nearest; a record serves one attendance, and a longer time finds more."""
    attended(region, "2020-03-02", "first", injury_intent=ASSAULT)
    attended(region, "2020-03-06", "second", injury_intent=ASSAULT)
    hurt(region, "2020-03-01", "crime")
    hurt(region, "2020-02-20", "long before")
    assert len(events(region, "ed_assault")) == 2
    for within in (1, 2, 7):
        assert events(region, f"ed_assault_police_{within}d") == [("2020-03-02",)]


def test_a_record_of_the_police_may_come_after_the_attendance(region: Region) -> None:
    attended(region, "2020-03-02", "one", injury_intent=ASSAULT)
    hurt(region, "2020-03-04", "crime")
    assert events(region, "ed_assault_police_1d") == []
    assert events(region, "ed_assault_police_2d", "value") == [(-2,)]


def test_an_attendance_of_which_nothing_is_recorded_may_be_anything(region: Region) -> None:
    """It earns nobody a zero; one that is planned does not count at all."""
    attended(region, "2020-03-02", "blank")
    region.row("ecds_attendances", "Ada", arrival_date="2020-04-02", attendance_category="4")
    for concept in ("ed_self_harm", "ed_assault"):
        assert events(region, concept, "counts") == [("unknown",)]


def test_a_crime_with_no_day_of_its_own_cannot_be_judged(region: Region) -> None:
    region.crime("dated", committed_from_date="2020-02-01")
    region.crime("undated")
    for crime in ("dated", "undated"):
        region.involved("Ada", crime, "suspect")
    judged = events(region, "police_suspect_committed", "cast(event_date as varchar), counts")
    assert sorted(judged) == [("2020-02-01", "yes"), ("2020-03-01", "unknown")]


def test_children_who_were_there_and_are_not_named_are_counted(region: Region) -> None:
    """On the record of one person of the incident, with their number."""
    region.person("mother", "1985-01-01")
    incident = {
        "incident_id": "one",
        "incident_date": "2020-05-01",
        "incident_type": "domestic",
        "n_children": 3,
    }
    region.row("police_incidents", "mother", **incident, role="victim", child_present=True)
    region.row("police_incidents", "Ada", **incident, role="involved_child", child_present=True)
    told = region.of("measure_event", "mother", "concept, value", "concept like 'domestic_incident%'")
    assert told == [("domestic_incident_not_named", 2), ("domestic_incident_present", 3)]
    assert events(region, "domestic_incident_child") == [("2020-05-01",)]


def test_a_restraint_is_one_incident_on_the_ward_of_the_stay(region: Region) -> None:
    """However many types it had; a type that is no restraint is a restrictive intervention all the same."""
    region.row("mhsds_ward_stays", "Ada", ward_stay_id="stay", ward="WD01", start_date="2020-01-01")
    held = {"incident_id": "one", "ward_stay_id": "stay", "start_date": "2020-01-05"}
    region.row("mhsds_restrictive_interventions", "Ada", **held, intervention_type="01")
    region.row("mhsds_restrictive_interventions", "Ada", **held, intervention_type="10")
    alone = {"incident_id": "two", "ward_stay_id": "stay", "start_date": "2020-01-06"}
    region.row("mhsds_restrictive_interventions", "Ada", **alone, intervention_type="05")
    assert events(region, "restraint", "organisation_id, organisation_kind") == [("WD01", "ward")]
    assert len(events(region, "restrictive_intervention")) == 2


def test_a_homelessness_case_is_one_for_each_person_in_it(region: Region) -> None:
    """Its duties are spells of their own."""
    for duty, start, end in (("prevention", "2020-01-01", "2020-02-01"), ("relief", "2020-02-02", None)):
        duties = {"case_id": "case", "assessment_date": "2020-01-01", "duty": duty}
        region.row("hclic_cases", None, "bristol", **duties, duty_start_date=start, duty_end_date=end)
    region.row("hclic_people", "Ada", case_id="case")
    assert events(region, "homelessness_case") == [("2020-01-01",)]
    assert len(events(region, "homelessness_duty")) == 2


def test_a_planned_stay_is_no_emergency(region: Region) -> None:
    for number, method in enumerate(("11", "21")):
        stay = {"admidate": f"2020-0{1 + number}-01", "admimeth": method, "epistat": "3", "epitype": "1"}
        region.row("apc_episodes", "Ada", **stay)
    assert events(region, "planned_admission") == [("2020-01-01",)]
    assert len(events(region, "hospital_stay")) == 2
