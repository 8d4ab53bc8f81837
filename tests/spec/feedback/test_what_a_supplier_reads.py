"""What a supplier reads first, and that every line of it points at a cell of their own spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import delivery, rows
from tests.returns import checked
from tests.spec.feedback.conftest import Feedback

pytestmark = pytest.mark.slow


def test_the_first_sentence_says_whether_it_can_be_used(feedback: Feedback) -> None:
    """The header keeps 58 of 60 children and the episodes 37 of 60: no table is lost as a whole."""
    assert feedback.pack.usable == "yes"
    assert feedback.pack.sentence.startswith("This delivery can be used: 95 of 120 rows (79.1%) are kept")
    assert feedback.report.summary == "would be received"


def test_what_loses_most_rows_is_fixed_first(feedback: Feedback) -> None:
    """Twelve placements, eight needs, three first days, two ethnic groups; then rules, which lose no row."""
    lost = [fix for fix in feedback.pack.fixes if fix.harm == "rows lost"]
    assert [(fix.causes[0].column, fix.rows) for fix in lost] == [
        ("place", 12),
        ("cin", 8),
        ("decom", 3),
        ("ethnic", 2),
    ]
    assert [fix.harm for fix in feedback.pack.fixes[:4]] == ["rows lost"] * 4
    assert {fix.causes[0].problem for fix in feedback.pack.fixes[4:]} >= {"ssda903.INT03"}


def test_each_fault_is_named_by_its_cell(feedback: Feedback) -> None:
    """The first need at fault is that of the 35th child, in row 36 below the header, column E."""
    cells = feedback.sheet("Cells")
    needs = cells.filter((cells["column"] == "cin") & (cells["fix"] == 2))
    assert needs["cell"].to_list() == [f"E{row}" for row in range(36, 44)]
    assert needs["file"].unique().to_list() == ["SSDA903_2026_episodes.csv"]
    assert "E36:E43" in feedback.page.read_text(encoding="utf-8")


def test_offending_codes_are_counted_where_they_can_be_nothing_else(feedback: Feedback) -> None:
    """A code of another year and a short one are shown; two words of four letters only by their shape."""
    found = {fix.causes[0].column: dict(fix.causes[0].codes) for fix in feedback.pack.fixes[:4]}
    assert found == {
        "place": {"H5": 12},
        "cin": {"N0": 8},
        "decom": {},
        "ethnic": {"(4 characters: letters)": 2},
    }


def test_a_problem_is_held_against_the_delivery_before(feedback: Feedback) -> None:
    """One need and one first day were wrong last year too; placements and ethnic groups were not."""
    was = {fix.causes[0].column: feedback.pack.was(fix, fix.causes[0]) for fix in feedback.pack.fixes[:4]}
    assert was == {"place": 0, "cin": 1, "decom": 1, "ethnic": 0}
    assert feedback.sheet("Tables")["sent before"].to_list() == [60, 60, 60]


def test_a_header_that_nobody_knows_is_matched_with_the_nearest_that_is_missing(feedback: Feedback) -> None:
    """Only one of the two columns that were left out was meant to be read."""
    left_out = feedback.sheet("Columns left out").select("column", "header", "meant, perhaps").rows()
    assert left_out == [("J", "REASON_PLACE_CHNGE", "reason_place_change"), ("N", "Caseworker", None)]


def test_information_stands_apart(tmp_path: Path) -> None:
    """An exact copy is left out by itself: nobody is asked to mend it."""
    frame = rows("deaths", 4)
    copied = frame.vstack(frame[:1])
    folder = delivery(tmp_path, "bnssg_icb", "2026-10", {"deaths": copied})
    _, pack, page = checked(tmp_path / "pack", folder)
    assert [fix.causes[0].problem for fix in pack.fixes if fix.harm == "rows lost"] == []
    assert "deaths: 1 row left out: an exact copy of another row; the first is kept." in pack.information
    assert "1 row left out" in page.read_text(encoding="utf-8")


def test_a_row_whose_cells_moved_is_one_thing_to_mend(tmp_path: Path) -> None:
    """Four columns of one row are wrong at once, and one column of another row beside it."""
    good = {"category": "SUSP", "reason1": "PP", "reason2": "PP", "sen_provision": "N"}
    columns = {name: ["?", *[good[name]] * 19] for name in good} | {"reason1": ["?", "?", *["PP"] * 18]}
    folder = delivery(
        tmp_path, "bristol", "2026-10", {"school_exclusions": rows("school_exclusions", 20, **columns)}
    )
    _, pack, _ = checked(tmp_path / "pack", folder)
    lost = [(fix.causes[0].problem, fix.rows) for fix in pack.fixes if fix.harm == "rows lost"]
    assert sorted(lost) == [("moved_cells", 1), ("not_in_code_list", 1)]


def test_faults_are_gathered_person_by_person(feedback: Feedback, tmp_path: Path) -> None:
    """By record_key; with the supplier's own map, by their own id."""
    keyed = feedback.pack.people
    assert all(person.original_id is None for person in keyed) and not feedback.pack.own_ids
    ids = feedback.desk.root / "map.csv"
    _, pack, page = checked(tmp_path / "pack", feedback.folder, keep_map=ids)
    named = {person.original_id: person for person in pack.people}
    child = named["CH0041"]
    assert [line.split(":")[0] for line in child.lines] == [
        "ssda903_episodes, cin (E42)",
        "ssda903_header, ethnic (D42)",
    ]
    assert child.record_key in {person.record_key for person in keyed}
    assert "for you alone" in page.read_text(encoding="utf-8")


def test_a_table_that_is_lost_as_a_whole_comes_first(tmp_path: Path) -> None:
    """Its causes are told with it, and the sentence says what can be used without it."""
    tables = {"deaths": rows("deaths", 4, underlying_cause=["?", "X700", "X700", "X700"])}
    tables["opt_outs"] = rows("opt_outs", 3, scope="no such scope")
    _, pack, _ = checked(tmp_path / "pack", delivery(tmp_path, "bnssg_icb", "2026-10", tables))
    assert (pack.fixes[0].harm, pack.fixes[0].table, pack.fixes[0].causes[0].column) == (
        "table refused",
        "opt_outs",
        "scope",
    )
    assert (pack.fixes[1].harm, pack.fixes[1].rows) == ("rows lost", 1)
    assert pack.sentence == (
        "This delivery can be used in part: 3 of 7 rows (42.8%), but nothing of opt_outs."
    )


def test_a_delivery_that_the_gate_turns_away_says_why(tmp_path: Path) -> None:
    """No row was read, so there is one kind of thing to fix, and no cell to name."""
    folder = delivery(tmp_path, "bnssg_icb", "2026-10", {"deaths": rows("deaths", 2)})
    (folder / "names.csv").write_text("forename\n", encoding="utf-8")
    report, pack, page = checked(tmp_path / "pack", folder)
    assert report.refused and pack.usable == "no" and pack.cells.is_empty()
    assert [fix.causes[0].problem for fix in pack.fixes] == ["unlisted_file"]
    assert "This delivery cannot be used" in page.read_text(encoding="utf-8")


def test_a_delivery_without_a_fault_has_nothing_to_fix(tmp_path: Path) -> None:
    """And says so, rather than showing empty tables."""
    _, pack, page = checked(
        tmp_path / "pack", delivery(tmp_path, "bnssg_icb", "2026-10", {"deaths": rows("deaths", 3)})
    )
    assert pack.sentence == "This delivery can be used: all of its 3 rows are kept."
    assert "There is nothing to fix." in page.read_text(encoding="utf-8")


def test_the_same_delivery_gives_the_same_bytes(feedback: Feedback, tmp_path: Path) -> None:
    """Whoever compares two packs compares two deliveries, not two afternoons."""
    _, _, page = checked(tmp_path / "pack", feedback.folder, feedback.desk.root / "notes-2026-07.json")
    assert page.read_bytes() == feedback.page.read_bytes()
    assert page.with_suffix(".xlsx").read_bytes() == feedback.page.with_suffix(".xlsx").read_bytes()


def test_notes_on_another_delivery_say_nothing(feedback: Feedback, tmp_path: Path) -> None:
    """They would name headers that this one never had."""
    _, pack, _ = checked(tmp_path / "pack", feedback.folder, feedback.desk.root / "notes-2025-07.json")
    assert not pack.headers and [(file.count, file.nearest) for file in pack.left_out] == [
        (2, ("reason_place_change",))
    ]
