"""What the spec of receiving leaves out: two at once, and the end of the numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from outcome_linkage.delivery.manifest import MANIFEST
from outcome_linkage.delivery.receiving.receive import accepted_vectors, landed, receive
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, rows, vectors


def test_of_two_at_once_one_receives(tmp_path: Path, home: Home) -> None:
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 2)})
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda _: receive(folder, home, CONTRACTS, SUPPLIERS), range(4)))
    assert sorted(receipt.status for receipt in receipts) == ["already received"] * 3 + ["received"]
    assert len(list((home.root / "landing").glob(f"*/*/*/{MANIFEST}"))) == 1


def test_a_month_has_999_deliveries(tmp_path: Path, home: Home) -> None:
    (home.root / "landing" / "bristol" / "2024-05" / "999").mkdir(parents=True)
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 2)})
    with pytest.raises(OutcomeLinkageError, match="at most 999 deliveries"):
        receive(folder, home, CONTRACTS, SUPPLIERS)


def test_a_number_that_was_validated_is_not_given_again(tmp_path: Path, home: Home) -> None:
    """Even if its landing folder is gone."""
    (home.root / "validated" / "bristol" / "2024-05" / "001").mkdir(parents=True)
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 2)})
    receipt = receive(folder, home, CONTRACTS, SUPPLIERS)
    assert receipt.delivery is not None
    assert receipt.delivery.number == "002"


def test_a_delivery_without_tokens_says_nothing_of_the_key(tmp_path: Path, home: Home) -> None:
    for supplier, known in (("bristol", {}), ("north_somerset", vectors())):
        tables = {"cin_children": rows("cin_children", 2)}
        folder = delivery(tmp_path, supplier, "2024-05", tables, test_vectors=known)
        assert receive(folder, home, CONTRACTS, SUPPLIERS).status == "received"
        assert accepted_vectors(landed(home)) == known


def test_what_a_system_leaves_in_a_folder_is_not_copied(tmp_path: Path, home: Home) -> None:
    folder = delivery(tmp_path, "bristol", "2024-05", {"cin_children": rows("cin_children", 2)})
    (folder / ".DS_Store").write_text("anything")
    assert receive(folder, home, CONTRACTS, SUPPLIERS).status == "received"
    assert not list(home.root.rglob(".DS_Store"))
