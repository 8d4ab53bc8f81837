"""Agreements in the pipeline: what a run reads, what it says of the rest, what a purge leaves."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from assets.agreements import destroyed, in_force
from assets.resources import Warehouse
from outcome_linkage.agreements.withdrawn import withdrawn_records
from outcome_linkage.home import Home
from outcome_linkage.release.query import query
from outcome_linkage.warehouse import connect
from tests.agreements import DAYS, agree, complete
from tests.command import command_line
from tests.factories import delivery, judged, rows
from tests.search import found_below


def materialised(asset: dg.AssetsDefinition, home: Home, today: date) -> dg.ExecuteInProcessResult:
    """The asset as a run on that day makes it."""
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [asset], resources={"warehouse": Warehouse.at(home.root, today)}, instance=instance
        )


def metadata(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    (event,) = result.get_asset_materialization_events()
    return {k: v.value for k, v in event.step_materialization_data.materialization.metadata.items()}


def test_the_ui_says_what_is_kept_out_and_why(home: Home) -> None:
    """On the run date, not on the day of the test; the run itself goes on."""
    agree(home, complete())
    before, after = (materialised(in_force, home, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    checks = [
        {e.check_name: (e.passed, e.metadata["tables"].value) for e in r.get_asset_check_evaluations()}
        for r in (before, after)
    ]
    assert checks[0]["every_table_in_force"] == (True, {})
    assert checks[0]["no_agreement_ends_soon"][0] is False
    passed, tables = checks[1]["every_table_in_force"]
    assert not passed
    assert tables["bnssg_icb, deaths"] == "blocked: the agreement ended on 2026-12-31"
    assert metadata(after)["kept out"] == metadata(after)["tables"]


def test_a_day_on_which_nothing_changes_says_so(home: Home) -> None:
    """The report in the home is that of the day before."""
    agree(home, complete())
    days = [date(2026, 1, 1), date(2026, 1, 2), date(2027, 1, 1)]
    assert [metadata(materialised(in_force, home, day))["unchanged"] for day in days] == [False, True, False]
    report = json.loads((home.root / "agreements.json").read_text(encoding="utf-8"))
    assert {table["state"] for table in report["tables"]} == {"blocked"}


def test_the_purge_is_a_job_of_its_own(home: Home, tmp_path: Path) -> None:
    """It tells files, rows and rules; the second time it had nothing to do."""
    agree(home, complete())
    folder = delivery(tmp_path / "sent", "bnssg_icb", "2025-05", {"deaths": rows("deaths", 3)})
    judged(folder, home)
    told = [metadata(materialised(destroyed, home, date(2027, 1, 1))) for _ in range(2)]
    assert (told[0]["files"], told[0]["rows"], told[0]["unchanged"]) == (3, 6, False)
    assert told[0]["files by rule"][f"retention: validated, {DAYS['validated']} days"] == 1
    assert (told[1]["files"], told[1]["unchanged"]) == (0, True)


def test_the_commands_speak_of_agreements(home: Home) -> None:
    """As on a day that is given; exit code 1 while something is kept out."""
    agree(home, complete())
    assert command_line(home, "agreements", "--on", "2026-06-01").returncode == 0
    ended = command_line(home, "agreements", "--on", "2027-01-01", "--json")
    assert ended.returncode == 1
    assert {table["state"] for table in json.loads(ended.stdout)["tables"]} == {"blocked"}
    written = command_line(home, "evidence", "--on", "2026-06-01")
    assert written.returncode == 0, written.stderr
    assert "Annex to a data-protection impact assessment" in (home.root / "evidence.html").read_text("utf-8")


def invented_but(home: Home, supplier: str, **terms: Any) -> None:
    """The demo's agreements with other terms for one supplier."""
    invented = Path(__file__).parents[2] / "schemas" / "agreements.yaml"
    content = yaml.safe_load(invented.read_text(encoding="utf-8"))
    content["suppliers"][supplier] |= terms
    agree(home, content)


@pytest.mark.slow
def test_a_supplier_whose_agreement_ended_is_not_read(ran: Home) -> None:
    """The run goes on without it; its people are in no table, and status and ledger say why.

    So much is gone that publishing is held back; what was published before goes with the purge.
    """
    before = query(ran, "select count(*) as n from person")["n"][0]
    invented_but(ran, "bnssg_icb", ends=date(2020, 12, 31))
    result = command_line(ran, "run")
    assert result.returncode == 0, result.stdout + result.stderr
    with connect(ran.warehouse, read_only=True) as warehouse:
        ((people, deaths, linked),) = warehouse.execute(
            "select (select count(*) from person), (select count(*) from stg_health__deaths), "
            "(select count(*) from person_link where supplier = 'bnssg_icb')"
        ).fetchall()
    assert 0 < people < before and (deaths, linked) == (0, 0)
    assert command_line(ran, "purge").returncode == 0
    assert not ran.published.exists()
    status = json.loads(command_line(ran, "status", "--json").stdout)
    kept_out = {(row["supplier"], row["table"]): row for row in status["Kept out by agreements"]}
    assert kept_out["bnssg_icb", "deaths"]["why"] == "the agreement ended on 2020-12-31"
    assert kept_out["bnssg_icb", "deaths"]["agreed until"] == "2020-12-31"
    ledger = json.loads(command_line(ran, "ledger", "--json").stdout)["deliveries"]
    states = {(row["supplier"], row["table"]): row["status"] for row in ledger}
    assert states["bnssg_icb", "deaths"] == "blocked" and states["bristol", "cin_children"] == "accepted"


@pytest.mark.slow
def test_a_table_is_not_published_where_somebody_does_not_permit_it(ran: Home) -> None:
    """The night says so; what else is published is as it was."""
    invented_but(ran, "bnssg_icb", tables="every table", outputs=["counts"])
    assert command_line(ran, "run").returncode == 0
    tables = set(query(ran, "select table_name from publication_info")["table_name"])
    assert "ev_standing.status_counts" in tables and "person" not in tables
    assert command_line(ran, "ledger").returncode == 0


@pytest.mark.slow
def test_a_region_is_purged_of_those_who_withdrew(ran: Home) -> None:
    """Every file of the home is searched, landing to published copy; and again after the next run."""
    withdrawn = withdrawn_records(ran)
    keys = withdrawn["record_key"].to_list()
    assert keys
    people = query(ran, "select count(*) as n from person")["n"][0]
    assert command_line(ran, "purge").returncode == 0
    assert not ran.warehouse.exists()
    for _ in range(2):
        left = {path for paths in found_below(ran.root, keys).values() for path in paths}
        assert {Path(path).name for path in left} <= {
            "opt_outs.parquet",
            "registry.duckdb",
            "withdrawn.parquet",
        }
        result = command_line(ran, "run")
        assert result.returncode == 0, result.stdout + result.stderr
    assert query(ran, "select count(*) as n from person")["n"][0] == people
    assert result.stdout.startswith("Nothing new")
