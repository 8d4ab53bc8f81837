"""Which tables are in force.

A table is read only while an agreement says everything that it must say of it, and none of its dates has
passed. What stands in the way is told in words, all of it, table by table; nothing stops for the others.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.in_force import suppliers_in_force
from outcome_linkage.home import Home
from tests.agreements import TODAY, agree, complete, judged_on, needs

HERE = ("bnssg_icb", "deaths")


def without(terms: dict[str, Any], name: str) -> dict[str, Any]:
    """The agreements without one value that all share."""
    del terms["defaults"][name]
    return terms


def test_a_complete_agreement_puts_every_table_in_force(home: Home) -> None:
    """Until the first of its last days."""
    found = judged_on(agree(home, complete()))
    assert {state.state for state in found.values()} == {"in force"}
    assert found[HERE].until == date(2026, 12, 31)
    assert found[HERE].words == "in force until 2026-12-31"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("processor", "the processor is missing"),
        ("dpia", "the reference of the data-protection impact assessment is missing"),
        ("dpia_review", "the last day of the review of the impact assessment is missing"),
        ("ends", "the last day of the agreement is missing"),
        ("article_6", "a condition of Article 6, such as 6(1)(e): missing"),
        ("article_9_or_10", "conditions of Article 9 or 10, or `neither`: missing"),
        ("schedule_1", "a paragraph of Schedule 1 by which those conditions are met: missing"),
        ("confidentiality", "a basis for confidential patient information"),
        ("purposes", "the purposes are missing"),
        ("linkages", "the permitted linkages are missing"),
        ("outputs", "the permitted outputs are missing"),
        ("retention", "nobody says how long data stay in: landing"),
    ],
)
def test_what_is_missing_blocks_the_table(home: Home, name: str, said: str) -> None:
    """One value less, and the table is blocked for that reason alone."""
    state = judged_on(agree(home, without(complete(), name)))[HERE]
    assert state.state == "blocked"
    assert len(state.why) == 1 and state.why[0].startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("article_6", "6(1)(z)", "`6(1)(z)` is none"),
        ("article_9_or_10", ["9(2)(g)"], "a paragraph of Schedule 1 by which those conditions are met"),
        ("article_9_or_10", ["neither", "10(1)"], "conditions of Article 9 or 10"),
        ("schedule_1", "paragraph 5", "`paragraph 5` is none"),
        ("confidentiality", "section 251", "the reference of section 251 is missing"),
        ("outputs", ["everything"], "outputs are some of research rows, counts; found everything"),
        ("retention", {**dict.fromkeys(("landing", "validated"), 9)}, "nobody says how long data stay in"),
    ],
)
def test_what_the_law_does_not_know_blocks_the_table(home: Home, name: str, value: Any, said: str) -> None:
    """Conditions are those of the law, and those that need one another come together."""
    terms = complete()
    terms["defaults"][name] = value
    state = judged_on(agree(home, terms))[HERE]
    assert state.state == "blocked" and said in "; ".join(state.why)


def test_a_table_without_special_categories_says_so(home: Home) -> None:
    """`neither` and `not needed` are answers; silence is none."""
    terms = complete()
    terms["defaults"] |= {"article_9_or_10": ["neither"], "schedule_1": "not needed"}
    assert judged_on(agree(home, terms))[HERE].state == "in force"


def test_the_last_day_is_a_day_in_force(home: Home) -> None:
    """On the day after it the table is blocked, and says since when."""
    agree(home, complete())
    assert judged_on(home, date(2026, 12, 31))[HERE].state == "in force"
    state = judged_on(home, date(2027, 1, 1))[HERE]
    assert (state.state, state.why) == ("blocked", ("the agreement ended on 2026-12-31",))
    assert state.until == date(2026, 12, 31)


def test_a_review_that_was_not_made_blocks_the_table(home: Home) -> None:
    """The impact assessment has a day of its own."""
    terms = complete()
    terms["defaults"]["dpia_review"] = date(2026, 6, 14)
    why = judged_on(agree(home, terms))[HERE].why
    assert why == ("the review of the impact assessment ended on 2026-06-14",)


def test_every_column_needs_a_reason(home: Home) -> None:
    """A column that nobody needs may not be held; the group that named the others says nothing of it."""
    terms = complete()
    terms["tables"]["deaths"]["necessity"][0]["columns"].remove("underlying_cause")
    why = judged_on(agree(home, terms))[HERE].why
    assert why == ("nobody says why these columns are needed: underlying_cause",)


def test_a_real_agreement_names_its_columns(home: Home) -> None:
    """Reasons by kind of column are for invented ones: a new column would be covered by nobody's decision."""
    terms = complete()
    terms["suppliers"]["bnssg_icb"]["necessity"] = [{"kinds": ["date"], "why": "all dates"}]
    found = judged_on(agree(home, terms))
    assert "gives reasons by kind of column" in found[HERE].why[0]
    assert found["bristol", "cin_children"].state == "in force"


def test_a_real_agreement_names_its_tables(home: Home) -> None:
    """`every table` is for invented ones; a table that is not named has no agreement."""
    terms = complete()
    terms["suppliers"]["bristol"]["tables"] = "every table"
    del terms["suppliers"]["bnssg_icb"]["tables"]["deaths"]
    found = judged_on(agree(home, terms))
    assert found["bristol", "cin_children"].why[0].endswith("name each table that the agreement is about")
    assert found[HERE].why == ("no agreement names the table",)
    assert found["bnssg_icb", "residence"].state == "in force"


def test_what_is_said_closer_counts(home: Home) -> None:
    """A table's own end date stands above its supplier's, and that above what all share."""
    terms = complete()
    terms["suppliers"]["bnssg_icb"]["ends"] = date(2026, 6, 14)
    terms["suppliers"]["bnssg_icb"]["tables"]["deaths"] = {"ends": date(2030, 1, 1)}
    found = judged_on(agree(home, terms))
    assert found[HERE].state == "in force"
    assert found["bnssg_icb", "apc_episodes"].why == ("the agreement ended on 2026-06-14",)
    assert found["bristol", "cin_children"].state == "in force"


def test_tokens_go_before_what_they_lead_to(home: Home) -> None:
    """Kept as long as other tables they could name people in what is left."""
    terms = complete()
    terms["tables"]["link_tokens"]["retention"]["validated"] = 400
    why = judged_on(agree(home, terms))["bristol", "link_tokens"].why
    assert why == ("tokens stay in validated as long as other tables (400 days), or longer",)


@pytest.mark.parametrize("text", ["", "- a list", "defaults: {ends: soon}", "suppliers: [", "colour: red"])
def test_a_file_that_cannot_be_read_blocks_everything_and_stops_nothing(home: Home, text: str) -> None:
    """There is a state and a reason for every table; no value of the file is repeated."""
    (home.root / "agreements.yaml").write_text(text, encoding="utf-8")
    found = judged_on(home)
    assert {state.state for state in found.values()} == {"blocked"}
    assert all(state.why[0].startswith("agreements.yaml") for state in found.values())
    assert "soon" not in found[HERE].words


def test_a_fault_in_one_entry_blocks_one_supplier(home: Home) -> None:
    """The others go on."""
    terms = complete()
    terms["suppliers"]["bristol"]["ends"] = "some day"
    found = judged_on(agree(home, terms))
    assert "bristol is not as it should be at `ends`" in found["bristol", "cin_children"].why[0]
    assert found[HERE].state == "in force"


def test_a_supplier_without_an_agreement_is_blocked(home: Home) -> None:
    """The catalogue lists what may come; only an agreement lets it be used."""
    found = judged_on(agree(home, complete("bnssg_icb")))
    assert found["bristol", "cin_children"].why == ("no agreement names the table",)
    assert found[HERE].state == "in force"


def test_objections_are_read_whatever_agreements_say(home: Home) -> None:
    """They are the one table that is blocked and read all the same: to honour them needs no agreement."""
    agree(home, complete("bristol"))
    state = judged_on(home)["bnssg_icb", "opt_outs"]
    assert (state.state, state.is_read) == ("blocked", True)
    assert list(suppliers_in_force(home, TODAY)["bnssg_icb"].tables) == ["opt_outs"]


def test_a_blocked_table_does_not_exist_for_those_who_read(home: Home) -> None:
    """It is taken out of the catalogue: no coverage, no rows, and no outcome that did not happen."""
    terms = complete()
    terms["tables"]["deaths"] = {"necessity": needs("deaths"), "ends": date(2026, 6, 14)}
    tables = suppliers_in_force(agree(home, terms), TODAY)["bnssg_icb"].tables
    assert "deaths" not in tables and "residence" in tables


def test_the_agreement_in_the_documentation_can_be_used(home: Home) -> None:
    """The example says all but the reasons for the columns that it leaves to the reader."""
    page = (Path(__file__).parents[3] / "docs" / "agreements.md").read_text(encoding="utf-8")
    example = next(block for block in page.split("```") if "invented: false" in block)
    (home.root / "agreements.yaml").write_text(example, encoding="utf-8")
    found = judged_on(home)
    assert found[HERE].until == date(2027, 3, 31)
    assert len(found[HERE].why) == 1
    assert found[HERE].why[0].startswith("nobody says why these columns are needed: place_of_death")
