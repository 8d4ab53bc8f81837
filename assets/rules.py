"""Statutory rules and our own on each delivery that was judged: one check for each table, counts only.

A rule flags rows and rejects none, so these checks stop nothing. The rules run with the verdict, because a
check is passed over where a table was refused; results lie beside it. Checks tell what is in them, after each
delivery and every night.
"""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from assets.failures import no_values_in_errors
from assets.partitions import in_partition
from assets.resources import Warehouse
from outcome_linkage.delivery.manifest import DeliveryId, deliveries_below
from outcome_linkage.delivery.rules.of_delivery import Catalogue, rules_on
from outcome_linkage.delivery.rules.result import STATES, Judged
from outcome_linkage.delivery.validating.verdict import read_verdict
from outcome_linkage.errors import safe_words
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS, Supplier
from schemas.rules import RULES

RULES_CHECK = "rules"
COLUMNS = ("rule", "state", "rows at fault", "of", "people", "may be at fault", "says")


def catalogue(suppliers: Mapping[str, Supplier]) -> Catalogue:
    """Contracts and rules, with the tables of suppliers that may be read."""
    return Catalogue(CONTRACTS, suppliers, RULES)


def _specs() -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            RULES_CHECK,
            asset=["validated", table],
            description="Of the rows that each rule looks at, no more are at fault than may be.",
        )
        for table in CONTRACTS
        if any(rule.table == table for rule in RULES.rules)
    ]


@dg.multi_asset_check(name="rules_on_deliveries", specs=_specs(), can_subset=True)
def rules(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
    """Tell each table what the rules found in it, in the deliveries of the partition.

    Without a partition, as at night: in the last delivery of each supplier.
    """
    home, known = warehouse.home, catalogue(warehouse.suppliers)
    partition = context.partition_key if context.has_partition_key else None
    with no_values_in_errors("rules"):
        found = {delivery: rules_on(delivery, home, known).rules for delivery in judged(partition, home)}
    for key in sorted(context.selected_asset_check_keys):
        table = key.asset_key.path[-1]
        of_table = [rule for result in found.values() for rule in result if rule.table == table]
        yield _result(key, of_table)


def run_rules_on(delivery: DeliveryId, warehouse: Warehouse, log: dg.DagsterLogManager) -> None:
    """Run the rules on a delivery that was just judged. Whatever stops them does not stop the delivery."""
    try:
        rules_on(delivery, warehouse.home, catalogue(warehouse.suppliers))
    except Exception as error:  # the check runs them again, and fails where this can be seen
        log.warning(f"{delivery}: the rules did not run. {safe_words(error)}")


def judged(partition: str | None, home: Home) -> list[DeliveryId]:
    """The deliveries of a partition that have a verdict; without one, the last of each supplier."""
    landed = [d for d in deliveries_below(home.stage("landing")) if read_verdict(home, d) is not None]
    return in_partition(partition, landed) if partition else list({d.supplier: d for d in landed}.values())


def _result(key: dg.AssetCheckKey, found: Sequence[Judged]) -> dg.AssetCheckResult:
    wrong = [rule for rule in found if rule.state in ("fail", "crashed")]
    serious = any(rule.severity == "error" or rule.state == "crashed" for rule in wrong)
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=not wrong,
        severity=dg.AssetCheckSeverity.ERROR if serious else dg.AssetCheckSeverity.WARN,
        metadata={
            **{state: sum(rule.state == state for rule in found) for state in STATES},
            "rules that not every row keeps": _table([rule for rule in found if rule.failing]),
            "skipped because": sorted({rule.why for rule in found if rule.state == "skipped"}),
            "crashed": {rule.rule: rule.why for rule in found if rule.state == "crashed"},
        },
    )


def _table(found: Sequence[Judged]) -> dg.TableMetadataValue:
    rows = [
        (rule.rule, rule.state, rule.failing, rule.checked, rule.people, rule.threshold, rule.says)
        for rule in sorted(found, key=lambda rule: (STATES.index(rule.state), -rule.failing))
    ]
    columns = [dg.TableColumn(name) for name in COLUMNS]
    records = [dg.TableRecord(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    return dg.MetadataValue.table(records, dg.TableSchema(columns))
