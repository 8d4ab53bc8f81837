"""One asset per supplier that says when it was last heard from; every delivery run materialises it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import dagster as dg

from schemas.catalogue import Supplier


def build_deliveries(suppliers: Iterable[Supplier]) -> list[dg.AssetSpec]:
    """The freshness asset of each supplier, late after the days that the catalogue allows."""
    return [
        dg.AssetSpec(
            key=["deliveries", supplier.name],
            group_name="deliveries",
            owners=[supplier.owner],
            description=f"The latest judged delivery of {supplier.title}.",
            freshness_policy=dg.FreshnessPolicy.time_window(
                fail_window=timedelta(days=supplier.fresh_for_days),
                warn_window=timedelta(days=supplier.fresh_for_days * 0.8),
            ),
        )
        for supplier in suppliers
    ]
