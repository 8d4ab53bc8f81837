"""Quality of deliveries over time: what is out of its own bounds, as pictures, numbers and two checks.

One asset and two checks for all suppliers and tables: a check for each table would be hundreds of events a
night, and nobody would read them. A figure out of bounds warns; no rows and a broken contract are errors.
Neither stops anything: what was delivered before stays in use.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.resources import LATE, Warehouse
from outcome_linkage.delivery_quality.findings import Finding
from outcome_linkage.delivery_quality.report import Made
from outcome_linkage.home import Home
from schemas.catalogue import Supplier

DELIVERY_QUALITY = dg.AssetKey("delivery_quality")
USABLE, EXPECTED = "usable", "as_expected"
CHECKS = {
    USABLE: "No table is without rows or refused as a whole.",
    EXPECTED: "No figure is out of the bounds of its own past, and nothing is late.",
}
MOST_TOLD = 50
COLUMNS = ("supplier", "table", "when", "what")


def build_delivery_quality(suppliers: Iterable[Supplier]) -> dg.AssetsDefinition:
    """The quality of all that these suppliers delivered."""

    @dg.asset(
        key=DELIVERY_QUALITY,
        deps=[["deliveries", supplier.name] for supplier in suppliers],
        group_name="quality",
        owners=["team:analysts"],
        kinds={"html"},
        op_tags=LATE,
        retry_policy=RETRY,
        description=(
            "Rows, completeness, codes, rejects, repeated rows, dates and freshness of every table, "
            "by month, judged by its own past: a page and JSON in `delivery_quality/` of the home."
        ),
        check_specs=[
            dg.AssetCheckSpec(name, asset=DELIVERY_QUALITY, description=rule) for name, rule in CHECKS.items()
        ],
    )
    def delivery_quality(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        home = warehouse.home
        with no_values_in_errors("delivery_quality"):
            made = warehouse.report(warehouse.look_at_deliveries())
        yield _result(USABLE, made.report.errors, dg.AssetCheckSeverity.ERROR)
        yield _result(EXPECTED, made.report.warnings, dg.AssetCheckSeverity.WARN)
        yield dg.MaterializeResult(metadata=_metadata(made, home))

    return delivery_quality


def _result(name: str, found: Sequence[Finding], severity: dg.AssetCheckSeverity) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=name,
        passed=not found,
        severity=severity,
        metadata={"findings": len(found), **({"worst first": _table(found)} if found else {})},
    )


def _table(found: Sequence[Finding]) -> dg.TableMetadataValue:
    rows = [(finding.supplier, finding.table, finding.when, finding.says) for finding in found[:MOST_TOLD]]
    records = [dg.TableRecord(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    return dg.MetadataValue.table(records, dg.TableSchema([dg.TableColumn(name) for name in COLUMNS]))


def _metadata(made: Made, home: Home) -> dict[str, Any]:
    """Pictures, and numbers that the UI draws from night to night."""
    report = made.report
    return {
        "unchanged": made.unchanged,
        "page": f"{made.page.relative_to(home.root)} in the home",
        "tables": report.tables,
        "figures judged": report.judged,
        "tables not usable": len(report.errors),
        "figures not as expected": len(report.warnings),
        **report.figures,
        **{name: _picture(name, svg) for name, svg in report.pictures.items() if svg},
    }


def _picture(name: str, svg: str) -> dg.MarkdownMetadataValue:
    """A picture that the UI shows without asking anybody else for it."""
    image = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![{name}](data:image/svg+xml;base64,{image})")
