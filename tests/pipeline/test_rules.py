"""Rules on deliveries as Dagster runs them, and as the command line shows them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from assets.partitions import PERIODS, SUPPLIERS, partition_key
from assets.resources import Warehouse
from assets.rules import rules
from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.rules.of_delivery import rule_failures
from outcome_linkage.delivery.rules.result import read_result
from outcome_linkage.home import Home
from pipelines.definitions import build_defs
from pipelines.sensors import selection_for
from schemas.catalogue import CONTRACTS, load_suppliers
from tests.command import command_line
from tests.factories import delivery, judged, key, rows


@pytest.fixture
def landed(home: Home, tmp_path: Path) -> DeliveryId:
    """A council's header and episodes, received: of three episodes one ends before it starts."""
    ends = [date(2023, 1, 1), date(2024, 1, 1), date(2024, 1, 1)]
    tables = {
        "ssda903_header": rows("ssda903_header", 3, 2024, sex="1"),
        "ssda903_episodes": rows("ssda903_episodes", 3, 2024, dec=ends),
    }
    folder = delivery(tmp_path, "bristol", "2024-07", tables, collection_year=2024)
    there = receive(folder, home, CONTRACTS, load_suppliers()).delivery
    assert there is not None
    return there


def _run(home: Home, landed: DeliveryId, *, success: bool = True) -> dict[str, dg.AssetCheckEvaluation]:
    """The delivery job on one delivery, as the sensor asks for it: the rules' check of each table."""
    defs = build_defs(home)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(PERIODS.name or "", [landed.period])
        instance.add_dynamic_partitions(SUPPLIERS.name or "", [landed.supplier])
        result = defs.resolve_job_def("delivery").execute_in_process(
            instance=instance,
            partition_key=partition_key(landed),
            asset_selection=selection_for(home, landed),
            raise_on_error=False,
        )
    assert result.success is success
    evaluations = result.get_asset_check_evaluations()
    return {e.asset_key.path[-1]: e for e in evaluations if e.check_name == "rules"}


def test_each_delivered_table_has_a_check_of_its_rules(home: Home, landed: DeliveryId) -> None:
    """Counts of rules by state and of rows at fault; no row and no person is named."""
    checks = _run(home, landed)
    assert set(checks) == {"ssda903_header", "ssda903_episodes"}
    episodes = checks["ssda903_episodes"]
    assert not episodes.passed and episodes.severity is dg.AssetCheckSeverity.ERROR
    table = episodes.metadata["rules that not every row keeps"]
    assert isinstance(table, dg.TableMetadataValue)
    found = {record.data["rule"]: record.data for record in table.records}
    assert found["ssda903.356"]["rows at fault"] == 1 and found["ssda903.356"]["of"] == 3
    assert key(0) not in repr(checks)
    skipped = episodes.metadata["skipped because"].value
    assert isinstance(skipped, list) and "no ssda903_episodes of the year before" in skipped
    result = read_result(home, landed)
    assert result is not None and result.states["crashed"] == 0


def test_without_a_partition_checks_are_about_each_suppliers_last_delivery(
    home: Home, tmp_path: Path
) -> None:
    """At night, and when somebody presses the button of the check in the UI: no partition is asked for."""
    for n, period in ((3, "2024-05"), (2, "2024-06")):
        crimes = rows("police_crimes", n, committed_from_date=date(2025, 1, 1))
        judged(delivery(tmp_path, "avon_somerset_police", period, {"police_crimes": crimes}), home)
    check = dg.AssetCheckKey(dg.AssetKey(["validated", "police_crimes"]), "rules")
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [rules],
            instance=instance,
            resources={"warehouse": Warehouse.at(home.root)},
            selection=dg.AssetSelection.checks(check),
        )
    (evaluation,) = result.get_asset_check_evaluations()
    table = evaluation.metadata["rules that not every row keeps"]
    assert isinstance(table, dg.TableMetadataValue)
    assert [r.data["rows at fault"] for r in table.records if r.data["rule"] == "ours.P04"] == [2]


def test_a_delivery_with_a_refused_table_has_its_rules_run(home: Home, tmp_path: Path) -> None:
    """A blocking check skips what comes after it, checks too; the rules ran with the verdict."""
    tables = {
        "ssda903_header": rows("ssda903_header", 3, 2024, sex="X"),
        "ssda903_episodes": rows("ssda903_episodes", 3, 2024, dec=date(2023, 1, 1)),
    }
    folder = delivery(tmp_path, "bristol", "2024-07", tables, collection_year=2024)
    refused = receive(folder, home, CONTRACTS, load_suppliers()).delivery
    assert refused is not None
    _run(home, refused, success=False)
    result = read_result(home, refused)
    assert result is not None
    states = {rule.rule: (rule.state, rule.why) for rule in result.rules}
    assert states["ssda903.356"] == ("fail", "")
    assert states["ssda903.302"] == ("skipped", "ssda903_header was refused")


@pytest.mark.slow
def test_rows_at_fault_stay_in_the_table(home: Home, landed: DeliveryId) -> None:
    """A rule rejects nothing: the verdict does not know of it."""
    _run(home, landed)
    failures = rule_failures(landed, home)
    assert "ssda903.356" in set(failures["rule"])
    ledger = json.loads(command_line(home, "ledger", "--json").stdout)["deliveries"]
    assert {(line["kept"], line["rejected"]) for line in ledger} == {(3, 0)}


@pytest.mark.slow
def test_the_command_shows_what_the_rules_found_and_judges_anew(home: Home, landed: DeliveryId) -> None:
    """Rows at fault are counted with the threshold beside them; `rules.yaml` changes states, not counts."""
    _run(home, landed)
    shown = command_line(home, "rules").stdout
    assert "bristol/2024-07/001" in shown and "ssda903.356" in shown and "1.0%" in shown
    (home.root / "rules.yaml").write_text("rules: {ssda903.356: 0.5}\n", encoding="utf-8")
    states = {}
    for arguments in ((), ("--rejudge",)):
        results = json.loads(command_line(home, "rules", "--json", *arguments).stdout)
        (found,) = (r for r in results[str(landed)]["rules"] if r["rule"] == "ssda903.356")
        states[arguments] = (found["state"], found["failing"], found["threshold"])
    assert states == {(): ("fail", 1, 0.01), ("--rejudge",): ("pass with failures", 1, 0.5)}


@pytest.mark.slow
def test_the_command_runs_what_has_not_run(home: Home, landed: DeliveryId) -> None:
    """A delivery whose rules were never run, because a run was killed, says so until they are."""
    _run(home, landed)
    (home.folder("validated", landed) / "rules.json").unlink()
    assert "have not run yet" in command_line(home, "rules").stdout
    assert "ssda903.356" in command_line(home, "rules", "--run").stdout
    assert read_result(home, landed) is not None


@pytest.mark.shared
@pytest.mark.slow
def test_the_rules_on_returns_that_others_wrote(real_data: Path, tmp_path: Path) -> None:
    """The real-format files: every rule runs or says why not, and rows at fault are found in each return."""
    from outcome_linkage.delivery.rules.before_sending import rules_before_sending
    from schemas.rules import RULES
    from tests.desk import Desk

    desk = Desk(tmp_path)
    returns = {
        "ssda903": sorted((real_data / "ssda903").glob("*.csv")),
        **{f"cin {path.stem}": [path] for path in sorted((real_data / "cin").glob("*.xml"))},
    }
    flagged = {}
    for name, raw in returns.items():
        report = desk.encode(raw, name.split()[0], supplier="bristol", out=tmp_path / name.replace(" ", "_"))
        result, failures = rules_before_sending(report.folder, CONTRACTS, RULES)
        assert result.states["crashed"] == 0, [r.why for r in result.rules if r.state == "crashed"]
        assert failures.height == sum(rule.failing for rule in result.rules)
        flagged[name] = {rule.rule for rule in result.rules if rule.failing}
    assert all(flagged.values()), flagged
