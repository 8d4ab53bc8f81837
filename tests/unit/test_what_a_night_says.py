"""What `outcome-linkage run` says that it is doing."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg

from pipelines.run import LONG_STEPS, doing, telling

JOBS = Path(__file__).parents[1] / "pipeline" / "snapshots" / "jobs.json"


def test_every_long_step_is_one_of_the_night() -> None:
    """Named by its asset."""
    night = {asset.replace("/", "__") for asset in json.loads(JOBS.read_text("utf-8"))["nightly"]}
    assert LONG_STEPS.keys() <= night


def test_steps_are_told_in_words() -> None:
    """Tables by name, evaluations by theirs."""
    steps = ("linkage__links", "person", "linkage__prepared", "ev_school_policies__tables")
    assert [doing(step) for step in steps] == [
        "linking records",
        "making person",
        "making linkage/prepared",
        "evaluation school_policies: tables",
    ]


def test_each_step_is_told_as_it_begins() -> None:
    """In the order in which they run."""

    @dg.op
    def person() -> None: ...

    @dg.job
    def night() -> None:
        person()

    said: list[str] = []
    with dg.DagsterInstance.ephemeral() as instance:
        night.execute_in_process(instance=instance, run_id=telling(instance, said.append))
    assert said == ["making person"]
