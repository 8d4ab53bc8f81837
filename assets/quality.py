"""Quality of the links: the pack of each linkage run, and the checks that publishing waits for."""

import base64
from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.models import LINKS
from assets.resources import LATE, Warehouse
from outcome_linkage.linkage_quality.checks import RULES, Check
from outcome_linkage.linkage_quality.pack import Made
from outcome_linkage.linkage_quality.shown_run import HEADLINES, Pack

QUALITY = dg.AssetKey(["linkage", "quality"])


@dg.asset(
    key=QUALITY,
    deps=[LINKS],
    group_name="linkage",
    owners=["team:linkers"],
    kinds={"duckdb"},
    op_tags=LATE,
    retry_policy=RETRY,
    description=(
        "How good the links of the last linkage run are, and for whom: a page and JSON in `linkage_quality/` "
        "of the home. Released figures only. Publishing waits for three of its checks."
    ),
    check_specs=[
        dg.AssetCheckSpec(name, asset=QUALITY, description=rule) for name, (rule, _) in RULES.items()
    ],
)
def quality(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """Measure the last linkage run, as far as an earlier measurement does not hold, and judge it."""
    with no_values_in_errors("linkage/quality"):
        made = warehouse.report(warehouse.measure_links())
        metadata = _metadata(made)
    for check in made.pack.checks:
        yield _result(check)
    yield dg.MaterializeResult(metadata=metadata)


def _result(check: Check) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.ERROR if check.gates else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        check_name=check.name,
        passed=check.passed,
        severity=severity,
        metadata={
            "findings": list(check.findings),
            "what to do": "" if check.passed else check.remedy,
            "compared with": check.against,
        },
    )


def _metadata(made: Made) -> dict[str, Any]:
    pack = made.pack
    figures = {title: figure.words for title, name, _ in HEADLINES if (figure := pack.find(name))}
    return {
        "unchanged": made.unchanged,
        "linkage run": pack.run,
        "accuracy measured on run": pack.measured_run,
        "page": f"linkage_quality/{made.page.name} in the home",
        "figures": len(pack.figures),
        **figures,
        **_picture(pack),
    }


def _picture(pack: Pack) -> dict[str, dg.MarkdownMetadataValue]:
    """Recall by group as a picture that the UI shows without asking anybody else for it."""
    from outcome_linkage.linkage_quality.plots import by_group

    svg = by_group(pack.figures, "recall", "Recall")
    if not svg:
        return {}
    image = base64.b64encode(svg.encode()).decode()
    return {"recall by group": dg.MetadataValue.md(f"![Recall by group](data:image/svg+xml;base64,{image})")}
