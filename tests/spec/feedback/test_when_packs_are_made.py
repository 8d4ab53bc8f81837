"""When the research side makes a pack: for each delivery, once, and again only when something changed."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.feedback.kept import keep_packs
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.rules.of_delivery import Catalogue, rules_on
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from schemas.rules import RULES
from tests.command import command_line
from tests.factories import SUPPLIERS, delivery, judged, rows
from tests.spec.feedback.conftest import Feedback

pytestmark = pytest.mark.slow
BRISTOL = SUPPLIERS["bristol"]


def children(year: int, n: int, **columns: object) -> dict[str, object]:
    return {"tables": {"cin_children": rows("cin_children", n, year, **columns)}, "collection_year": year}


def test_each_delivery_has_a_pack_and_an_unchanged_one_stays(tmp_path: Path, home: Home) -> None:
    """A second night leaves both as they are; the later one is compared with the earlier."""
    judged(delivery(tmp_path, "bristol", "2023-05", **children(2023, 3, sex=["1", "x", "2"])), home)
    judged(delivery(tmp_path, "bristol", "2024-05", **children(2024, 4)), home)
    first, second = keep_packs(BRISTOL, home, CONTRACTS), keep_packs(BRISTOL, home, CONTRACTS)
    assert [pack.delivery for pack in first] == ["bristol/2023-05/001", "bristol/2024-05/001"]
    assert [pack.unchanged for pack in (*first, *second)] == [False, False, True, True]
    assert [pack.made.rows_lost for pack in first] == [1, 0]
    page = home.root / first[1].page
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
    assert '<td class="n">3</td><td class="n">1</td></tr>' in page.read_text(encoding="utf-8")


def test_rules_that_ran_since_are_told(tmp_path: Path, home: Home) -> None:
    """Without them the pack says that they were not run; then it is made again."""
    there = judged(delivery(tmp_path, "bristol", "2024-05", **children(2024, 4)), home)
    page = home.root / keep_packs(BRISTOL, home, CONTRACTS)[0].page
    assert "they count as skipped" in page.read_text(encoding="utf-8")
    rules_on(there, home, Catalogue(CONTRACTS, SUPPLIERS, RULES))
    again = keep_packs(BRISTOL, home, CONTRACTS)
    assert not again[0].unchanged and "they count as skipped" not in page.read_text(encoding="utf-8")


def test_a_delivery_that_was_turned_away_has_a_pack_too(tmp_path: Path, home: Home) -> None:
    """Rule names and counts: nothing of it was read."""
    folder = delivery(tmp_path, "bristol", "2024-05", **children(2024, 4))
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert receive(folder, home, CONTRACTS, SUPPLIERS).status == "refused"
    [pack] = keep_packs(BRISTOL, home, CONTRACTS)
    assert (pack.delivery, pack.made.usable, pack.made.fixes) == (
        "bristol/2024-05/refused-001",
        "no",
        {"delivery refused": 1},
    )


def test_a_pack_that_was_half_written_is_made_again(tmp_path: Path, home: Home) -> None:
    judged(delivery(tmp_path, "bristol", "2024-05", **children(2024, 4)), home)
    page = home.root / keep_packs(BRISTOL, home, CONTRACTS)[0].page
    page.with_suffix(".xlsx").unlink()
    assert not keep_packs(BRISTOL, home, CONTRACTS)[0].unchanged and page.with_suffix(".xlsx").exists()


def test_check_writes_the_pack_before_sending(feedback: Feedback, home: Home, tmp_path: Path) -> None:
    """The command names the page; the delivery itself stays as it was, and a pack never lies inside it."""
    before = sorted(path.name for path in feedback.folder.iterdir())
    notes = feedback.desk.root / "notes-2026-07.json"
    listed = tmp_path / "rows.csv"
    told = command_line(
        *(home, "check", str(feedback.folder), "--pack", str(tmp_path), "--notes", str(notes), "--json"),
        *("--rows", str(listed)),
    )
    page = tmp_path / "bristol" / "2026-07" / "feedback.html"
    assert told.returncode == 0, told.stderr
    named = pl.read_csv(listed, infer_schema=False)
    assert set(named["delivery"]) == {str(feedback.folder)} and named["reason"].null_count() == 0
    assert page.read_bytes() == feedback.page.read_bytes() and page.with_suffix(".xlsx").exists()
    inside = command_line(home, "check", str(feedback.folder), "--pack", str(feedback.folder / "pack"))
    assert inside.returncode == 3 and "outside the delivery" in inside.stderr
    assert sorted(path.name for path in feedback.folder.iterdir()) == before
