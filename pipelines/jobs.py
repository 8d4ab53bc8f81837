"""The jobs: `delivery` for one delivery up to its verdict, `nightly` for everything after it, and `purge`."""

from __future__ import annotations

import dagster as dg

from assets.evaluation_family import TAG
from assets.partitions import DELIVERIES
from assets.rules import rules
from pipelines.alerts import tell_of_failure

IN_STEPS = dg.in_process_executor
NIGHTLY_GROUPS = (
    "agreements",
    "feedback",
    "quality",
    "linkage",
    "staging",
    "intermediate",
    "marts",
    "evaluations",
    "published",
)
FAMILIES = dg.AssetSelection.tag(*next(iter(TAG.items())))
NIGHT = dg.AssetSelection.groups(*NIGHTLY_GROUPS) | FAMILIES | dg.AssetSelection.checks(rules)

DELIVERY = dg.define_asset_job(
    "delivery",
    selection=dg.AssetSelection.groups("landing", "validated"),
    partitions_def=DELIVERIES,
    executor_def=IN_STEPS,
    hooks={tell_of_failure},
    description="Gate, validate and judge the deliveries of one supplier and period.",
)

NIGHTLY = dg.define_asset_job(
    "nightly",
    selection=NIGHT,
    executor_def=IN_STEPS,
    hooks={tell_of_failure},
    description="Link people, build every model and publish, from whatever is validated.",
)

PURGE = dg.define_asset_job(
    "purge",
    selection=dg.AssetSelection.groups("purge"),
    executor_def=IN_STEPS,
    hooks={tell_of_failure},
    description="Destroy what agreements let lie no longer, and what is left of people who withdrew.",
)
