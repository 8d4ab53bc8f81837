"""The research side's judgement of a delivery, before it is sent: the privacy gate, then the contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from outcome_linkage.delivery.checking.advice import advice
from outcome_linkage.delivery.checking.rehearse import Rehearsal, Then, nothing_more, rehearsed
from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.receiving.finding import GateReport
from outcome_linkage.delivery.rules.before_sending import rules_before_sending
from outcome_linkage.delivery.rules.result import RulesResult, read_result
from outcome_linkage.delivery.rules.rule import RuleBook
from outcome_linkage.delivery.rules.run import FAILURES
from outcome_linkage.delivery.validating.rejected import rejected_rows
from outcome_linkage.delivery.validating.verdict import read_verdict
from outcome_linkage.files import write_parquet
from outcome_linkage.home import Home


@dataclass(frozen=True)
class TableCheck:
    """One table: its rows, those that would be kept, and a line for each fault of the others.

    `rejected` has the columns `table`, `file`, `row`, `record_key`, `column` and `reason`.
    """

    rows: int
    kept: int
    rejected: pl.DataFrame
    why_refused: str | None

    @property
    def faults(self) -> dict[tuple[str, str], int]:
        """How many rows break which rule, by column and reason."""
        counted = Counter(
            (column or "whole row", reason)
            for column, reason in self.rejected.select("column", "reason").rows()
        )
        return dict(sorted(counted.items()))


@dataclass(frozen=True)
class CheckReport:
    """What would happen to a delivery. Contracts are looked at only when the gate lets it through.

    `rules`: what rules across rows and tables would flag, where they were run.
    """

    gate: GateReport
    tables: dict[str, TableCheck]
    rules: RulesResult | None = None

    @property
    def refused(self) -> bool:
        """Whether the delivery, or one of its tables as a whole, would not be used as it is."""
        return self.gate.refused or any(table.why_refused for table in self.tables.values())

    @property
    def summary(self) -> str:
        """What would happen, in a few words."""
        lost = [name for name, table in self.tables.items() if table.why_refused]
        if self.gate.refused or (lost and len(lost) == len(self.tables)):
            return "would be refused"
        return f"would be received, but not its {', '.join(lost)}" if lost else "would be received"

    def lines(self) -> Iterator[str]:
        """The report in words: first what refuses, then what rejects rows, and what to do."""
        yield from (str(finding) for finding in self.gate.findings)
        for name, table in self.tables.items():
            if table.why_refused:
                yield f"{name}: no row would be used, because {table.why_refused}"
        for name, table in self.tables.items():
            yield f"{name}: {table.kept:,} of {table.rows:,} rows would be kept"
            for (column, reason), count in table.faults.items():
                yield f"{name}, {column}: {count:,} rows: {advice(reason)} [{reason}]"
        yield from self._flagged()

    def _flagged(self) -> Iterator[str]:
        """What rules would flag: none of it keeps a row out."""
        if self.rules is None:
            return
        met = [rule for rule in self.rules.rules if rule.failing]
        states = ", ".join(f"{count} {state}" for state, count in self.rules.states.items() if count)
        yield f"rules across rows and tables, which flag rows and reject none: {states}"
        for rule in sorted(met, key=lambda rule: -rule.failing):
            yield f"{rule.table}: {rule.failing:,} of {rule.checked:,} rows: {rule.says} [rule {rule.rule}]"

    def rejected(self) -> pl.DataFrame:
        """Every row that would be rejected, by file, row number and column, without its values."""
        return pl.concat([table.rejected for table in self.tables.values()] or [pl.DataFrame()])

    def as_dict(self) -> dict[str, Any]:
        """The report for a script."""
        return {
            "refused": self.refused,
            "summary": self.summary,
            "findings": [vars(finding) for finding in self.gate.findings],
            "tables": {
                name: {
                    "rows": table.rows,
                    "kept": table.kept,
                    "why_refused": table.why_refused,
                    "rejected": [
                        {"column": column, "reason": reason, "rows": count}
                        for (column, reason), count in table.faults.items()
                    ],
                }
                for name, table in self.tables.items()
            },
            "rules": self.rules.model_dump(mode="json")["rules"] if self.rules else None,
        }


def check_delivery(
    folder: Path,
    contracts: Mapping[str, Contract],
    suppliers: Mapping[str, Supplier],
    book: RuleBook | None = None,
) -> CheckReport:
    """Judge the delivery in `folder` as `receive` and a run would, by the rules of `book` too.

    Changes nothing.
    """
    then = rules_too(contracts, book) if book else nothing_more
    with rehearsed(folder, contracts, suppliers, then=then) as rehearsal:
        return report_of(rehearsal, contracts)


def rules_too(contracts: Mapping[str, Contract], book: RuleBook) -> Then:
    """Run rules across rows and tables on a delivery that is tried out, beside its verdict."""

    def then(folder: Path, home: Home, delivery: DeliveryId) -> None:
        result, failures = rules_before_sending(folder, contracts, book)
        write_parquet(failures, home.folder("validated", delivery) / FAILURES)
        result.write(home.folder("validated", delivery))

    return then


def report_of(rehearsal: Rehearsal, contracts: Mapping[str, Contract]) -> CheckReport:
    """What became of a delivery that was tried out."""
    home, receipt = rehearsal.home, rehearsal.receipt
    verdict = read_verdict(home, receipt.delivery) if receipt.delivery else None
    if receipt.delivery is None or verdict is None:
        return CheckReport(GateReport(receipt.findings), {})
    rejected = rejected_rows(receipt.delivery, home, contracts)
    tables = {
        name: TableCheck(table.read, table.kept, rejected.filter(pl.col("table") == name), table.why)
        for name, table in verdict.tables.items()
    }
    return CheckReport(GateReport(receipt.findings), tables, read_result(home, receipt.delivery))
