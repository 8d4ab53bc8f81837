"""Why follow-up ended, where that can be told of no part of an arm."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from outcome_linkage.evaluation.report.blocks import Picture
from outcome_linkage.evaluation.report.following import following
from outcome_linkage.evaluation.report.gathered import Gathered
from tests.invented_run import study


def test_an_arm_of_which_nothing_can_be_drawn_is_named() -> None:
    """28 of 31 stayed to the end and three moved: both hidden, so that the arm has no bar."""
    rows = [
        ("followup", "all", "horizon", 28),
        ("followup", "all", "moved_out", 3),
        ("suspended", "all", "horizon", 500),
        ("suspended", "all", "moved_out", 100),
    ]
    table = pl.DataFrame(rows, schema=["outcome", "arm", "reason", "n"], orient="row")
    section = following(Gathered(study(), Path(), {"ev_censoring": table}))
    assert section is not None
    picture = next(block for block in section.blocks if isinstance(block, Picture))
    assert "Nothing is drawn of: primary outcome: everybody." in picture.note
    assert picture.table.rows[0][1:] == ("all but 1 to 7", "1 to 7")
