"""A zero must be earned: what a silence is worth, and how each value says why it is missing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import key
from tests.spec.models.region import LSOA, Region

pytestmark = pytest.mark.slow
VALUE = "outcome_365, status_365, in_denominator_365"
SILENT = (None, "not_covered", False)
EARNED = (False, "observed", True)


def neglected(region: Region, name: str, on: str = "2018-03-10", **person: Any) -> str:
    """A person with neglect assessed in Bristol."""
    region.person(name, **person)
    region.assessed(name, on, "16A")
    return name


def attended(region: Region, name: str, on: str) -> None:
    region.row("ecds_attendances", name, arrival_date=on, attendance_category="1")


def value(
    region: Region, name: str, outcome: str = "emergency_attendance", columns: str = VALUE
) -> tuple[Any, ...]:
    return region.outcome(name, "neglect", outcome, columns)


def test_a_silence_is_a_no_where_the_person_was_linkable_and_covered_throughout(region: Region) -> None:
    """Ann lives in the area, is known there, and nothing happened: that is a no."""
    neglected(region, "ann")
    assert value(region, "ann", columns=VALUE + ", days_observed_365") == (*EARNED, 365)


def test_time_outside_the_area_is_not_covered(region: Region) -> None:
    """Ben had left for elsewhere before the window opened."""
    neglected(
        region, "ben", lives=[("bristol", "2010-05-20", "2018-03-10"), ("elsewhere", "2018-03-11", None)]
    )
    assert value(region, "ben", columns=VALUE + ", days_observed_365, end_day") == (*SILENT, 0, None)


def test_unknown_residence_is_not_covered(region: Region) -> None:
    """Without a known home nobody can say which source would have seen Cal."""
    neglected(region, "cal", lives=[])
    assert value(region, "cal") == SILENT


def test_time_for_which_nobody_delivered_is_not_covered(region: Region) -> None:
    """The deliveries in use end before the window opens."""
    region.delivers("bnssg_icb", "ecds_attendances", ("2015-01-01", "2017-12-31"))
    neglected(region, "dan")
    assert value(region, "dan") == SILENT


def test_a_window_covered_in_part_is_a_yes_when_seen_and_nothing_otherwise(region: Region) -> None:
    """Both leave after 100 days; one attended before, and is in no denominator all the same."""
    stay = [("bristol", "2010-05-20", "2018-06-18")]
    neglected(region, "eve", lives=stay)
    neglected(region, "fay", lives=stay)
    attended(region, "fay", "2018-04-01")
    columns = VALUE + ", days_observed_365, end_day, end_reason"
    assert value(region, "eve", columns=columns) == (None, "partly_covered", False, 100, 100, "moved_out")
    assert value(region, "fay", columns=columns) == (True, "partly_covered", False, 100, 100, "moved_out")


def test_a_denominator_counts_who_was_followed_whether_or_not_an_event_was_seen(region: Region) -> None:
    """Of four children two were followed for a year; yes out of all yes and no would make the risk 2 in 3."""
    leaves = [("bristol", "2010-05-20", "2018-06-18")]
    for name, lives in [
        ("stays", None),
        ("stays, attends", None),
        ("leaves", leaves),
        ("leaves, attends", leaves),
    ]:
        neglected(region, name, lives=lives)
        if "attends" in name:
            attended(region, name, "2018-04-01")
    counted = "count(*) filter (where outcome_365), count(*) filter (where not outcome_365), count(*)"
    everyone = f"select {counted} from adversity_outcome where outcome = 'emergency_attendance'"
    assert region.ask(everyone) == [(2, 1, 4)]
    assert region.ask(f"{everyone} and in_denominator_365") == [(1, 1, 2)]


def test_an_event_seen_proves_that_its_day_was_covered(region: Region) -> None:
    """Gus has no known home, yet was seen: a yes, in a window covered in part and in no denominator."""
    neglected(region, "gus", lives=[])
    attended(region, "gus", "2018-04-01")
    assert value(region, "gus") == (True, "partly_covered", False)


def test_a_declared_gap_leaves_the_window_covered_in_part(region: Region) -> None:
    """Days in a gap are not observed; days after it are, but unbroken follow-up ends where it begins."""
    region.gap("bnssg_icb", "ecds_attendances", "2018-06-01", "2018-06-30", "system change")
    neglected(region, "hal")
    columns = VALUE + ", days_observed_365, end_day, end_reason"
    assert value(region, "hal", columns=columns) == (None, "partly_covered", False, 335, 82, "coverage_end")


def test_who_died_first_had_no_event(region: Region) -> None:
    """A death within the window ends the follow-up and earns the no; it counts in the denominator."""
    neglected(region, "ida")
    region.row("deaths", "ida", death_date="2018-05-01")
    columns = VALUE + ", days_observed_365, end_day, end_reason"
    assert value(region, "ida", columns=columns) == (*EARNED, 52, 52, "death")
    assert value(region, "ida", "death") == (True, "observed", True)


def test_who_left_before_dying_was_not_followed_to_the_death(region: Region) -> None:
    """Between leaving and death anything may have happened unseen."""
    neglected(region, "jan", lives=[("bristol", "2010-05-20", "2018-04-01")])
    region.row("deaths", "jan", death_date="2018-05-01")
    assert value(region, "jan") == (None, "partly_covered", False)


def test_a_registration_closed_the_day_before_the_death_was_followed_to_it(region: Region) -> None:
    """Registrations are closed on either day."""
    neglected(region, "jon", lives=[("bristol", "2010-05-20", "2018-04-30")])
    region.row("deaths", "jon", death_date="2018-05-01")
    assert value(region, "jon", columns=VALUE + ", end_reason") == (*EARNED, "death")


def test_follow_up_ends_with_the_first_break(region: Region) -> None:
    """Joy was away for a month: observed days go on after it, unbroken follow-up does not."""
    away = [("bristol", "2010-05-20", "2018-05-31"), ("elsewhere", "2018-06-01", "2018-06-30")]
    neglected(region, "joy", lives=[*away, ("bristol", "2018-07-01", None)])
    columns = VALUE + ", days_observed_365, end_day, end_reason"
    assert value(region, "joy", columns=columns) == (None, "partly_covered", False, 335, 82, "moved_out")


def test_a_death_on_day_0_leaves_no_day_on_which_to_die(region: Region) -> None:
    """Other outcomes are a no, as the child died first; death itself stands under day 0 only."""
    neglected(region, "kit")
    region.row("deaths", "kit", death_date="2018-03-10")
    assert value(region, "kit") == EARNED
    assert value(region, "kit", "death", VALUE + ", outcome_day0") == (None, "not_applicable", False, True)


def test_who_could_not_be_found_at_the_source_is_not_linkable(region: Region) -> None:
    """Liv's identifiers cannot pass any stage with the health board, so its silence says nothing."""
    council = [("bristol", "E06000023", "2010-05-20", None)]
    neglected(region, "liv", lives=[], address=council, known_to=["bristol"], linkable_to=["bristol"])
    assert value(region, "liv") == (None, "not_linkable", False)
    assert value(region, "liv", "re_referral") == EARNED


def test_a_person_counts_as_linkable_only_from_the_day_they_are(region: Region) -> None:
    """Time before is worth nothing, or people would seem immortal until their records begin."""
    neglected(region, "max", linkable_from="2018-06-01")
    neglected(region, "may", linkable_from="2020-01-01")
    columns = VALUE + ", days_observed_365"
    assert value(region, "max", columns=columns) == (None, "partly_covered", False, 283)
    assert value(region, "may", columns=columns) == (None, "not_linkable", False, 0)


def test_who_is_missing_from_a_register_they_should_be_on_is_not_linked(region: Region) -> None:
    """The health board registers all who live in its area, and Ned was not found; the police do not."""
    council = [("bristol", "E06000023", "2010-05-20", None)]
    neglected(region, "ned", lives=[], address=council, known_to=["bristol"])
    assert value(region, "ned") == (None, "not_linked", False)
    assert value(region, "ned", "police_victim") == EARNED


def test_rows_hidden_by_an_objection_are_withheld(region: Region) -> None:
    """Ona objected at the health board; what the councils know stays."""
    neglected(region, "ona")
    region.row("opt_outs", "ona", "bnssg_icb", scope="supplier", kind="type_1")
    assert value(region, "ona") == (None, "withheld", False)
    assert value(region, "ona", "re_referral") == EARNED


def test_rows_that_were_withdrawn_before_are_withheld(region: Region) -> None:
    """Oda's record at the health board has a tombstone, with the person it belonged to; no list names it."""
    council = [("bristol", "E06000023", "2010-05-20", None)]
    neglected(region, "oda", lives=[], address=council, known_to=["bristol"])
    tombstone = {"supplier": "bnssg_icb", "record_key": key("bnssg_icb", "oda"), "scope": "supplier"}
    region.sources["registry.tombstones"] = [{**tombstone, "person_id": key("oda")}]
    assert value(region, "oda") == (None, "withheld", False)
    assert value(region, "oda", "re_referral") == EARNED


def test_a_concept_cannot_be_the_adversity_and_its_outcome(region: Region) -> None:
    """Start of care dates parental separation or loss, so that becoming looked after is no outcome of it."""
    neglected(region, "pat")
    region.row("ssda903_episodes", "pat", decom="2018-03-20", rne="S", ls="C2", cin="N8")
    care = region.outcome("pat", "parental_separation_or_loss", "becoming_looked_after", VALUE)
    assert care == (None, "not_applicable", False)
    assert value(region, "pat", "becoming_looked_after") == (True, "observed", True)


def test_an_outcome_that_cannot_happen_at_that_age_is_not_applicable(region: Region) -> None:
    """Schools suspend from 5 to 16; a suspect is 10 or over; looked-after children are under 18."""
    neglected(region, "infant", born="2016-05-01", lives=[("bristol", "2016-05-20", None)])
    neglected(region, "pupil", born="2010-05-01")
    columns = "outcome_365, status_365"
    assert value(region, "infant", "suspension", columns) == (None, "not_applicable")
    assert value(region, "infant", "police_suspect", columns) == (None, "not_applicable")
    assert value(region, "infant", "becoming_looked_after", columns) == (False, "observed")
    assert value(region, "pupil", "suspension", columns) == (False, "observed")


def test_childrens_social_care_ends_at_18_and_health_goes_on(region: Region) -> None:
    """Quin turns 18 on the 15th of May, on day 66: time from there on is not at risk of a re-referral."""
    neglected(region, "quin", born="2000-05-01", lives=[("bristol", "2000-05-20", None)])
    columns = VALUE + ", days_observed_365, end_day, end_reason"
    assert value(region, "quin", "re_referral", columns) == (
        None,
        "partly_covered",
        False,
        65,
        65,
        "age_limit",
    )
    assert value(region, "quin") == EARNED


def test_who_reaches_the_age_within_the_window_is_at_risk_for_a_part(region: Region) -> None:
    """Rae turns 5 on day 66: 300 days at risk are not the whole window, so no zero is earned."""
    neglected(region, "rae", born="2013-05-01", lives=[("bristol", "2013-05-20", None)])
    assert value(region, "rae", "suspension", VALUE + ", days_observed_365") == (
        None,
        "partly_covered",
        False,
        300,
    )


def test_a_record_that_cannot_be_judged_leaves_the_value_missing_in_source(region: Region) -> None:
    """Sam was admitted with no diagnosis recorded: an admission for certain, self-harm or not."""
    neglected(region, "sam")
    region.row("apc_episodes", "sam", admidate="2018-07-01", admimeth="21", epistat="3", epitype="1")
    assert value(region, "sam", "emergency_admission") == (True, "observed", True)
    assert value(region, "sam", "self_harm_admission") == (None, "missing_in_source", False)


def test_an_unknown_birth_month_leaves_outcomes_with_ages_missing_in_source(region: Region) -> None:
    """Nobody can say whether the child was of school age; death has no ages."""
    neglected(region, "tom", born=None)
    assert value(region, "tom", "suspension") == (None, "missing_in_source", False)
    assert value(region, "tom", "death") == EARNED


def test_of_several_reasons_the_first_in_the_order_is_given(region: Region) -> None:
    """withheld, not_applicable, not_linkable, not_linked, not_covered, partly_covered, missing_in_source."""
    council = [("bristol", "E06000023", "2010-05-20", "2018-04-01")]
    only_bristol = {"lives": [], "known_to": ["bristol"], "linkable_to": ["bristol"]}
    hidden = neglected(region, "hidden and too young", born="2016-05-01", lives=[])
    region.row("opt_outs", hidden, scope="supplier", kind="type_1", supplier="bristol")
    neglected(region, "too young and not linkable", born="2016-05-01", **only_bristol)
    neglected(region, "not linkable and not covered", **only_bristol)
    neglected(region, "not linked and covered in part", lives=[], address=council, known_to=["bristol"])
    blank = neglected(region, "covered in part and blank", lives=[("bristol", "2010-05-20", "2018-08-01")])
    region.row("apc_episodes", blank, admidate="2018-07-01", admimeth="21", epistat="3", epitype="1")
    expected = {
        ("hidden and too young", "suspension"): "withheld",
        ("too young and not linkable", "police_suspect"): "not_applicable",
        ("not linkable and not covered", "emergency_admission"): "not_linkable",
        ("not linked and covered in part", "emergency_admission"): "not_linked",
        ("covered in part and blank", "self_harm_admission"): "partly_covered",
    }
    assert {pair: value(region, *pair, columns="status_365")[0] for pair in expected} == expected


def test_the_year_before_is_judged_by_the_same_rules(region: Region) -> None:
    """A year before in the area earns a no; a life shorter than a year is followed since birth."""
    neglected(region, "settled")
    neglected(
        region, "moved in", lives=[("elsewhere", "2010-05-20", "2018-01-31"), ("bristol", "2018-02-01", None)]
    )
    neglected(region, "baby", born="2017-12-01", lives=[("bristol", "2017-12-10", None)])
    neglected(region, "unborn", born="2018-05-01", lives=[("bristol", "2018-05-10", None)])
    columns = "outcome_before, status_before"
    assert value(region, "settled", columns=columns) == (False, "observed")
    assert value(region, "moved in", columns=columns) == (None, "partly_covered")
    assert value(region, "baby", columns=columns) == (False, "observed")
    assert value(region, "unborn", columns=columns) == (None, "not_applicable")


def test_the_weaker_of_two_links_is_shown(region: Region) -> None:
    """Uma is surely Bristol's child and only probably the health board's patient."""
    neglected(region, "uma", levels={"bristol": "strict", "bnssg_icb": "broad"})
    assert value(region, "uma", columns="link_level") == ("broad",)
    assert value(region, "uma", "re_referral", "link_level") == ("strict",)


def test_follow_up_goes_on_across_a_move_within_the_area_of_all_suppliers(region: Region) -> None:
    """Vic moves from one council to the next: each council's table takes over where the other stopped."""
    moves = [("bristol", "2010-05-20", "2018-06-30"), ("north_somerset", "2018-07-01", None)]
    neglected(region, "vic", lives=moves)
    region.row(
        "residence", "vic", lsoa21=LSOA["north_somerset"], valid_from="2018-07-01", valid_to="2018-12-31"
    )
    assert value(region, "vic", "suspension") == EARNED
    assert value(region, "vic") == EARNED
