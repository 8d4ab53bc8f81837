"""The feedback assets: packs lie in the home, and Dagster is told counts and a path."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from assets.feedback import build_feedback
from assets.resources import Warehouse
from outcome_linkage.home import Home
from tests.factories import SUPPLIERS, delivery, judged, key, rows


def test_dagster_is_told_counts_and_where_the_page_lies(tmp_path: Path, home: Home) -> None:
    """Not which records: the pack names them, the event log must not. A second night changes nothing."""
    wrong = rows("cin_children", 4, 2024, ethnicity=["WBRI", "KHAN", "WBRI", "WBRI"])
    judged(delivery(tmp_path, "bristol", "2024-05", {"cin_children": wrong}, collection_year=2024), home)
    told = []
    for _ in range(2):
        result = dg.materialize(
            build_feedback([SUPPLIERS["bristol"]]), resources={"warehouse": Warehouse.at(home.root)}
        )
        [event] = result.get_asset_materialization_events()
        told.append(event.step_materialization_data.materialization.metadata)
    first, second = told
    assert (first["packs"].value, first["unchanged"].value, second["unchanged"].value) == (1, False, True)
    page = Path(str(first["newest page"].value))
    assert page.is_file() and page.is_relative_to(home.feedback)
    assert key(1) in page.read_text(encoding="utf-8")
    assert key(1) not in str(first) and "KHAN" not in str(first)
    assert "rows lost" in str(first) and not (home.root / "published" / "feedback.html").exists()
