"""What councils deliver.

Two statutory returns, the school census, and three services of their own: one table for each element that
repeats, in the words of the return. What is legal in a return is kept, however odd; its own rules are looked
at later and reject nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from outcome_linkage.delivery.validating.validate import validate_frame
from schemas.catalogue import CONTRACTS
from tests.factories import rows

COUNCIL = [name for name, contract in CONTRACTS.items() if contract.sector == "local_authority"]


def faults(table: str, n: int, year: int | None = None, **columns: Any) -> list[tuple[object, ...]]:
    """Row, column and reason of what is rejected of `n` rows that are right but for `columns`."""
    _, rejected = validate_frame(rows(table, n, year, **columns), CONTRACTS[table], year)
    return rejected.select("_row", "column", "reason").rows()


@pytest.mark.parametrize("table", COUNCIL)
def test_a_right_row_of_every_table_is_kept(table: str) -> None:
    """Whatever the collection year."""
    assert faults(table, 20) == faults(table, 20, 2025) == []


def test_a_child_may_go_missing_twice_a_day() -> None:
    """Two times are two rows; only a whole row twice is one too many."""
    same = {"record_key": "a" * 32, "missing": "M", "mis_start": date(2024, 5, 1)}
    twice = faults(
        "ssda903_missing", 2, mis_end=[date(2024, 5, 1), date(2024, 5, 2)], birth_month=None, **same
    )
    again = faults("ssda903_missing", 2, mis_end=date(2024, 5, 1), birth_month=None, **same)
    assert (twice, [reason for *_, reason in again]) == ([], ["duplicate_row"])


@pytest.mark.parametrize("known", ["2016", "2016-05", None])
def test_a_date_may_be_known_in_part(known: str | None) -> None:
    """The return writes zz/05/2016 or zz/zz/2016 for an earlier order; here the part that is known stands."""
    assert faults("ssda903_prev_perm", 1, date_perm=known) == []


@pytest.mark.parametrize("unknown", ["zz/05/2016", "2016-13", "2016-05-09"])
def test_but_no_further_than_to_the_month(unknown: str) -> None:
    """A full date would say no more of a child than its month, and could be a date of birth."""
    assert faults("ssda903_prev_perm", 1, date_perm=unknown) == [(1, "date_perm", "wrong_pattern")]


def test_a_questionnaire_has_forty_points() -> None:
    """A score outside 0 to 40 is not one of the Strengths and Difficulties Questionnaire."""
    assert faults("ssda903_oc2", 3, sdq_score=[0, 40, 41]) == [(3, "sdq_score", "out_of_range")]


def test_accommodation_is_a_letter_and_whether_it_suits() -> None:
    """Except 0, for no information."""
    assert faults("ssda903_oc3", 3, accom=["B1", "0", "B"]) == [(3, "accom", "not_in_code_list")]


def test_activities_are_those_of_the_year() -> None:
    """Apprenticeships were set apart from training and employment in 2022."""
    assert faults("ssda903_oc3", 2, 2021, activ=["F3", "F4"]) == [(2, "activ", "not_in_code_list")]
    assert faults("ssda903_oc3", 2, 2022, activ=["F3", "F4"]) == [(1, "activ", "not_in_code_list")]


def test_a_disability_is_one_row_each() -> None:
    """The same one twice is one too many; NONE says that the council knows of none."""
    child = {"record_key": "a" * 32}
    assert faults("cin_disabilities", 2, disability=["MOB", "AUT"], **child) == []
    assert faults("cin_disabilities", 1, disability="NONE", **child) == []


def test_a_plan_that_ends_before_it_begins_is_kept() -> None:
    """The census has a rule of its own for it (4011): it is told to the council, and the row stays."""
    assert faults("cin_plans", 1, plan_start_date=date(2024, 5, 2), plan_end_date=date(2024, 5, 1)) == []


def test_attendance_codes_are_those_of_the_year() -> None:
    """The codes of August 2024 and the retired ones meet in 2025: its first census looks back at summer."""
    codes = {"attendance_reason": ["Y", "Y1", "#"], "sessions": 3}
    assert faults("school_sessions", 3, 2024, **codes) == [(2, "attendance_reason", "not_in_code_list")]
    assert faults("school_sessions", 3, 2025, **codes) == []
    assert faults("school_sessions", 3, 2026, **codes) == [(1, "attendance_reason", "not_in_code_list")]


def test_a_pupil_of_two_schools_has_a_row_at_each() -> None:
    """One at each, and not two different ones at either."""
    pupil = {"record_key": "a" * 32, "academic_year": 2025, "term": "SPR", "roll": "on"}
    assert faults("school_pupils", 2, school_id=["8014001", "8014002"], **pupil) == []
    at_one = faults("school_pupils", 2, school_id="8014001", part_time=[True, False], **pupil)
    assert [reason for *_, reason in at_one] == ["conflicting_key", "conflicting_key"]


@pytest.mark.parametrize("school", ["Hill Top Primary", "BS1 4ND", "A801200001015"])
def test_a_school_is_a_number_and_not_a_name(school: str) -> None:
    """Its URN, or the numbers of council and establishment: both are public."""
    assert faults("school_sessions", 2, school_id=["8014001", school], sessions=3) == [
        (2, "school_id", "wrong_pattern")
    ]


def test_a_household_may_be_owed_one_duty_after_another() -> None:
    """One row for each; a duty does not end before it begins."""
    case = {"case_id": "7", "duty": ["prevention", "relief"], "duty_start_date": date(2024, 5, 1)}
    dates = {"ta_start_date": None, "ta_end_date": None}
    ends = [date(2024, 5, 1), date(2024, 4, 30)]
    assert faults("hclic_cases", 2, duty_end_date=ends, **case, **dates) == [
        (2, "duty_end_date", "ends_before_it_begins")
    ]
