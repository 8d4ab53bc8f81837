"""Evaluations: tables of their own schema in the warehouse, built from the marts."""

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.models import asset_key
from assets.resources import Warehouse
from outcome_linkage.evaluation import standing


@dg.asset(
    key=standing.TABLE.split("."),
    deps=[key for key in [asset_key(standing.SOURCE)] if key],
    group_name="evaluations",
    owners=["team:researchers"],
    kinds={"duckdb"},
    retry_policy=RETRY,
    description=standing.DESCRIPTION,
    metadata={
        "dagster/column_schema": dg.TableSchema(
            columns=[
                dg.TableColumn(name=name, type=kind, description=text)
                for name, (kind, text) in standing.COLUMNS.items()
            ]
        )
    },
)
def status_counts(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Count people by adversity domain, outcome and status; small counts hidden."""
    with no_values_in_errors(standing.TABLE):
        built = standing.build_status_counts(warehouse.session().connection, context.run_id)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": built.rows, "unchanged": built.unchanged, "seconds": built.seconds}
    )


EVALUATIONS = [status_counts]
