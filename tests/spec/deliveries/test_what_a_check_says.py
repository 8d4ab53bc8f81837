"""What a supplier reads before sending: what would be refused or rejected, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.checking.advice import WHAT_TO_DO
from outcome_linkage.delivery.checking.check import check_delivery
from outcome_linkage.delivery.receiving.receive import find_deliveries
from outcome_linkage.errors import InputRefused
from schemas.catalogue import CONTRACTS
from schemas.rules import RULES
from tests.factories import SUPPLIERS, delivery, rows

pytestmark = pytest.mark.slow


def test_rows_that_would_be_rejected_are_counted_and_named(tmp_path: Path) -> None:
    """By column and reason, each with what to do; by row number for whoever has the file."""
    frame = rows("deaths", 10, underlying_cause=["not a code"] + ["X700"] * 9)
    report = check_delivery(
        delivery(tmp_path, "bnssg_icb", "2026-10", {"deaths": frame}), CONTRACTS, SUPPLIERS
    )
    assert report.summary == "would be received" and not report.refused
    assert any("deaths, underlying_cause: 1 rows" in line and "Correct" in line for line in report.lines())
    assert report.rejected().select("row", "column", "reason").rows() == [
        (1, "underlying_cause", "wrong_pattern")
    ]
    assert "not a code" not in "".join(report.lines())


def test_rules_across_rows_and_tables_say_what_they_would_flag(tmp_path: Path) -> None:
    """They flag rows and reject none; a rule whose tables are not there is counted as skipped."""
    backwards = rows("cin_referrals", 3).with_columns(
        referral_date=pl.date(2025, 6, 2), closure_date=pl.date(2025, 6, 1)
    )
    folder = delivery(tmp_path, "bristol", "2026-10", {"cin_referrals": backwards})
    report = check_delivery(folder, CONTRACTS, SUPPLIERS, RULES)
    assert not report.refused and report.rules is not None
    flagged = [rule for rule in report.rules.rules if rule.failing]
    assert flagged and all(f"[rule {rule.rule}]" in "".join(report.lines()) for rule in flagged)
    assert report.rules.states["skipped"] > 0
    assert report.as_dict()["rules"][0].keys() >= {"rule", "failing", "threshold", "state"}


def test_a_table_that_would_not_be_used_is_named(tmp_path: Path) -> None:
    """The rest of the delivery would be."""
    tables = {"deaths": rows("deaths", 4), "opt_outs": rows("opt_outs", 4, scope="x")}
    report = check_delivery(delivery(tmp_path, "bnssg_icb", "2026-10", tables), CONTRACTS, SUPPLIERS)
    assert report.refused and report.summary == "would be received, but not its opt_outs"


def test_record_keys_are_compared_with_what_lies_beside(tmp_path: Path) -> None:
    """A mislaid secret, or a forgotten `--id-system`, is told before the delivery is on its way."""
    tables = {"deaths": rows("deaths", 4)}
    delivery(tmp_path, "bnssg_icb", "2026-07", tables, record_secret_version="a" * 8)
    later = (("2026-08", "a", None), ("2026-09", "b", None), ("2026-10", "b", "new"))
    same, moved, other = (
        delivery(tmp_path, "bnssg_icb", period, tables, record_secret_version=version * 8, id_system=system)
        for period, version, system in later
    )
    assert not check_delivery(same, CONTRACTS, SUPPLIERS).gate.findings
    report = check_delivery(moved, CONTRACTS, SUPPLIERS)
    assert report.summary == "would be refused" and "another_record_secret" in next(report.lines())
    report = check_delivery(other, CONTRACTS, SUPPLIERS)
    assert [finding.rule for finding in report.gate.findings] == ["another_id_system"]


def test_a_folder_without_a_delivery_is_not_passed_over(tmp_path: Path) -> None:
    """A delivery that lost its manifest must not look as if it had been checked."""
    folder = delivery(tmp_path, "bnssg_icb", "2026-10", {"deaths": rows("deaths", 1)})
    (folder / "manifest.json").unlink()
    with pytest.raises(InputRefused, match=r"expected a delivery.*manifest\.json"):
        find_deliveries(tmp_path)


def test_every_reason_says_what_to_do() -> None:
    """Whatever a rule of a contract can find, the supplier is told how to mend it."""
    reasons = {rule.reason for contract in CONTRACTS.values() for rule in contract.row_rules}
    assert reasons and reasons <= set(WHAT_TO_DO)
