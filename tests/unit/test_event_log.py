"""Dagster's event log with kept connections: the same files, fewer openings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from outcome_linkage.home import Home
from pipelines.event_log import KEPT, KeptConnections
from pipelines.instance import opened

pytestmark = pytest.mark.slow


@dg.asset
def nothing() -> None:
    """A table of no rows."""


def _run(instance: dg.DagsterInstance) -> str:
    return dg.materialize([nothing], instance=instance).run_id


def test_a_new_home_keeps_connections_and_dagsters_own_storage_reads_the_same_events(home: Home) -> None:
    with opened(home) as instance:
        run = _run(instance)
        assert isinstance(instance.event_log_storage, KeptConnections)
        events = [entry.dagster_event_type for entry in instance.all_logs(run)]
    theirs = SqliteEventLogStorage(str(home.dagster / "history" / "runs"))
    assert [entry.dagster_event_type for entry in theirs.get_logs_for_run(run)] == events
    assert dg.DagsterEventType.RUN_SUCCESS in events
    assert theirs.get_asset_records([nothing.key])[0].asset_entry.last_run_id == run


def test_only_the_latest_files_stay_open(home: Home) -> None:
    with opened(home) as instance:
        storage = instance.event_log_storage
        assert isinstance(storage, KeptConnections)
        runs = [_run(instance) for _ in range(KEPT + 1)]
        assert len(storage._engines) == KEPT
        assert all(instance.all_logs(run) for run in runs)
        assert len(storage._engines) == KEPT


def test_what_the_files_have_is_asked_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = SqliteEventLogStorage.has_table

    def counted(storage: SqliteEventLogStorage, name: str) -> bool:
        asked.append(name)
        return ask(storage, name)

    monkeypatch.setattr(SqliteEventLogStorage, "has_table", counted)
    with opened(home) as instance:
        runs = [_run(instance) for _ in range(3)]
        assert len(instance.get_run_records()) == len(runs)
        assert isinstance(instance.event_log_storage, KeptConnections)
        assert not instance.event_log_storage.has_table("no_such_table")
    assert sorted(asked) == sorted(set(asked))


def test_threads_that_read_wait_for_each_other(home: Home) -> None:
    with opened(home) as instance, ThreadPoolExecutor(8) as threads:
        run = _run(instance)
        lengths = set(threads.map(lambda _: len(instance.all_logs(run)), range(40)))
    assert len(lengths) == 1


def test_settings_of_a_home_of_before_stay(home: Home) -> None:
    before = "telemetry: {enabled: false}\n"
    home.dagster.mkdir(parents=True, exist_ok=True)
    (home.dagster / "dagster.yaml").write_text(before)
    with opened(home) as instance:
        assert type(instance.event_log_storage) is SqliteEventLogStorage
    assert (home.dagster / "dagster.yaml").read_text() == before


@pytest.fixture(autouse=True)
def _no_home_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`prepare` writes to the environment: put back what was there."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("OUTCOME_LINKAGE_HOME", str(tmp_path))
