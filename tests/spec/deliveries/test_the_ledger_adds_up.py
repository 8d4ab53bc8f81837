"""The ledger adds up.

For every delivery and table it says how many rows were read, kept, rejected for which reason, and
superseded since; and it names every rejected row.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating.verdict import LedgerError
from outcome_linkage.home import Home
from outcome_linkage.ledger import LEDGER, REJECTED_ROWS, delivery_ledger, rejected_rows
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, judged, key, rows

pytestmark = pytest.mark.slow


def lines(home: Home, *columns: str) -> list[tuple[object, ...]]:
    """The ledger with some of its columns."""
    return delivery_ledger(home, CONTRACTS, SUPPLIERS).select(columns).rows()


def test_an_empty_home_has_an_empty_ledger(home: Home) -> None:
    """With the columns of a full one."""
    assert delivery_ledger(home, CONTRACTS, SUPPLIERS).schema == LEDGER
    assert rejected_rows(home, CONTRACTS).schema == REJECTED_ROWS


def test_every_reason_has_a_line(tmp_path: Path, home: Home) -> None:
    """The counts of the table repeat on each; n counts rows by their first reason."""
    frame = rows("cin_children", 7, sex=["1", "x", "x", "2", "9", "0", "1"], ethnicity=[None] + ["WBRI"] * 6)
    tables = {"cin_children": frame, "cin_referrals": rows("cin_referrals", 2)}
    judged(delivery(tmp_path, "bristol", "2024-05", tables), home)
    assert lines(home, "table", "read", "kept", "rejected", "reason", "n") == [
        ("cin_children", 7, 4, 3, "missing_value", 1),
        ("cin_children", 7, 4, 3, "not_in_code_list", 2),
        ("cin_referrals", 2, 2, 0, None, 0),
    ]


def test_superseded_rows_are_counted(tmp_path: Path, home: Home) -> None:
    """Whole files that were replaced, and single rows that came again."""
    for period, n in (("2024-05", 3), ("2024-06", 2)):
        tables = {"police_crimes": rows("police_crimes", n), "link_tokens": rows("link_tokens", n)}
        judged(delivery(tmp_path, "avon_somerset_police", period, tables), home)
    assert lines(home, "period", "table", "kept", "superseded") == [
        ("2024-05", "link_tokens", 3, 3),
        ("2024-05", "police_crimes", 3, 2),
        ("2024-06", "link_tokens", 2, 0),
        ("2024-06", "police_crimes", 2, 0),
    ]


def test_a_delivery_that_waits_is_pending(tmp_path: Path, home: Home) -> None:
    """It has no counts yet."""
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 2)})
    receive(folder, home, CONTRACTS, SUPPLIERS)
    assert lines(home, "table", "status", "read", "n") == [("cin_children", "pending", None, 0)]


def test_a_delivery_that_was_turned_away_is_in_the_ledger(tmp_path: Path, home: Home) -> None:
    """By the rules that it broke, so that nobody believes it never came."""
    frame = rows("cin_children", 2, upn_unknown=["BS1 5AH", "a@example.org"]).with_columns(x=1, y=2)
    receive(delivery(tmp_path, "bristol", "2024-05", {"cin_children": frame}), home, CONTRACTS, SUPPLIERS)
    assert lines(home, "supplier", "delivery", "table", "status", "kept", "reason", "n") == [
        ("bristol", "001", "cin_children", "turned away", None, "email", 1),
        ("bristol", "001", "cin_children", "turned away", None, "postcode", 1),
        ("bristol", "001", "cin_children", "turned away", None, "unlisted_column", 2),
    ]


def test_a_refused_table_keeps_nothing(tmp_path: Path, home: Home) -> None:
    """Its good rows are counted as rejected with it."""
    judged(
        delivery(
            tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 3, sex=["x", "x", "1"])}
        ),
        home,
    )
    assert lines(home, "status", "kept", "reason", "n") == [
        ("refused", 0, "not_in_code_list", 2),
        ("refused", 0, "table_refused", 1),
    ]


def test_a_supplier_that_left_the_catalogue_stays_in_the_ledger(tmp_path: Path, home: Home) -> None:
    """Its rows were kept and are not used."""
    judged(delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 2)}), home)
    without = {name: supplier for name, supplier in SUPPLIERS.items() if name != "bristol"}
    ledger = delivery_ledger(home, CONTRACTS, without)
    assert ledger.select("status", "kept", "superseded").rows() == [("not in catalogue", 2, 2)]


def test_every_rejected_row_is_named(tmp_path: Path, home: Home) -> None:
    """With every column at fault, and without its value."""
    tables = {
        "cin_children": rows("cin_children", 3, sex=["1", "secret", "2"], ethnicity=["WBRI", None, "WBRI"]),
        "link_tokens": rows("link_tokens", 3, la_code=["E06000023", "E06000023", "secret"]),
    }
    judged(delivery(tmp_path, "bristol", "2024-05", tables), home)
    named = rejected_rows(home, CONTRACTS)
    assert named.select("delivery", "file", "row", "record_key", "column", "reason").rows() == [
        ("001", "cin_children.parquet", 2, key(1), "sex", "not_in_code_list"),
        ("001", "cin_children.parquet", 2, key(1), "ethnicity", "missing_value"),
        ("001", "link_tokens.parquet", 3, key(2), "la_code", "wrong_pattern"),
    ]
    assert "secret" not in str(named.to_dicts())


def test_the_ledger_is_held_against_the_files(tmp_path: Path, home: Home) -> None:
    """A file that lost rows since its verdict is found."""
    there = judged(delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 3)}), home)
    path = home.folder("validated", there) / "cin_children.parquet"
    pl.read_parquet(path).head(2).write_parquet(path)
    with pytest.raises(LedgerError, match="verdict's 3 kept and 0 rejected rows; found 2 and 0"):
        delivery_ledger(home, CONTRACTS, SUPPLIERS)
