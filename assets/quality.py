"""Quality of the links: the pack of each linkage run, and the checks that publishing waits for."""

import base64
import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.in_force import suppliers_not_linked
from assets.linkage import records_sql, tokens_sql
from assets.models import LINKS
from assets.resources import Warehouse
from outcome_linkage.delivery.manifest import Manifest
from outcome_linkage.delivery.validating.current import CurrentFile, current_files, current_sql
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.checks import RULES, Check
from outcome_linkage.linkage_quality.measure import NOBODY, Extract, Provision
from outcome_linkage.linkage_quality.pack import Made, make_pack
from outcome_linkage.linkage_quality.shown_run import HEADLINES, Pack
from schemas.catalogue import CONTRACTS, Supplier

QUALITY = dg.AssetKey(["linkage", "quality"])
LOOKED_AFTER = ("ssda903_header", "ssda903_episodes")
DEATHS = {"deaths": "death_date"}
# Dates on which the person of a record must have been alive; nothing else of these tables is read.
EVENTS = {
    "ecds_attendances": "arrival_date",
    "apc_episodes": "epistart",
    "mhsds_referrals": "referral_date",
    "police_incidents": "incident_date",
    "school_exclusions": "start_date",
    "ssda903_episodes": "decom",
    "cin_protection_plans": "plan_start_date",
}

Files = Mapping[str, Sequence[CurrentFile]]


def extract(
    home: Home, suppliers: Mapping[str, Supplier], apart: Mapping[str, Supplier] | None = None
) -> Extract:
    """What the quality run may read of the deliveries in use; of `apart`, see `link_current`."""
    files = current_files(home, CONTRACTS, suppliers)
    return Extract(
        tokens=tokens_sql(home, files, apart or {}),
        records=records_sql(files),
        as_of=_as_of(files),
        looked_after=_union(files, dict.fromkeys(LOOKED_AFTER)),
        deaths=_union(files, DEATHS),
        events=_union(files, EVENTS),
        provisions=tuple(_provisions(home, files, suppliers)),
        registers=tuple(registers(suppliers)),
    )


def registers(suppliers: Mapping[str, Supplier]) -> list[str]:
    """Suppliers that hold nearly everybody of their area."""
    return sorted(s.name for s in suppliers.values() if any(t.register_of_people for t in s.tables.values()))


def _as_of(files: Files) -> date:
    """The end of the month of the latest delivery in use: the day on which ages are counted."""
    periods = [file.delivery.period for current in files.values() for file in current]
    year, month = map(int, max(periods, default="1970-01").split("-"))
    return date(year, month, calendar.monthrange(year, month)[1])


def _union(files: Files, columns: Mapping[str, str | None]) -> str:
    """SQL for supplier and record_key of every row of the tables, and the named column where one is."""
    parts = [
        f"select _supplier, record_key{f', {column}' if column else ''} "
        f"from ({current_sql(CONTRACTS[table], files.get(table, ()))})"
        for table, column in columns.items()
    ]
    return " union all ".join(parts) or NOBODY


def _provisions(home: Home, files: Files, suppliers: Mapping[str, Supplier]) -> Iterator[Provision]:
    """The deliveries in use, by supplier, oldest first."""
    rows: dict[Any, dict[str, int]] = {}
    for table, current in files.items():
        for file in current:
            rows.setdefault(file.delivery, {})[table] = file.rows
    for delivery in sorted(rows, key=lambda d: (d.supplier, d)):
        manifest = Manifest.read(home.folder("landing", delivery))
        yield Provision(
            supplier=delivery.supplier,
            title=suppliers[delivery.supplier].title,
            period=delivery.period,
            number=delivery.number,
            key_version=manifest.key_version,
            encoder_version=manifest.encoder_version,
            tables=dict(sorted(rows[delivery].items())),
        )


@dg.asset(
    key=QUALITY,
    deps=[LINKS],
    group_name="linkage",
    owners=["team:linkers"],
    kinds={"duckdb"},
    retry_policy=RETRY,
    description=(
        "How good the links of the last linkage run are, and for whom: a page and JSON in `linkage_quality/` "
        "of the home. Released figures only. Publishing waits for two of its checks."
    ),
    check_specs=[
        dg.AssetCheckSpec(name, asset=QUALITY, description=rule) for name, (rule, _) in RULES.items()
    ],
)
def quality(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """Measure the last linkage run, as far as an earlier measurement does not hold, and judge it."""
    home = warehouse.home
    with no_values_in_errors("linkage/quality"):
        made = make_pack(
            home, extract(home, warehouse.suppliers, suppliers_not_linked(home, warehouse.today))
        )
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
