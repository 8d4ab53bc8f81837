"""What Dagster is given: asset keys, jobs and schedules, held against a snapshot.

After a wanted change, write the snapshots anew: run this file's tests with SNAPSHOTS=write.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from outcome_linkage.home import Home
from pipelines.definitions import build_defs

SNAPSHOTS = Path(__file__).with_name("snapshots")


@pytest.fixture
def defs(home: Home, tmp_path: Path) -> dg.Definitions:
    """The definitions on an empty home, without studies: those come and go with their files."""
    return build_defs(home, tmp_path / "no studies")


def matches(name: str, value: Any) -> bool:
    """Whether `value` is what the snapshot holds; rewrite it when asked to."""
    path = SNAPSHOTS / f"{name}.json"
    if os.environ.get("SNAPSHOTS") == "write":
        path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    return bool(json.loads(path.read_text(encoding="utf-8")) == value)


def test_the_assets_are_those_of_the_snapshot(defs: dg.Definitions) -> None:
    """An asset that appears, vanishes or changes group is a decision, not an accident."""
    assets = {spec.key.to_user_string(): spec.group_name for spec in defs.resolve_all_asset_specs()}
    assert matches("assets", dict(sorted(assets.items())))


def test_the_jobs_select_the_assets_of_the_snapshot(defs: dg.Definitions) -> None:
    """`delivery` ends at the verdict; `nightly` holds no partitioned asset."""
    graph = defs.resolve_asset_graph()
    jobs = {
        name: sorted(
            key.to_user_string() for key in defs.resolve_job_def(name).asset_layer.executable_asset_keys
        )
        for name in ("delivery", "nightly")
    }
    assert matches("jobs", jobs)
    assert not any(graph.get(dg.AssetKey.from_user_string(key)).is_partitioned for key in jobs["nightly"])


def test_the_schedule_and_the_sensor_run_without_being_switched_on(defs: dg.Definitions) -> None:
    """Two o'clock in London, and arrivals looked for as soon as Dagster is up."""
    schedules = [
        [s.name, s.job_name, s.cron_schedule, s.execution_timezone, s.default_status.value]
        for s in defs.schedules or []
        if isinstance(s, dg.ScheduleDefinition)
    ]
    sensors = [[s.name, s.job_name, s.default_status.value] for s in defs.sensors or []]
    assert matches("automation", {"schedules": schedules, "sensors": sensors})


def test_every_asset_has_owner_group_and_description(defs: dg.Definitions) -> None:
    """Whoever opens the UI sees whom to ask."""
    for spec in defs.resolve_all_asset_specs():
        assert spec.owners and spec.group_name != "default" and spec.description, spec.key


def test_the_definitions_load_as_the_workspace_loads_them() -> None:
    """`workspace.yaml` names a module whose definitions are made on request, without a home."""
    from pipelines import definitions

    assert isinstance(definitions.defs(), dg.Definitions)
