"""Linkage: who is the same person across suppliers. Reads tokens; writes only the linker's registry."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import dagster as dg
from pydantic import Field

from assets.delivery_quality import DELIVERY_QUALITY
from assets.extract import records_sql, tokens_sql
from assets.failures import RETRY, no_values_in_errors
from assets.in_force import suppliers_not_linked, trusted_first
from assets.models import LINKS
from assets.quality import QUALITY
from assets.resources import Warehouse
from outcome_linkage.agreements.withdrawn import remembered_sql
from outcome_linkage.delivery.validating.current import CurrentFile, current_files, current_sql
from outcome_linkage.home import Home
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage.registry import LinkageReport
from schemas.catalogue import CONTRACTS, Supplier

OPT_OUTS = "opt_outs"
MOST_BESIDE = 2_000_000
"""Records that are measured while models are built; more would want the memory of the machine twice."""


REPORTS: Mapping[dg.AssetKey, Callable[[Warehouse], partial[Any]]] = {
    DELIVERY_QUALITY: Warehouse.look_at_deliveries,
    QUALITY: Warehouse.measure_links,
}
"""What needs no model, and is begun before them."""


class HowMuch(dg.Config):
    """How much a run looks at: by default only what has come or changed since the last one."""

    full: bool = Field(False, description="Look at every record again, as the weekly run does.")
    retrain: bool = Field(False, description="Find the weights of the model anew first; implies full.")


def link_current(
    home: Home,
    suppliers: Mapping[str, Supplier],
    run_id: str,
    *,
    apart: Mapping[str, Supplier] | None = None,
    full: bool = False,
    retrain: bool = False,
) -> LinkageReport:
    """Link every record of the deliveries in use; records without tokens get an id of their own.

    `suppliers` lists the tables that may be read, `apart` those that may not be linked.
    """
    files = current_files(home, CONTRACTS, suppliers)
    return link(
        home,
        tokens_sql(home, files, apart or {}),
        records_sql(files),
        run_id,
        trusted_first(suppliers),
        opt_outs_sql=opt_outs_sql(home, files),
        full=full,
        retrain=retrain,
    )


def opt_outs_sql(home: Home, files: Mapping[str, Sequence[CurrentFile]]) -> str:
    """A query for supplier, record_key, scope and first day of every objection in use or remembered."""
    rows = current_sql(CONTRACTS[OPT_OUTS], files.get(OPT_OUTS, ()))
    delivered = f"select _supplier, record_key, scope, from_date from ({rows})"
    remembered = remembered_sql(home)
    return f"{delivered} union {remembered}" if remembered else delivered


@dg.asset(
    key=LINKS,
    deps=[["validated", name] for name, contract in CONTRACTS.items() if contract.has_person],
    group_name="linkage",
    owners=["team:linkers"],
    kinds={"duckdb", "sql"},
    retry_policy=RETRY,
    description="Stable person ids for every record, and the evidence for each link. In the restricted zone.",
)
def links(
    context: dg.AssetExecutionContext, warehouse: Warehouse, config: HowMuch
) -> dg.MaterializeResult[None]:
    """Bring the registry up to date with the deliveries in use."""
    home = warehouse.home
    selected = context.run.asset_selection
    with no_values_in_errors("linkage/links"):
        report = link_current(
            home,
            warehouse.suppliers,
            context.run_id,
            apart=suppliers_not_linked(home, warehouse.today),
            full=config.full,
            retrain=config.retrain,
        )
        if not report.unchanged and report.records <= MOST_BESIDE:
            warehouse.make_judge_ready()
            for key in sorted(REPORTS.keys() & (selected or REPORTS.keys())):
                warehouse.begin(REPORTS[key](warehouse))
    return dg.MaterializeResult(
        metadata={
            "unchanged": report.unchanged,
            "looked at": "every record" if report.full else f"{report.looked_at:,} new or changed records",
            "records": report.records,
            "records without tokens": report.records_without_tokens,
            "withdrawn records left out": report.tombstoned,
            "persons": report.persons,
            "persons known to several suppliers": report.persons_of_several_suppliers,
            "records by pass": report.passes,
            "records by level": report.levels,
            "candidates refused": report.refused,
            "ids": {"minted": report.minted, "merged": report.merged, "split": report.split},
            "records known before whose person changed": report.moved_records,
            "their share": report.churn if report.churn is not None else "no record was known before",
            "model version": report.model_version,
        }
    )


LINKAGE = [links]
