"""The arrivals sensor: a manifest in landing without a verdict starts a `delivery` run."""

import dagster as dg

from assets.partitions import partition_key, requests_for
from assets.resources import HomeFolder
from outcome_linkage.delivery.manifest import DeliveryId, Manifest
from outcome_linkage.delivery.validating.verdict import pending
from outcome_linkage.home import Home
from pipelines.jobs import DELIVERY

DELIVERY_TAG = "outcome_linkage/delivery"
ATTEMPTS = 3


def selection_for(home: Home, delivery: DeliveryId) -> list[dg.AssetKey]:
    """The assets that a delivery's own tables need: landing and validated of each."""
    tables = Manifest.read(home.folder("landing", delivery)).tables
    return [dg.AssetKey([stage, table]) for table in sorted(tables) for stage in ("landing", "validated")]


def next_attempt(instance: dg.DagsterInstance, delivery: DeliveryId) -> int | None:
    """The number of the next attempt; None while one is under way or all have been used."""
    runs = instance.get_runs(dg.RunsFilter(tags={DELIVERY_TAG: str(delivery)}))
    if any(not run.is_finished for run in runs) or len(runs) >= ATTEMPTS:
        return None
    return len(runs) + 1


@dg.sensor(job=DELIVERY, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def arrivals(context: dg.SensorEvaluationContext, home_folder: HomeFolder) -> dg.SensorResult | dg.SkipReason:
    """Ask for one run per delivery that waits; a used run key never runs again, so attempts are numbered."""
    waiting = pending(home_folder.home)
    attempts = {delivery: next_attempt(context.instance, delivery) for delivery in waiting}
    requests = [
        dg.RunRequest(
            partition_key=partition_key(delivery),
            run_key=f"{delivery.supplier}|{delivery.period}|{delivery.number}|{attempt}",
            asset_selection=selection_for(home_folder.home, delivery),
            tags={DELIVERY_TAG: str(delivery)},
        )
        for delivery, attempt in attempts.items()
        if attempt
    ]
    if not requests:
        return dg.SkipReason(f"{len(waiting)} deliveries wait for a verdict; none needs a new run")
    return dg.SensorResult(
        run_requests=requests,
        dynamic_partitions_requests=requests_for(
            delivery for delivery, attempt in attempts.items() if attempt
        ),
    )
