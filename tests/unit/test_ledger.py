"""The ledger where files and verdicts disagree, and for people who may not enter the restricted zone."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.validating.verdict import LedgerError
from outcome_linkage.home import Home
from outcome_linkage.ledger import delivery_ledger, rejected_rows
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, judged, rows


def test_a_rejected_row_that_is_not_named_is_missed(tmp_path: Path, home: Home) -> None:
    frame = rows("cin_children", 3, sex=["1", "x", "2"])
    there = judged(delivery(tmp_path, "bristol", "2024-05", {"cin_children": frame}), home)
    path = home.folder("rejected", there) / "cin_children.parquet"
    pl.read_parquet(path).clear().write_parquet(path)
    with pytest.raises(LedgerError, match="2 kept and 1 rejected rows; found 2 and 0"):
        delivery_ledger(home, CONTRACTS, SUPPLIERS)


def test_an_analyst_counts_tokens_by_their_verdict(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not enter the restricted zone still sees that the delivery reconciled."""
    there = judged(delivery(tmp_path, "bristol", "2024-05", {"link_tokens": rows("link_tokens", 2)}), home)
    (home.folder("validated", there, restricted=True) / "link_tokens.parquet").unlink()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != home.restricted)
    assert delivery_ledger(home, CONTRACTS, SUPPLIERS).select("table", "kept").rows() == [("link_tokens", 2)]


def test_a_table_that_left_the_contracts_stays_in_the_ledger(tmp_path: Path, home: Home) -> None:
    judged(delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 2, sex="1")}), home)
    without = {name: contract for name, contract in CONTRACTS.items() if name != "cin_children"}
    assert delivery_ledger(home, without, SUPPLIERS)["status"].to_list() == ["not in catalogue"]
    assert rejected_rows(home, without).is_empty()
