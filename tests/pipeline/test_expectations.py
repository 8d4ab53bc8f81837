"""The gate of expectations as a night meets it: reports, checks on marts, a broken mart that stays inside."""

from __future__ import annotations

import json
import re
import shutil

import dagster as dg
import duckdb
import pytest

from assets.expectations import CHECK, EXPECTATIONS, MARTS, NOT_STARTED
from outcome_linkage.home import Home
from outcome_linkage.release.expectations.kept import kept_folder
from outcome_linkage.release.expectations.report import report_folder
from pipelines.instance import opened
from tests.command import command_line

pytestmark = pytest.mark.slow


def _last(home: Home) -> dict[str, object]:
    """The metadata of the last judgement."""
    with opened(home) as instance:
        event = instance.get_latest_materialization_event(EXPECTATIONS)
        assert event is not None and event.asset_materialization is not None
        return {name: value.value for name, value in event.asset_materialization.metadata.items()}


def _checks(home: Home) -> dict[str, bool]:
    """Whether each mart passed, in the last night."""
    with opened(home) as instance:
        keys = [dg.AssetCheckKey(mart, CHECK) for mart in MARTS]
        records = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
        evaluations = {key: record.event.dagster_event for key, record in records.items() if record.event}
        return {
            key.asset_key.path[-1]: event.asset_check_evaluation_data.passed
            for key, event in evaluations.items()
            if event is not None
        }


def test_the_marts_of_a_night_meet_every_expectation(run_once: Home) -> None:
    """A report lies in the home, and each mart has a check that passed."""
    content = json.loads((report_folder(run_once) / "0001.json").read_text(encoding="utf-8"))
    assert [e for e in content["expectations"] if e["state"] != "passed"] == []
    assert len(content["expectations"]) > 60 and all(looked["rows"] for looked in content["tables"])
    assert _checks(run_once) == {mart.path[-1]: True for mart in MARTS}


def test_a_report_names_nobody(run_once: Home) -> None:
    """No person, no day and no code of the marts stands in JSON or page."""
    with duckdb.connect(str(run_once.warehouse), read_only=True) as warehouse:
        people = {row[0] for row in warehouse.execute("select person_id from person").fetchall()}
        codes = {row[0] for row in warehouse.execute("select distinct lsoa21 from person").fetchall()} - {
            None
        }
    assert len(people) > 500 and len(codes) > 50
    for path in report_folder(run_once).iterdir():
        text = path.read_text(encoding="utf-8")
        assert not people & set(re.findall(r"[0-9a-f]{32}", text))
        assert not codes & set(re.findall(r"\bE\d{8}\b", text))
        assert not re.search(r"\b\d{4}-\d{2}-\d{2}\b", text)


def test_an_unchanged_night_does_not_start_great_expectations_and_says_so(ran: Home) -> None:
    assert command_line(ran, "run").returncode == 0
    metadata = _last(ran)
    assert metadata["unchanged"] is True and metadata["judged"] == NOT_STARTED
    assert [path.name for path in sorted(report_folder(ran).iterdir())] == ["0001.html", "0001.json"]


def test_a_broken_mart_is_not_published(ran: Home) -> None:
    """Values that no test of SQL looks at stop the night's publication, and the night says why."""
    with duckdb.connect(str(ran.warehouse)) as warehouse:
        warehouse.execute("update person set imd_quintile = 10 where imd_quintile = 5")
    for folder in (kept_folder(ran), report_folder(ran)):
        shutil.rmtree(folder)
    ran.published.unlink()
    night = command_line(ran, "run")
    assert night.returncode == 0, night.stderr
    assert "withheld" in night.stdout and "imd_quintile lies between 1 and 5" in " ".join(
        night.stdout.split()
    )
    assert not ran.published.exists()
    assert _checks(ran) == {mart.path[-1]: mart.path[-1] != "person" for mart in MARTS}
