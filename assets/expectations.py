"""Expectations of the marts: judged when all are built, told to each mart as a check; publishing waits.

Judging is an asset of its own: marts that waited for each other's checks could not be judged together.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.resources import Warehouse
from outcome_linkage.release.expectations.report import Made, last_report, make_report
from outcome_linkage.release.expectations.suites import SUITES
from outcome_linkage.release.expectations.told import Report, words

EXPECTATIONS = dg.AssetKey(["published", "expectations"])
CHECK = "expectations"
MARTS = [dg.AssetKey(suite.table) for suite in SUITES]
NOT_STARTED = "The marts are as they were when they were judged: Great Expectations was not started."


@dg.asset(
    key=EXPECTATIONS,
    deps=MARTS,
    group_name="published",
    owners=["team:analysts"],
    kinds={"greatexpectations"},
    retry_policy=RETRY,
    description=(
        "What Great Expectations finds in the marts before they are published: a page and JSON in "
        "`expectations/` of the home, counts and names of expectations only. Publishing waits for critical "
        "ones."
    ),
)
def expectations(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Judge the marts, unless they were judged as they stand."""
    with no_values_in_errors("published/expectations"):
        made = make_report(warehouse.session().connection, warehouse.home, warehouse.judge)
    if made.unchanged:
        context.log.info(NOT_STARTED)
    return dg.MaterializeResult(metadata=_metadata(made))


@dg.multi_asset_check(
    name="expectations_of_marts",
    specs=[
        dg.AssetCheckSpec(
            CHECK,
            asset=mart,
            additional_deps=[EXPECTATIONS],
            description="What Great Expectations expects of the mart before it is published.",
        )
        for mart in MARTS
    ],
    can_subset=True,
)
def expectations_of_marts(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult]:
    """Tell each mart what its last report says of it."""
    with no_values_in_errors("expectations"):
        report = last_report(warehouse.home)
    for key in sorted(context.selected_asset_check_keys):
        yield _result(key, report)


def _result(key: dg.AssetCheckKey, report: Report | None) -> dg.AssetCheckResult:
    table = key.asset_key.path[-1]
    of_table = [e for e in report.expectations if e.table == table] if report else []
    failed = [e for e in of_table if e.state != "passed"]
    serious = report is None or any(e.critical for e in failed)
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=report is not None and not failed,
        severity=dg.AssetCheckSeverity.ERROR if serious else dg.AssetCheckSeverity.WARN,
        metadata={
            "report": report.number if report else 0,
            "expectations": len(of_table),
            "critical, failed": {e.says: words(e) for e in failed if e.critical},
            "warnings": {e.says: words(e) for e in failed if not e.critical},
        },
    )


def _metadata(made: Made) -> dict[str, Any]:
    report = made.report
    return {
        "unchanged": made.unchanged,
        "judged": NOT_STARTED if made.unchanged else "The marts were judged.",
        "report": report.number,
        "page": f"expectations/{made.page.name} in the home",
        "expectations": len(report.expectations),
        "critical, failed": sum(e.critical for e in report.failed),
        "warnings": sum(not e.critical for e in report.failed),
        "rows looked at": {looked.table: looked.judged_on for looked in report.tables},
        "share of people looked at": report.people_share,
    }
