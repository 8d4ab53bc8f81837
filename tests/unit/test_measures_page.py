"""docs/measures.md says what the library is now, and the library says all that a study needs of a measure."""

from __future__ import annotations

from docs.generate_measures import COMMAND, PAGE, page, rows
from schemas.catalogue import CONTRACTS

NEEDED = (
    "version",
    "theme",
    "mart",
    "shape",
    "definition",
    "evidence_level",
    "weaknesses",
    "status",
    "basis",
)


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"docs/measures.md is stale. Write it anew: {COMMAND}"


def test_a_measure_says_what_it_is_where_it_comes_from_and_what_is_weak() -> None:
    for row in rows("measures"):
        assert all(row[name] for name in NEEDED), row["measure"]
        assert row["source_table"] in CONTRACTS or row["mart"] == "adversity_event", row["measure"]


def test_a_measure_of_its_own_mart_has_codes() -> None:
    """Some of the standing table count every record, and adversities have theirs in the crosswalk."""
    coded = {row["measure"] for row in rows("measure_codes")}
    assert {row["measure"] for row in rows("measures") if row["mart"] == "measure_event"} <= coded


def test_what_rests_on_an_unverified_code_is_not_said_to_be_verified() -> None:
    shaky = {row["measure"] for row in rows("measure_codes") if "unverified" in row["basis"].lower()}
    said = {row["measure"]: row["status"] for row in rows("measures")}
    assert {measure for measure in shaky if said[measure] == "verified"} == set()


def test_every_theme_of_life_is_measured() -> None:
    themes = {row["theme"] for row in rows("measures")}
    assert themes >= {"social care", "education", "employment", "justice", "housing", "health", "wellbeing"}
