"""What a night leaves out: tables and studies that wait for something which nobody ever delivered.

Such tables are empty, and are there for whoever reads them; such studies cannot be run (EV305).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from assets.resources import house_models
from outcome_linkage.delivery.validating.verdict import tables_delivered
from outcome_linkage.evaluation.engine.store import schema_of
from outcome_linkage.evaluation.load import Loaded, load_folder, studies_folder
from outcome_linkage.home import Home
from outcome_linkage.models.waiting import waiting
from pipelines.jobs import NIGHT


@dataclass(frozen=True)
class Waiting:
    """Names of models, and by schema of a study the delivered tables that it waits for."""

    models: frozenset[str] = frozenset()
    studies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def waiting_in(home: Home, studies: Iterable[Loaded]) -> Waiting:
    """What waits as long as a home has the deliveries that it has."""
    delivered = tables_delivered(home)
    asked = {schema_of(one.study): one.study.sources.use for one in studies if one.study}
    missing = {schema: tuple(t for t in tables if t not in delivered) for schema, tables in asked.items()}
    models = frozenset(waiting(house_models(), delivered))
    return Waiting(models, {schema: tables for schema, tables in missing.items() if tables})


def request(home: Home, loaded: dg.RepositoryDefinition, run_config: Mapping[str, Any]) -> dg.RunRequest:
    """A run of the `nightly` job without what waits, of the definitions that Dagster has loaded."""
    left_out = waiting_in(home, load_folder(studies_folder()))
    studies, models = dg.AssetSelection.groups(*left_out.studies), dg.AssetSelection.assets(*left_out.models)
    chosen = NIGHT - models - studies
    return dg.RunRequest(
        run_config=run_config,
        asset_selection=sorted(chosen.resolve(loaded.asset_graph)),
        asset_check_keys=sorted(chosen.resolve_checks(loaded.asset_graph)),
    )
