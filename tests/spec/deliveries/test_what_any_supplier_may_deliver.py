"""What any supplier may deliver.

Services, questionnaires, organisations and circumstances have the same tables for everyone, voluntary
services included, so that one evaluation can read all suppliers alike.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from outcome_linkage.delivery.validating.current import current_files, current_sql
from outcome_linkage.delivery.validating.validate import validate_frame
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, judged, rows


def faults(table: str, **columns: Any) -> list[tuple[object, ...]]:
    """Column and reason for which one row is rejected."""
    _, rejected = validate_frame(rows(table, 1, **columns), CONTRACTS[table], None)
    return rejected.select("column", "reason").rows()


@pytest.mark.parametrize(
    ("scale", "score", "reason"),
    [
        ("total", 40.0, None),
        ("total", 41.0, ("score", "score_out_of_range")),
        ("emotional", 10.0, None),
        ("emotional", 11.0, ("score", "score_out_of_range")),
        ("depression", 3.0, ("scale", "scale_of_another_instrument")),
    ],
)
def test_a_score_stands_on_a_scale_of_its_questionnaire(
    scale: str, score: float, reason: tuple[str, str] | None
) -> None:
    """The Strengths and Difficulties Questionnaire goes to 40 in total and to 10 on five subscales."""
    found = faults("measure_scores", instrument="sdq", scale=scale, score=score)
    assert found == ([reason] if reason else [])


def test_a_total_and_its_subscales_are_rows_of_one_questionnaire() -> None:
    """They share person, questionnaire, version, respondent and day; the same scale twice is a conflict."""
    same = {"record_key": rows("measure_scores", 1)["record_key"][0], "measured_date": date(2024, 1, 9)}
    form = rows(
        "measure_scores", 3, scale=["total", "emotional", "peer"], version="4_17", respondent="self", **same
    )
    kept, rejected = validate_frame(form, CONTRACTS["measure_scores"], None)
    assert (kept.height, rejected.height) == (3, 0)
    twice = form.with_columns(scale=pl.lit("total"), score=pl.Series([1.0, 2.0, 3.0]))
    kept, rejected = validate_frame(twice, CONTRACTS["measure_scores"], None)
    assert (kept.height, set(rejected["reason"])) == (0, {"conflicting_key"})


def test_an_episode_of_a_service_has_a_day() -> None:
    """Referred, accepted or started: one of them is enough, as people also walk in."""
    days = dict.fromkeys(("referred_date", "accepted_date", "started_date"))
    assert faults("service_episodes", **days) == [("referred_date", "has_no_date")]
    assert faults("service_episodes", **{**days, "started_date": date(2023, 4, 1)}) == []


@pytest.mark.parametrize(
    ("table", "first", "last"),
    [
        ("service_episodes", "started_date", "ended_date"),
        ("substance_treatment", "started_date", "ended_date"),
        ("adult_social_care", "start_date", "end_date"),
        ("employment_status", "valid_from", "valid_to"),
        ("organisations", "opened_date", "closed_date"),
        ("mhsds_ward_stays", "start_date", "end_date"),
        ("mhsds_hospital_spells", "start_date", "discharge_date"),
        ("mhsds_restrictive_interventions", "start_date", "end_date"),
        ("police_missing_reports", "reported_date", "returned_date"),
    ],
)
def test_nothing_ends_before_it_begins(table: str, first: str, last: str) -> None:
    """It may end on the day on which it began, or not have ended yet."""
    day = date(2023, 4, 1)
    assert faults(table, **{first: day, last: date(2023, 3, 31)}) == [(last, "ends_before_it_begins")]
    assert faults(table, **{first: day, last: day}) == []
    assert faults(table, **{first: day, last: None}) == []


def test_a_rejected_organisation_names_no_person() -> None:
    """Its row is kept in the ledger like any other, without a record_key."""
    frame = rows("organisations", 2, organisation_id=["SH01", "High Street"])
    _, rejected = validate_frame(frame, CONTRACTS["organisations"], None)
    assert rejected.select("_row", "record_key", "column", "reason").rows() == [
        (2, None, "organisation_id", "wrong_pattern")
    ]


def test_the_latest_list_of_organisations_holds(tmp_path: Path, home: Home) -> None:
    """It is a snapshot: what it no longer names is gone."""
    codes = ["SH01", "SH02"]
    for period, known in (("2024-05", codes), ("2024-06", codes[:1])):
        frame = rows("organisations", len(known), organisation_id=known)
        judged(delivery(tmp_path / period, "safe_harbour", period, {"organisations": frame}), home)
    files = current_files(home, CONTRACTS, SUPPLIERS)["organisations"]
    with connect() as connection:
        found = connection.sql(current_sql(CONTRACTS["organisations"], files)).pl()
    assert found["organisation_id"].to_list() == ["SH01"]
