"""What Dagster loads: every asset, check, job, schedule and sensor of the pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg

from assets.agreements import AGREEMENTS
from assets.deliveries import build_deliveries
from assets.delivery_quality import build_delivery_quality
from assets.evaluation_family import build_family, build_family_checks
from assets.evaluation_files import build_evaluation_files
from assets.evaluations import EVALUATIONS
from assets.expectations import expectations, expectations_of_marts
from assets.feedback import build_feedback
from assets.landing import LANDING
from assets.linkage import LINKAGE
from assets.models import build_models
from assets.quality import quality
from assets.releases import build_published
from assets.resources import HomeFolder, Warehouse
from assets.rules import rules
from assets.validated import VALIDATED
from outcome_linkage.evaluation.at_home import usable
from outcome_linkage.evaluation.engine.store import schema_of
from outcome_linkage.evaluation.load import load_folder, studies_folder
from outcome_linkage.home import Home
from pipelines.jobs import DELIVERY, IN_STEPS, NIGHTLY, PURGE
from pipelines.schedules import SCHEDULES
from pipelines.sensors import arrivals
from pipelines.tonight import Waiting, waiting_in
from schemas.catalogue import load_suppliers


def build_defs(
    home: Home | None = None, studies: Path | None = None, *, for_tonight: bool = False, **overrides: Any
) -> dg.Definitions:
    """The pipeline on the home folder; `overrides` replace resources by name, as tests do.

    `studies` is the folder of evaluations, without it `studies_folder()`. `for_tonight`: without what waits
    for its first delivery.
    """
    home, studies = home or Home.from_environment(), studies or studies_folder()
    right = [one for one in load_folder(studies) if one.usable]
    left_out = waiting_in(home, right) if for_tonight else Waiting()
    right = [one for one in right if schema_of(usable(one)) not in left_out.studies]
    resources = {
        "home_folder": HomeFolder(root=str(home.root)),
        "warehouse": Warehouse.at(home.root),
        **overrides,
    }
    return dg.Definitions(
        assets=[
            *LANDING,
            *VALIDATED,
            *build_deliveries(load_suppliers(home.root).values()),
            *build_feedback(load_suppliers(home.root).values()),
            build_delivery_quality(load_suppliers(home.root).values()),
            *AGREEMENTS,
            *LINKAGE,
            quality,
            *build_models(left_out.models),
            *EVALUATIONS,
            build_evaluation_files(studies),
            *(asset for one in right for asset in build_family(one)),
            expectations,
            *build_published(),
        ],
        asset_checks=[
            rules,
            expectations_of_marts,
            *(check for one in right for check in build_family_checks(one)),
        ],
        jobs=[DELIVERY, NIGHTLY, PURGE],
        schedules=list(SCHEDULES),
        sensors=[arrivals],
        resources=resources,
        executor=IN_STEPS,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Loaded by `workspace.yaml`; nothing is read before Dagster asks."""
    return build_defs()
