"""The Dagster instance under the home folder: made once, under a lock, with telemetry off.

What a step prints is not kept: our steps print nothing, and a library might print a value.

Two processes that open a new instance at once corrupt it; and a run whose process is gone would block
the queue for ever, since only one run may be under way.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from outcome_linkage.files import write_text
from outcome_linkage.home import Home
from outcome_linkage.warehouse import WriterBusy, writer_lock
from pipelines.alerts import append_alert

SETTINGS = """\
telemetry: {enabled: false}
nux: {enabled: false}
compute_logs:
  module: dagster.core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
event_log_storage:
  module: pipelines.event_log
  class: KeptConnections
run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator
  config: {max_concurrent_runs: 1}
"""
SECONDS_TO_LOCK = 10
"""A started run holds the writer's lock long before it is this old."""


def prepare(home: Home) -> None:
    """Point this process and its children at the home's instance, made if it is new."""
    home.ensure()
    os.environ["OUTCOME_LINKAGE_HOME"] = str(home.root)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    with (home.root / ".instance.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        settings = home.dagster / "dagster.yaml"
        if not settings.exists():
            write_text(settings, SETTINGS)
        if not file.tell():
            with dg.DagsterInstance.get():
                file.write("made\n")


@contextmanager
def opened(home: Home) -> Iterator[dg.DagsterInstance]:
    """The instance of a home."""
    prepare(home)
    with dg.DagsterInstance.get() as instance:
        yield instance


def fail_dead_runs(home: Home, instance: dg.DagsterInstance) -> int:
    """Mark as failed every started run whose process is gone: nobody holds the writer's lock.

    Waits until the youngest is old enough to hold it. Returns how many there were.
    """
    started = _started(instance)
    if not started:
        return 0
    youngest = max(record.start_time or 0.0 for record in started)
    time.sleep(max(0.0, SECONDS_TO_LOCK - (time.time() - youngest)))
    try:
        with writer_lock(home, wait_seconds=0):
            dead = {record.dagster_run.run_id for record in started}
            still = [record for record in _started(instance) if record.dagster_run.run_id in dead]
            for record in still:
                run = record.dagster_run
                instance.report_run_failed(run, "The process of this run is gone.")
                append_alert(home, job=run.job_name, run=run.run_id, error="the process is gone")
    except WriterBusy:
        return 0
    return len(still)


def _started(instance: dg.DagsterInstance) -> list[dg.RunRecord]:
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    return list(instance.get_run_records(started))
