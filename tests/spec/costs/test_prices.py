"""Prices, price years, discounting and costs by sector."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.evaluation.costs.by_sector import by_person, cost_table, costed, priced
from outcome_linkage.evaluation.costs.discounting import discount_factor
from outcome_linkage.evaluation.costs.prices import PriceListRefused, read_prices
from outcome_linkage.evaluation.costs.uprating import uprating
from outcome_linkage.evaluation.resources import RESOURCES
from outcome_linkage.evaluation.spec.costs import Item

REFERENCE = Path(__file__).parents[3] / "reference"
ITEMS = (
    Item(resource="ecds_attendances", unit_cost="nhs.ed_attendance", sector="nhs"),
    Item(resource="therapy_sessions", unit_cost="local.therapy_session", sector="children_social_care"),
)
HEADER = "index_id,year,value,status,vintage\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A reference folder with the shipped unit costs and indices of three years."""
    shutil.copy(REFERENCE / "unit_costs.csv", tmp_path)
    write(
        tmp_path,
        "nhscii,2023-24,100,outturn,V1",
        "nhscii,2024-25,104,outturn,V1",
        "gdp_fy_L8GG,2023-24,50,outturn,V1",
        "gdp_fy_L8GG,2024-25,51,forecast,V1",
        "gdp_fy_L8GG,2010-11,40,outturn,V1",
    )
    return tmp_path


def write(folder: Path, *rows: str) -> None:
    (folder / "price_indices.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")


def test_shipped_prices_are_placeholders_and_say_so() -> None:
    """No price may be shipped with the licences at hand: every row is invented, marked, and blocks a
    release.
    """
    prices = read_prices(REFERENCE)
    assert all("PLACEHOLDER" in cost.source and cost.blocks_release for cost in prices.costs.values())
    assert all(row.vintage == "PLACEHOLDER" for years in prices.indices.values() for row in years.values())
    assert priced(ITEMS, prices, "2024-25").blocking == (
        "local.therapy_session", "nhs.ed_attendance", "nhscii", "pss",
    )  # fmt: skip


def test_every_resource_has_a_price_in_its_unit() -> None:
    """What can be counted can be costed, per what is counted."""
    units = {cost.resource: cost.unit for cost in read_prices(REFERENCE).costs.values()}
    assert units == {resource.name: resource.unit for resource in RESOURCES.values()}


def test_prices_are_brought_to_the_year_by_the_index_of_the_sector(folder: Path) -> None:
    """nhs: 104/100. Social care has no index here: GDP stands in with a warning, 51/50."""
    prices = read_prices(folder)
    own, other = (
        uprating(prices, "nhs", "2023-24", "2024-25"),
        uprating(prices, "children_social_care", "2023-24", "2024-25"),
    )
    assert (own.factor, own.index_id, own.warning) == (pytest.approx(1.04), "nhscii", None)
    assert (other.factor, other.index_id) == (pytest.approx(1.02), "gdp_fy_L8GG")
    assert other.warning == "pss lacks a year: gdp_fy_L8GG stands in. gdp_fy_L8GG of 2024-25 is a forecast."
    assert uprating(prices, "nhs", "2010-11", "2024-25").index_id == "gdp_fy_L8GG"
    with pytest.raises(PriceListRefused, match="1998-99 and 2024-25"):
        uprating(prices, "nhs", "1998-99", "2024-25")


def test_series_are_joined_only_by_a_link_row(folder: Path) -> None:
    """An index that stopped continues another through a stated ratio: 80 x 1.25 = 100 in the year of the
    link.
    """
    series = ("hchs,2015-16,72,outturn,V1", "hchs,2016-17,80,outturn,V1", "nhscii,2017-18,105,outturn,V1")
    write(folder, *series)
    with pytest.raises(PriceListRefused):
        uprating(read_prices(folder), "nhs", "2015-16", "2017-18")
    write(folder, *series, "hchs>nhscii,2016-17,1.25,link,V1")
    assert uprating(read_prices(folder), "nhs", "2015-16", "2017-18").factor == pytest.approx(105 / 90)


def test_a_faulty_list_names_file_row_and_column(folder: Path) -> None:
    """Bounds out of order, an unknown sector, a placeholder that does not say so."""
    text = (REFERENCE / "unit_costs.csv").read_text(encoding="utf-8")
    for old, new, words in (
        (",100,200,400,", ",300,200,400,", r"unit_costs.csv:2 row: low, base and high"),
        ("2023-24,nhs,", "2023-24,hospital,", r"unit_costs.csv:2 sector"),
        ("D,2023-04-01,,placeholder", "D,2023-04-01,,verified", r"unit_costs.csv:2 row: a placeholder"),
    ):
        (folder / "unit_costs.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(PriceListRefused, match=words):
            read_prices(folder)


def test_whole_years_after_index_are_discounted() -> None:
    """3.5 %: nothing to day 364, once from day 365, twice from day 730 (Green Book, annex 6)."""
    days = pl.DataFrame({"day": [-10, 0, 364, 365, 730]})
    factors = days.select(discount_factor(pl.col("day"), 0.035)).to_series().to_list()
    assert factors == pytest.approx([1, 1, 1, 1 / 1.035, 1 / 1.035**2])


def test_costs_stand_by_sector(folder: Path) -> None:
    """An attendance at 200 x 1.04 in the first year; ten sessions at 100 x 1.02 in the second, discounted."""
    people = pl.DataFrame({"person_key": ["a", "b", "c"], "arm": ["support", "support", "usual"]})
    uses = pl.DataFrame(
        {
            "person_key": ["a", "a", "a"],
            "resource": ["ecds_attendances", "therapy_sessions", "taxi"],
            "day": [10, 400, 1],
            "units": [1, 10, 1],
        }
    )
    known = people.select("person_key").join(uses.select("resource").unique(), how="cross")
    prices = priced(ITEMS, read_prices(folder), "2024-25")
    row = by_person(costed(uses, prices, 0.035), ["nhs", "children_social_care"]).row(0, named=True)
    assert row["k_nhs"] == pytest.approx(208)
    assert row["k_children_social_care"] == pytest.approx(1020 / 1.035)
    assert row["k_total_u"] == pytest.approx(1228)
    table = cost_table(people, uses, prices, (0.035, 0.0), known, ["support", "usual"])
    seen = table.filter(pl.col("arm") == "support", pl.col("sector") == "nhs", "discounted").row(
        0, named=True
    )
    assert (seen["n_users"], seen["units_pp"]) == (1, 0.5)
    assert (seen["lo"], seen["cost_pp"], seen["hi"]) == pytest.approx((52, 104, 208))
    assert table.filter(pl.col("arm") == "usual")["cost_pp"].to_list() == [0.0] * 4


def test_an_unknown_price_is_refused(folder: Path) -> None:
    """Named, so that it can be corrected."""
    with pytest.raises(PriceListRefused, match=r"nhs\.taxi"):
        priced((Item(resource="taxi", unit_cost="nhs.taxi", sector="nhs"),), read_prices(folder), "2024-25")
