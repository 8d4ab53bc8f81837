"""The first adversity is day 0, and windows are days counted from it with both ends included."""

from __future__ import annotations

import pytest

from tests.spec.models.region import Region, day

pytestmark = pytest.mark.slow


def test_a_window_holds_both_its_ends_and_never_day_0(region: Region) -> None:
    """Before is days -365 to -1; after is days 1 to 365 and 1 to 730; day 0 has a column of its own."""
    expected = {
        # attended: (before, day 0, 365, 730, first day from day 1), neglect on 2018-03-10
        "2017-03-09": (False, False, False, False, None),
        "2017-03-10": (True, False, False, False, None),
        "2018-03-09": (True, False, False, False, None),
        "2018-03-10": (False, True, False, False, None),
        "2018-03-11": (False, False, True, True, 1),
        "2019-03-10": (False, False, True, True, 365),
        "2019-03-11": (False, False, False, True, 366),
        "2020-03-09": (False, False, False, True, 730),
        "2020-03-10": (False, False, False, False, 731),
    }
    for attended in expected:
        child = region.person(f"attended {attended}")
        region.assessed(child, "2018-03-10", "16A")
        region.row("ecds_attendances", child, arrival_date=attended, attendance_category="1")
    columns = "outcome_before, outcome_day0, outcome_365, outcome_730, outcome_day"
    found = {
        attended: region.outcome(f"attended {attended}", "neglect", "emergency_attendance", columns)
        for attended in expected
    }
    assert found == expected


def test_the_first_qualifying_event_is_day_0(region: Region) -> None:
    """Of several events in a domain the first dates it; n_sources counts the tables that know of it."""
    region.person("ann")
    region.assessed("ann", "2019-06-01", "16A")
    region.planned("ann", "2018-09-01", "NEG")
    region.assessed("ann", "2018-03-10", "18C")
    columns = "adversity_domain, index_date, index_source, evidence_level, n_sources"
    assert region.of("adversity_outcome", "ann", columns, "outcome = 'death'") == [
        ("neglect", day("2018-09-01"), "cin_protection_plans", "plan", 2),
        ("physical_abuse", day("2018-03-10"), "cin_assessments", "assessed_concern", 1),
    ]


def test_everyone_with_an_adversity_has_a_row_for_every_outcome_and_nobody_else_has_any(
    region: Region,
) -> None:
    """There are no unexposed rows: no record is not no adversity."""
    region.person("exposed")
    region.person("not known")
    region.assessed("exposed", "2018-03-10", "16A")
    region.row("ecds_attendances", "not known", arrival_date="2018-04-01", attendance_category="1")
    outcomes = [outcome for (outcome,) in region.of("adversity_outcome", "exposed", "outcome")]
    assert outcomes == [
        "becoming_looked_after",
        "death",
        "emergency_admission",
        "emergency_attendance",
        "mental_health_referral",
        "police_suspect",
        "police_victim",
        "re_referral",
        "self_harm_admission",
        "suspension",
    ]
    assert region.of("adversity_outcome", "not known", "outcome") == []


def test_the_event_that_dates_the_adversity_is_never_its_outcome(region: Region) -> None:
    """A child's first crime as a victim is not its own outcome; another one on the same day is."""
    for child, crimes in {"one crime": ["c1"], "two crimes": ["c2", "c3"]}.items():
        region.person(child)
        for crime in crimes:
            offence = {"c1": "8N", "c2": "8N", "c3": "45"}[crime]
            region.crime(
                crime, recorded_date="2019-05-05", committed_from_date="2019-05-05", ho_offence_code=offence
            )
            region.involved(child, crime, "victim")
    columns = "outcome_day0, outcome_365"
    assert region.outcome("one crime", "community_violence_victim", "police_victim", columns) == (
        False,
        False,
    )
    assert region.outcome("two crimes", "community_violence_victim", "police_victim", columns) == (
        True,
        False,
    )


def test_a_later_event_of_the_same_kind_is_an_outcome(region: Region) -> None:
    """Being a victim again is what many studies ask about."""
    region.person("ann")
    for crime, committed in {"c1": "2019-05-05", "c2": "2019-08-01"}.items():
        region.crime(crime, recorded_date=committed, committed_from_date=committed, ho_offence_code="8N")
        region.involved("ann", crime, "victim")
    assert region.outcome(
        "ann", "community_violence_victim", "police_victim", "outcome_365, outcome_day"
    ) == (True, 88)


def test_the_first_record_may_not_be_the_first_event(region: Region) -> None:
    """index_is_first asks whether the source covered the 365 days before, or else all of the child's life."""
    for child, born, assessed in [
        ("seen for a year", "2010-05-01", "2016-01-01"),
        ("seen for a day less", "2010-05-01", "2015-12-31"),
        ("seen since birth", "2015-10-01", "2016-01-20"),
    ]:
        region.person(child, born)
        region.assessed(child, assessed, "16A")
    region.person(
        "moved in", lives=[("elsewhere", "2010-05-20", "2018-01-31"), ("bristol", "2018-02-01", None)]
    )
    region.assessed("moved in", "2018-03-01", "16A")
    found = {
        child: region.outcome(child, "neglect", "death", "index_is_first")[0]
        for child in ("seen for a year", "seen for a day less", "seen since birth", "moved in")
    }
    assert found == {
        "seen for a year": True,
        "seen for a day less": False,
        "seen since birth": True,
        "moved in": False,
    }


def test_age_area_and_deprivation_are_those_of_day_0(region: Region) -> None:
    """Ages count from the 15th of the month of birth; home is where the child lived on the day."""
    region.person(
        "ann", "2010-05-01", lives=[("bristol", "2010-05-20", "2019-12-31"), ("bath", "2020-01-01", None)]
    )
    region.assessed("ann", "2018-05-14", "16A")
    region.assessed("ann", "2018-05-15", "18C")
    columns = "adversity_domain, age_index_years, la_code, imd_quintile is not null"
    assert region.of("adversity_outcome", "ann", columns, "outcome = 'death'") == [
        ("neglect", 7, "E06000023", True),
        ("physical_abuse", 8, "E06000023", True),
    ]
