"""Evaluations: tables of released counts in a schema of their own in the warehouse, built from models."""

from typing import Any

import dagster as dg
import duckdb

from assets.failures import RETRY, no_values_in_errors
from assets.models import asset_key
from assets.resources import Warehouse
from outcome_linkage.evaluation.counts_table import CountsTable, build_counts
from outcome_linkage.evaluation.nightly import NIGHTLY
from outcome_linkage.evaluation.repairs import REPAIR_COUNTS, met


def build_evaluation(table: CountsTable) -> dg.AssetsDefinition:
    """The asset of one table of counts."""

    @dg.asset(
        key=table.name.split("."),
        deps=[key for key in [asset_key(table.source)] if key],
        group_name="evaluations",
        owners=["team:researchers"],
        kinds={"duckdb"},
        retry_policy=RETRY,
        description=table.description,
        metadata={
            "dagster/column_schema": dg.TableSchema(
                columns=[
                    dg.TableColumn(name=name, type=kind, description=text)
                    for name, (kind, text) in table.columns.items()
                ]
            )
        },
    )
    def counts(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
        with no_values_in_errors(table.name):
            connection = warehouse.session().connection
            built = build_counts(connection, table, context.run_id)
            shown = _repairs(connection) if table is REPAIR_COUNTS else {}
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": built.rows,
                "unchanged": built.unchanged,
                "seconds": built.seconds,
                **shown,
            }
        )

    return counts


def _repairs(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The released counts of rules that met a row, as a table in the UI."""
    head = ("rule", "table", "supplier", "rows", "of")
    lines = [head, ("---",) * len(head), *met(connection)]
    return {"repairs": dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines))}


EVALUATIONS = [build_evaluation(table) for table in NIGHTLY]
