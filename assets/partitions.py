"""How deliveries are partitioned: every delivered table by supplier and period, keys added as they arrive."""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from outcome_linkage.delivery.manifest import DeliveryId

PERIODS = dg.DynamicPartitionsDefinition(name="period")
SUPPLIERS = dg.DynamicPartitionsDefinition(name="supplier")
DELIVERIES = dg.MultiPartitionsDefinition({"period": PERIODS, "supplier": SUPPLIERS})


def partition_key(delivery: DeliveryId) -> dg.MultiPartitionKey:
    """The partition that a delivery belongs to; several deliveries may share one."""
    return dg.MultiPartitionKey({"period": delivery.period, "supplier": delivery.supplier})


def requests_for(deliveries: Iterable[DeliveryId]) -> list[dg.AddDynamicPartitionsRequest]:
    """What makes the partitions of these deliveries known to Dagster."""
    found = list(deliveries)
    return [
        PERIODS.build_add_request(sorted({delivery.period for delivery in found})),
        SUPPLIERS.build_add_request(sorted({delivery.supplier for delivery in found})),
    ]


def in_partition(key: str, deliveries: Iterable[DeliveryId]) -> list[DeliveryId]:
    """Those of the deliveries that belong to the partition `key`."""
    return [delivery for delivery in deliveries if str(partition_key(delivery)) == key]
