"""What a pack may not hold: any value of the data but the supplier's own record_key and codes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.feedback.kept import keep_packs
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, judged, key, rows
from tests.returns import checked
from tests.spec.feedback.conftest import Feedback

pytestmark = pytest.mark.slow
PLANTED = ("Zebedee", "Quackenbush", "BS99 9ZZ", "1987-06-05", "05/06/1987", "9434765919", "H801200001001")


def words(page: Path) -> str:
    """Everything that the page and the spreadsheet say."""
    with zipfile.ZipFile(page.with_suffix(".xlsx")) as book:
        parts = [book.read(name).decode() for name in book.namelist()]
    return "\n".join([page.read_text(encoding="utf-8"), *parts])


def test_no_planted_value_appears(tmp_path: Path) -> None:
    """Strays in every kind of column, some of which the gate lets by since it cannot know a name."""
    strays = {
        "underlying_cause": ["Zebedee", "Quackenbush", "X700", "X700"],
        "sex": ["Zebedee", "KHAN", "1", "1"],
    }
    columns = {name: values for name, values in strays.items() if name in CONTRACTS["deaths"].columns}
    tables = {
        "deaths": rows("deaths", 4, **columns),
        "opt_outs": rows("opt_outs", 4, scope=["Zebedee", "all"] * 2),
    }
    _, pack, page = checked(tmp_path / "pack", delivery(tmp_path, "bnssg_icb", "2026-10", tables))
    assert pack.fixes and not [stray for stray in (*PLANTED, "KHAN") if stray in words(page)]


@pytest.mark.parametrize("column", ["death_date", "birth_month", "lsoa21", "underlying_cause", "record_key"])
@pytest.mark.parametrize("stray", PLANTED[:3])
def test_no_value_of_any_column_appears(tmp_path: Path, column: str, stray: str) -> None:
    """Whatever the kind of the column, and whether or not the gate turns the delivery away for it."""
    name = next(n for n, c in CONTRACTS.items() if column in c.columns and n in SUPPLIERS["bnssg_icb"].tables)
    frame = rows(name, 3).with_columns(pl.Series(column, [stray, None, None], dtype=pl.String))
    folder = delivery(tmp_path, "bnssg_icb", "2026-10", {name: frame})
    _, pack, page = checked(tmp_path / "pack", folder)
    assert pack.fixes and stray not in words(page)


def test_what_was_encoded_shows_nothing_of_the_raw_files(feedback: Feedback) -> None:
    """Neither ids nor dates nor words: only file names, headers, codes and record_keys."""
    said = words(feedback.page)
    assert not re.search(r"\bCH\d{4}\b", said) and "05/2012" not in said and "KHAN" not in said
    keys = set(re.findall(r"\b[0-9a-f]{32}\b", said))
    delivered = pl.read_parquet(feedback.folder / "ssda903_episodes.parquet")["record_key"]
    header = pl.read_parquet(feedback.folder / "ssda903_header.parquet")["record_key"]
    assert keys and keys <= {*delivered, *header}


def test_the_page_needs_no_network(feedback: Feedback) -> None:
    """No address of any host: it opens in a council without one."""
    page = feedback.page.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(?!#)", page) and "http" not in page


def test_one_supplier_learns_nothing_of_another(tmp_path: Path, home: Home) -> None:
    """The packs of a home are the same whether or not another supplier delivered."""
    wrong = rows("cin_children", 3, sex=["1", "x", "2"])
    judged(delivery(tmp_path, "bristol", "2024-05", {"cin_children": wrong}), home)
    alone = keep_packs(SUPPLIERS["bristol"], home, CONTRACTS)
    said = words(home.root / alone[0].page)
    theirs = wrong.with_columns(record_key=pl.Series([key("theirs", i) for i in range(3)]))
    judged(delivery(tmp_path, "north_somerset", "2024-05", {"cin_children": theirs}), home)
    again = keep_packs(SUPPLIERS["bristol"], home, CONTRACTS)
    assert [pack.unchanged for pack in again] == [True] and len(again) == len(alone) == 1
    assert words(home.root / again[0].page) == said
    assert not [stranger for stranger in theirs["record_key"] if stranger in said]
