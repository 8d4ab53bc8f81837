"""Validated: rows that keep their contract. One asset per table; the last one writes the verdict.

Rejected rows lie beside the kept ones with reason, file, row and column. The blocking check fails when a
table as a whole cannot be used: then none of its rows is, and the supplier's earlier ones stay in force.
Nothing downstream reads a delivery without a verdict.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import dagster as dg

from assets.failures import no_values_in_errors
from assets.landing import OWNERS, deliveries_of
from assets.partitions import DELIVERIES
from assets.resources import Warehouse
from assets.rules import run_rules_on
from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.validating.validate import settle, validate_table
from outcome_linkage.delivery.validating.verdict import TableVerdict
from schemas.catalogue import CONTRACTS
from schemas.contract import Contract

CONTRACT_CHECK = "contract"
REJECTS_CHECK = "no_rejects"


def column_schema(contract: Contract) -> dg.TableSchema:
    """The contract as the Dagster UI shows a table's columns."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=str(column.dtype),
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable),
            )
            for column in contract.columns.values()
        ]
    )


def build_validated(contract: Contract) -> dg.AssetsDefinition:
    """The validated asset of one delivered table, with its contract as a blocking check."""
    key = dg.AssetKey(["validated", contract.name])

    @dg.asset(
        key=key,
        deps=[["landing", contract.name]],
        partitions_def=DELIVERIES,
        group_name="validated",
        owners=OWNERS[contract.sector],
        kinds={"parquet", "pandera"},
        description=f"{contract.description} Rows that keep the contract; the others are rejected by reason.",
        metadata={"dagster/column_schema": column_schema(contract)},
        check_specs=[
            dg.AssetCheckSpec(CONTRACT_CHECK, asset=key, blocking=True, description="The table can be used."),
            dg.AssetCheckSpec(REJECTS_CHECK, asset=key, description="No row was rejected."),
        ],
    )
    def validated(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        home = warehouse.home
        with no_values_in_errors(f"validated/{contract.name}"):
            verdicts = {
                delivery: validate_table(delivery, home, contract)
                for delivery in deliveries_of(context.partition_key, contract.name, home)
            }
            _settle(context, verdicts, warehouse)
        yield from _checks(verdicts)
        yield dg.MaterializeResult(metadata=_counts(verdicts.values()))

    return validated


def _counts(verdicts: Iterable[TableVerdict]) -> dict[str, dg.MetadataValue]:
    judged = list(verdicts)
    reasons: Counter[str] = Counter()
    for verdict in judged:
        reasons.update(verdict.reasons)
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(sum(v.kept for v in judged)),
        "read": dg.MetadataValue.int(sum(v.read for v in judged)),
        "rejected": dg.MetadataValue.int(sum(v.rejected for v in judged)),
        "rejected by reason": dg.MetadataValue.json(dict(sorted(reasons.items()))),
    }


def _checks(verdicts: dict[DeliveryId, TableVerdict]) -> Iterator[dg.AssetCheckResult]:
    refused = {str(d): v.why for d, v in verdicts.items() if v.status == "refused"}
    rejected = sum(v.rejected for v in verdicts.values())
    yield dg.AssetCheckResult(
        check_name=CONTRACT_CHECK, passed=not refused, metadata={"refused because": refused}
    )
    yield dg.AssetCheckResult(
        check_name=REJECTS_CHECK,
        passed=rejected == 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"rejected": rejected},
    )


def _settle(
    context: dg.AssetExecutionContext, deliveries: Iterable[DeliveryId], warehouse: Warehouse
) -> None:
    """Write the verdict on each delivery whose last table this was; say that its supplier was heard from."""
    for delivery in deliveries:
        if verdict := settle(delivery, warehouse.home):
            run_rules_on(delivery, warehouse, context.log)
            context.log_event(
                dg.AssetMaterialization(
                    asset_key=["deliveries", delivery.supplier],
                    metadata={"delivery": str(delivery), "status": verdict.status},
                )
            )


VALIDATED = [build_validated(contract) for contract in CONTRACTS.values()]
