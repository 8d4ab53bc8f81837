"""Which rows are current.

A supplier delivers again and again. The mode of a delivered table says what it replaces; the order is
period, then number. Superseded rows stay on disk and are counted.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating.current import current_files, current_rows, current_sql
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, judged, key, rows

pytestmark = pytest.mark.slow


class Suppliers:
    """Delivers tables to one home, each call a new folder on the supplier's side."""

    def __init__(self, tmp_path: Path, home: Home) -> None:
        self.root, self.home, self.sent = tmp_path, home, 0

    def deliver(self, supplier: str, period: str, table: str, frame: pl.DataFrame, **manifest: Any) -> None:
        """Send one table and have it judged."""
        self.sent += 1
        judged(delivery(self.root / str(self.sent), supplier, period, {table: frame}, **manifest), self.home)

    def current(self, table: str) -> pl.DataFrame:
        """The current rows of a table, as the models read them."""
        files = current_files(self.home, CONTRACTS, SUPPLIERS)[table]
        with connect() as connection:
            return connection.sql(current_sql(CONTRACTS[table], files)).pl()

    def numbers(self, table: str) -> list[int]:
        """Current rows per file, in order of supplier and delivery."""
        files = current_files(self.home, CONTRACTS, SUPPLIERS)[table]
        return list(current_rows(CONTRACTS[table], files).values())


def test_a_table_that_nobody_delivered_is_empty_and_typed(tmp_path: Path, home: Home) -> None:
    """Never an error: the models run before the first supplier is ready."""
    for table, contract in CONTRACTS.items():
        empty = Suppliers(tmp_path, home).current(table)
        assert empty.is_empty()
        assert empty.columns[:-5] == list(contract.columns)
        assert empty.dtypes[:-5] == [column.dtype for column in contract.columns.values()]


def test_a_snapshot_replaces_all_that_came_before(tmp_path: Path, home: Home) -> None:
    """Of the same supplier and table."""
    us = Suppliers(tmp_path, home)
    us.deliver("bnssg_icb", "2024-05", "residence", rows("residence", 3))
    us.deliver("bnssg_icb", "2024-06", "residence", rows("residence", 2))
    assert us.current("residence")["_period"].to_list() == ["2024-06", "2024-06"]


def test_each_system_lists_its_own_objections(tmp_path: Path, home: Home) -> None:
    """Housing's list replaces none of social care; of another table a snapshot replaces whatever was."""
    us = Suppliers(tmp_path, home)
    for table, supplier in (("opt_outs", "bristol"), ("residence", "bnssg_icb")):
        us.deliver(supplier, "2024-05", table, rows(table, 3))
        us.deliver(supplier, "2024-06", table, rows(table, 2), id_system="housing")
        us.deliver(supplier, "2024-07", table, rows(table, 1), id_system="housing")
    assert us.numbers("opt_outs") == [3, 1] and us.numbers("residence") == [1]


def test_a_snapshot_of_one_supplier_leaves_others_alone(tmp_path: Path, home: Home) -> None:
    """Nobody can replace what somebody else sent."""
    us = Suppliers(tmp_path, home)
    us.deliver("bristol", "2024-05", "opt_outs", rows("opt_outs", 1))
    us.deliver("bnssg_icb", "2024-06", "opt_outs", rows("opt_outs", 2))
    assert sorted(us.current("opt_outs")["_supplier"]) == ["bnssg_icb", "bnssg_icb", "bristol"]


def test_a_return_replaces_the_same_collection_year(tmp_path: Path, home: Home) -> None:
    """A corrected return of 2023 takes the place of the first one; 2024 stands beside it."""
    us = Suppliers(tmp_path, home)
    us.deliver("bristol", "2023-06", "cin_children", rows("cin_children", 3), collection_year=2023)
    us.deliver("bristol", "2024-06", "cin_children", rows("cin_children", 4), collection_year=2024)
    us.deliver("bristol", "2024-07", "cin_children", rows("cin_children", 2), collection_year=2023)
    current = us.current("cin_children").group_by("_period").len().sort("_period")
    assert current.rows() == [("2024-06", 4), ("2024-07", 2)]


def test_the_same_child_may_be_in_two_years(tmp_path: Path, home: Home) -> None:
    """Each return is whole: rows of two years are not weighed against each other."""
    us = Suppliers(tmp_path, home)
    for year in (2023, 2024):
        us.deliver("bristol", f"{year}-06", "cin_children", rows("cin_children", 1), collection_year=year)
    assert us.current("cin_children")["record_key"].to_list() == [key(0), key(0)]


def test_an_append_adds_and_a_repeated_key_takes_the_later_row(tmp_path: Path, home: Home) -> None:
    """A crime comes again when its outcome is known."""
    us = Suppliers(tmp_path, home)
    us.deliver(
        "avon_somerset_police", "2024-05", "police_crimes", rows("police_crimes", 3, outcome_date=None)
    )
    later = rows("police_crimes", 4, outcome_date=date(2024, 6, 1)).slice(2)
    us.deliver("avon_somerset_police", "2024-06", "police_crimes", later)
    current = us.current("police_crimes").sort("_period", "_row")
    assert current.select("_period", "_row", "outcome_date").rows() == [
        ("2024-05", 1, None),
        ("2024-05", 2, None),
        ("2024-06", 1, date(2024, 6, 1)),
        ("2024-06", 2, date(2024, 6, 1)),
    ]
    assert us.numbers("police_crimes") == [2, 2]


def test_within_a_month_the_number_decides(tmp_path: Path, home: Home) -> None:
    """The second delivery of May is later than the first, and both are earlier than June's."""
    us = Suppliers(tmp_path, home)
    for period, outcome in (("2024-06", "1"), ("2024-05", "2"), ("2024-05", "3")):
        us.deliver(
            "avon_somerset_police", period, "police_crimes", rows("police_crimes", 1, outcome_type=outcome)
        )
    assert us.current("police_crimes")["outcome_type"].to_list() == ["1"]
    assert us.numbers("police_crimes") == [0, 0, 1]


def test_the_same_key_at_two_suppliers_is_two_rows(tmp_path: Path, home: Home) -> None:
    """A primary key identifies a row within its supplier only."""
    us = Suppliers(tmp_path, home)
    for supplier in ("bristol", "north_somerset"):
        for period in ("2024-05", "2024-06"):
            us.deliver(
                supplier, period, "cin_children", rows("cin_children", 1), modes={"cin_children": "append"}
            )
    assert sorted(us.current("cin_children")["_supplier"]) == ["bristol", "north_somerset"]


def test_an_append_after_a_snapshot_replaces_row_by_row(tmp_path: Path, home: Home) -> None:
    """The manifest's mode counts, delivery by delivery."""
    us = Suppliers(tmp_path, home)
    us.deliver("bnssg_icb", "2024-05", "residence", rows("residence", 3))
    us.deliver("bnssg_icb", "2024-06", "residence", rows("residence", 1), modes={"residence": "append"})
    assert us.numbers("residence") == [2, 1]


def test_years_stay_whole_until_rows_are_appended_to_them(tmp_path: Path, home: Home) -> None:
    """An appended row replaces the same key in every earlier delivery, and in no later one."""
    us = Suppliers(tmp_path, home)
    for year in (2022, 2023):
        us.deliver("bristol", f"{year}-06", "cin_children", rows("cin_children", 2), collection_year=year)
    us.deliver(
        "bristol", "2023-07", "cin_children", rows("cin_children", 1), modes={"cin_children": "append"}
    )
    us.deliver("bristol", "2024-06", "cin_children", rows("cin_children", 2), collection_year=2024)
    assert us.numbers("cin_children") == [1, 1, 1, 2]


def test_repeated_tokens_of_an_appended_delivery_stay(tmp_path: Path, home: Home) -> None:
    """A table without a primary key has nothing by which a row could be replaced."""
    us = Suppliers(tmp_path, home)
    for period in ("2024-05", "2024-06"):
        us.deliver("bristol", period, "link_tokens", rows("link_tokens", 2), modes={"link_tokens": "append"})
    assert us.numbers("link_tokens") == [2, 2]


def test_a_delivery_without_a_verdict_does_not_count(tmp_path: Path, home: Home) -> None:
    """What is being validated replaces nothing yet."""
    us = Suppliers(tmp_path, home)
    us.deliver("bnssg_icb", "2024-05", "residence", rows("residence", 3))
    receive(
        delivery(tmp_path, "bnssg_icb", "2024-06", {"residence": rows("residence", 1)}),
        home,
        CONTRACTS,
        SUPPLIERS,
    )
    assert us.numbers("residence") == [3]


def test_a_refused_table_replaces_nothing(tmp_path: Path, home: Home) -> None:
    """The last good state survives a bad delivery."""
    us = Suppliers(tmp_path, home)
    us.deliver("bnssg_icb", "2024-05", "residence", rows("residence", 3))
    us.deliver("bnssg_icb", "2024-06", "residence", rows("residence", 3, lsoa21="nowhere"))
    assert us.numbers("residence") == [3]


def test_a_supplier_taken_out_of_the_catalogue_is_not_current(tmp_path: Path, home: Home) -> None:
    """Its files stay, its rows are not used."""
    Suppliers(tmp_path, home).deliver("bristol", "2024-05", "opt_outs", rows("opt_outs", 1))
    without = {name: supplier for name, supplier in SUPPLIERS.items() if name != "bristol"}
    assert current_files(home, CONTRACTS, without)["opt_outs"] == []
