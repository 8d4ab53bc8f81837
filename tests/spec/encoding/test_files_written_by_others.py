"""Files written by others.

The invented returns that two public projects test their own software with. They lie beside the repository
and are never copied into it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outcome_linkage.delivery.receiving.privacy import inspect
from schemas.catalogue import CONTRACTS, load_suppliers
from tests.desk import Desk

pytestmark = [pytest.mark.shared, pytest.mark.slow]

CENSUSES = {
    "BAR_cin_2022.xml": (2022, 1, 1, 2, 1),
    "CIN2rows.xml": (2023, 1, 1, 1, 2),
    "CIN_Census_2021.xml": (2023, 1, 1, 2, 1),
    "CIN_Census_2024.xml": (2023, 2, 2, 4, 1),
    "CIN_Census_2026.xml": (2023, 2, 2, 4, 1),
    "fake_CIN_data.xml": (2022, 332, 402, 0, 0),
}


@pytest.mark.parametrize("name", CENSUSES)
def test_every_census_goes_through(desk: Desk, real_data: Path, name: str) -> None:
    """Children, referrals, factors of assessments and protection plans are as many as the file holds; the
    gate of the research side takes the delivery."""
    report = desk.encode(real_data / "cin" / name, "cin")
    tables = ("cin_children", "cin_referrals", "cin_assessments", "cin_protection_plans")
    rows = tuple(desk.delivered(report, table).height for table in tables)
    assert (report.collection_year, *rows) == CENSUSES[name]
    assert not inspect(report.folder, CONTRACTS, load_suppliers()).refused


def test_an_unknown_factor_is_marked(desk: Desk, real_data: Path) -> None:
    """`RB` was never a factor. Its row goes out all the same."""
    report = desk.encode(real_data / "cin" / "CIN_Census_2024.xml", "cin")
    assert report.tables["cin_assessments"].unreadable == {"factor": 1}
    assert desk.delivered(report, "cin_assessments")["factor"].to_list() == ["1C", "#UNREADABLE", "6B", None]


def test_the_faulty_looked_after_files_go_through(desk: Desk, real_data: Path) -> None:
    """All five rows of each module are delivered; the code `*DUMMY*`, an ethnic group that does not exist and
    the column that no contract lists are reported."""
    report = desk.encode(sorted((real_data / "ssda903").glob("*.csv")), "ssda903")
    header, episodes = (report.tables[name] for name in ("ssda903_header", "ssda903_episodes"))
    assert (report.collection_year, header.rows, episodes.rows) == (2020, 5, 5)
    assert (header.unreadable, episodes.unreadable) == ({"ethnic": 1}, {"rne": 1})
    assert episodes.unlisted_headers == 1
    assert not inspect(report.folder, CONTRACTS, load_suppliers()).refused
