"""A headless run: what the nightly does, in this process, recorded where the UI shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid4

import dagster as dg

from assets.partitions import PERIODS, SUPPLIERS, partition_key
from assets.releases import WITHHELD
from outcome_linkage.collector import all_kept
from outcome_linkage.delivery.manifest import DeliveryId, deliveries_below
from outcome_linkage.delivery.validating.verdict import pending, read_verdict
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from pipelines.definitions import build_defs
from pipelines.instance import fail_dead_runs, opened
from pipelines.sensors import DELIVERY_TAG, selection_for

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
Progress = Callable[[str], None]
LONG_STEPS = {
    "delivery_quality": "comparing deliveries with those before",
    "linkage__links": "linking records",
    "linkage__quality": "measuring the quality of linkage",
    "published__expectations": "judging whether the marts are fit to publish",
    "published__outcomes": "publishing",
}
"""Steps of the night that take longer than a table, in words."""


@dataclass(frozen=True)
class RunSummary:
    """What a headless run did. `received`: deliveries in landing.

    `judged`: deliveries with a verdict now; `failed`: those without; `refused`: why, by table of a delivery;
    `rebuilt`, `unchanged`: assets of the night; `withheld`: why nothing was published, if so;
    `studies_failed`: why, by step of an evaluation.
    """

    received: int
    judged: list[str]
    failed: list[str]
    refused: dict[str, str]
    rebuilt: list[str]
    unchanged: list[str]
    withheld: str = ""
    studies_failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def nothing_to_do(self) -> bool:
        """Whether every input was as it had been."""
        return not (self.judged or self.failed or self.rebuilt or self.studies_failed)


def run_all(
    home: Home,
    progress: Progress,
    supplier: str | None = None,
    period: str | None = None,
    **how_much: bool,
) -> RunSummary:
    """Judge every waiting delivery, then run the nightly job. A failed delivery does not stop the night.

    `how_much`: `full` or `retrain`, for linkage to look at more than what is new.
    """
    with opened(home) as instance:
        fail_dead_runs(home, instance)
        defs = build_defs(home, for_tonight=True)
        waiting = [
            delivery
            for delivery in pending(home)
            if supplier in (None, delivery.supplier) and period in (None, delivery.period)
        ]
        with all_kept():
            for delivery in waiting:
                run_delivery(defs, instance, home, delivery, progress)
            night = run_nightly(defs, instance, progress, **how_much)
    verdicts = {delivery: read_verdict(home, delivery) for delivery in waiting}
    return RunSummary(
        received=len(deliveries_below(home.stage("landing"))),
        judged=[str(delivery) for delivery, verdict in verdicts.items() if verdict],
        failed=[str(delivery) for delivery, verdict in verdicts.items() if not verdict],
        refused={
            f"{delivery}, {table.table}": table.why
            for delivery, verdict in verdicts.items()
            if verdict
            for table in verdict.tables.values()
            if table.why
        },
        rebuilt=night.rebuilt,
        unchanged=night.unchanged,
        withheld=night.withheld,
        studies_failed=night.studies_failed,
    )


def run_delivery(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    home: Home,
    delivery: DeliveryId,
    progress: Progress,
) -> None:
    """Run the `delivery` job for one delivery; its verdict says how it went."""
    progress(f"validating {delivery}")
    instance.add_dynamic_partitions(PERIODS.name or "", [delivery.period])
    instance.add_dynamic_partitions(SUPPLIERS.name or "", [delivery.supplier])
    defs.resolve_job_def("delivery").execute_in_process(
        instance=instance,
        partition_key=partition_key(delivery),
        asset_selection=selection_for(home, delivery),
        tags={DELIVERY_TAG: str(delivery)},
        run_config=QUIET,
        raise_on_error=False,
    )


class NightlyFailed(OutcomeLinkageError):
    """The nightly job failed; the last published database is as it was."""


class Night(NamedTuple):
    """Assets that a night rebuilt or left as they were, and why publishing was withheld, if so.

    `studies_failed`: what went wrong, by step of an evaluation. The rest of the night does not wait for it.
    """

    rebuilt: list[str]
    unchanged: list[str]
    withheld: str
    studies_failed: dict[str, str]


def run_nightly(
    defs: dg.Definitions, instance: dg.DagsterInstance, progress: Progress, **how_much: bool
) -> Night:
    """Run the `nightly` job. Raises NightlyFailed where more than evaluations failed."""
    progress("beginning the night")
    config = {**QUIET, "ops": {"linkage__links": {"config": how_much}}}
    result = defs.resolve_job_def("nightly").execute_in_process(
        instance=instance, run_config=config, raise_on_error=False, run_id=telling(instance, progress)
    )
    failures = _failures(result)
    of_studies = {step: why for step, why in failures.items() if is_of_a_study(step)}
    if not result.success and (not failures or len(of_studies) < len(failures)):
        raise NightlyFailed("; ".join(f"{step}: {why}" for step, why in failures.items()) or "see the UI")
    rebuilt: list[str] = []
    unchanged: list[str] = []
    withheld = ""
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        same = materialization.metadata.get("unchanged")
        key = materialization.asset_key.to_user_string()
        (unchanged if same and same.value else rebuilt).append(key)
        if why := materialization.metadata.get(WITHHELD):
            withheld = str(why.value)
    return Night(rebuilt, unchanged, withheld, of_studies)


def telling(instance: dg.DagsterInstance, progress: Progress) -> str:
    """The id of a run to come, of which each step is told as it begins."""

    def heard(event: dg.EventLogEntry) -> None:
        if event.dagster_event and event.dagster_event.is_step_start and event.step_key:
            progress(doing(event.step_key))

    run_id = str(uuid4())
    instance.add_event_listener(run_id, heard)
    return run_id


def doing(step: str) -> str:
    """What a step of the night does, in words."""
    folder, _, name = step.rpartition("__")
    if is_of_a_study(step):
        return f"evaluation {folder.removeprefix('ev_')}: {name}"
    return LONG_STEPS.get(step) or f"making {step.replace('__', '/')}"


def is_of_a_study(step: str) -> bool:
    """Whether a step belongs to an evaluation of a file, which nothing else of a night reads."""
    return step.startswith("ev_") and not step.startswith("ev_standing__")


def _failures(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    """What our own errors said, by step; they hold no values. Dagster wraps them: the innermost is ours."""
    found = {}
    for event in result.all_events:
        if event.is_step_failure and event.step_key and event.step_failure_data.error:
            error = event.step_failure_data.error
            while error.cause:
                error = error.cause
            message = error.message.strip().removeprefix("dagster._core.definitions.events.Failure: ")
            found[event.step_key] = message
    return found
