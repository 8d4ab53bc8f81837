"""What is known of one delivery: the verdict, every fault with its place, and what the rules found.

Read from the home of the research side, or from the one in which `check` tries a delivery out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.feedback.codes import shown_codes
from outcome_linkage.delivery.feedback.places import PLACE, placed
from outcome_linkage.delivery.manifest import DeliveredTable, DeliveryId, Manifest
from outcome_linkage.delivery.receiving.refused import RefusedFinding
from outcome_linkage.delivery.rules.of_delivery import rule_failures
from outcome_linkage.delivery.rules.result import Judged, read_result
from outcome_linkage.delivery.validating.rejected import rejected_rows
from outcome_linkage.delivery.validating.validate import TABLE_REFUSED
from outcome_linkage.delivery.validating.verdict import TableVerdict, read_verdict
from outcome_linkage.home import Home

FAULTS = pl.Schema(
    [
        ("table", pl.String()),
        ("column", pl.String()),
        ("problem", pl.String()),
        ("row", pl.Int64()),
        ("record_key", pl.String()),
        ("code", pl.String()),
        *PLACE.items(),
    ]
)
"""A line for each fault: `problem` is a reject reason or the id of a rule, `row` that of the delivered table,
`code` what stands there if that may be shown, the others where it stands in the supplier's own file."""


@dataclass(frozen=True)
class Facts:
    """One delivery. `number` is its place in landing; None before it was sent.

    `findings` are those of the privacy gate. `rules` is None where no rules were run.
    """

    supplier: str
    period: str
    number: str | None
    verdicts: Mapping[str, TableVerdict] = field(default_factory=dict)
    rejected: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FAULTS))
    failures: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FAULTS))
    rules: tuple[Judged, ...] | None = None
    findings: tuple[RefusedFinding, ...] = ()
    tables: Mapping[str, DeliveredTable] = field(default_factory=dict)

    def before_sending(self, findings: Iterable[RefusedFinding]) -> Facts:
        """The same of a delivery that only the supplier has yet, with what the gate found."""
        return replace(self, number=None, findings=tuple(findings))

    @property
    def faults(self) -> pl.DataFrame:
        """Rejected rows and rows that rules flag (`FAULTS`)."""
        return pl.concat([self.rejected, self.failures])


def read_facts(delivery: DeliveryId, home: Home, contracts: Mapping[str, Contract]) -> Facts:
    """What is known of a judged delivery. Reads the restricted zone."""
    verdict, rules = read_verdict(home, delivery), read_result(home, delivery)
    tables = Manifest.read(home.folder("landing", delivery)).tables
    rejected = rejected_rows(delivery, home, contracts).rename({"reason": "problem"})
    rejected = rejected.filter(pl.col("problem") != TABLE_REFUSED)
    failures = rule_failures(delivery, home).rename({"_row": "row", "rule": "problem"}) if rules else None
    return Facts(
        supplier=delivery.supplier,
        period=delivery.period,
        number=delivery.number,
        verdicts=verdict.tables if verdict else {},
        rejected=_described(rejected, delivery, home, contracts, tables),
        failures=pl.DataFrame(schema=FAULTS)
        if failures is None
        else _described(failures, delivery, home, contracts, tables),
        rules=tuple(rules.rules) if rules else None,
        tables=tables,
    )


def _described(
    faults: pl.DataFrame,
    delivery: DeliveryId,
    home: Home,
    contracts: Mapping[str, Contract],
    tables: Mapping[str, DeliveredTable],
) -> pl.DataFrame:
    """Each fault with its place in the supplier's file, and the code that stands there if it may be shown."""

    def parts() -> Iterator[pl.DataFrame]:
        yield pl.DataFrame(schema=FAULTS)
        for (table,), of_table in faults.partition_by("table", as_dict=True, maintain_order=True).items():
            contract = contracts.get(str(table))
            if contract is None:
                continue
            folder = home.folder("landing", delivery, restricted=contract.restricted)
            delivered = pl.scan_parquet(folder / f"{table}.parquet", glob=False)
            coded = shown_codes(of_table, delivered, contract)
            yield placed(coded, tables.get(str(table))).select(FAULTS.names()).cast(FAULTS)

    return pl.concat(parts())
