"""One council's return with faults, encoded, checked and packed once for every test of this chapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.checking.check import CheckReport
from outcome_linkage.delivery.feedback.pack import Pack
from tests.desk import Desk
from tests.returns import checked, encoded, faulty


@dataclass
class Feedback:
    """What the supplier holds: the delivery, the report of the check, and the pack with its two files."""

    desk: Desk
    folder: Path
    report: CheckReport
    pack: Pack
    page: Path

    def sheet(self, name: str) -> pl.DataFrame:
        """One sheet of the spreadsheet, as a spreadsheet program would read it."""
        return pl.read_excel(self.page.with_suffix(".xlsx"), sheet_name=name)


@pytest.fixture(scope="session")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feedback]:
    """A return of 60 children with faults, after one of the year before with fewer."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTCOME_LINKAGE_HOME", str(desk.root / "no_home"))
        encoded(desk, 2025, "2025-07", 60, {}, {(5, 1): "", (9, 4): "N0"})
        folder = faulty(desk).folder
        report, pack, page = checked(desk.root / "pack", folder, desk.root / "notes-2026-07.json")
        yield Feedback(desk, folder, report, pack, page)
