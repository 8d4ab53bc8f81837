"""The research side's judgement of a delivery, before it is sent: the privacy gate, then the contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.finding import GateReport
from outcome_linkage.delivery.privacy import inspect
from outcome_linkage.delivery.validate import validate_frame, why_refused

# What a supplier does about each reason. The reasons themselves come from `judge` and `cast`.
WHAT_TO_DO = {
    "unreadable_at_source": "no contract accepts the value; `encode` put a marker in its place. Correct it.",
    "wrong_type": "not of the column's type. Correct the value.",
    "missing_value": "the column may not be empty. Fill it.",
    "not_in_code_list": "the code was not in use in this collection year. See reference/code_lists.csv.",
    "wrong_pattern": "not of the column's shape. Correct the value.",
    "out_of_range": "outside the bounds of the column. Correct the value.",
    "duplicate_row": "an exact copy; the first is kept. Nothing needs to be done.",
    "conflicting_key": "rows that must be one row differ. Send the one that is right.",
    "related_to_self": "a person is related to themselves. Correct one of the two ids.",
    "ends_before_it_begins": "the last day lies before the first. Correct one of the two.",
    "begins_on_a_day_of_birth": "a relationship that a birth began has a first day. Leave it empty.",
}


@dataclass(frozen=True)
class TableCheck:
    """One table: its rows, those that would be kept, and a line for each fault of the others.

    `rejected` has the columns `_file`, `_row`, `record_key`, `column` and `reason`.
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
    """What would happen to a delivery. Contracts are looked at only when the gate lets it through."""

    gate: GateReport
    tables: dict[str, TableCheck]

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
            yield f"{name}: {table.kept:,} of {table.rows:,} rows keep the contract"
            for (column, reason), count in table.faults.items():
                yield f"{name}, {column}: {count:,} rows: {WHAT_TO_DO[reason]} [{reason}]"

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
        }


def check_delivery(
    folder: Path, contracts: Mapping[str, Contract], suppliers: Mapping[str, Supplier]
) -> CheckReport:
    """Judge the delivery in `folder` as `receive` and a run would. Reads only."""
    gate = inspect(folder, contracts, suppliers)
    if gate.refused or gate.manifest is None:
        return CheckReport(gate, {})
    tables = {
        name: _check_table(pl.read_parquet(folder / table.file), contracts[name], table.collection_year)
        for name, table in gate.manifest.tables.items()
    }
    return CheckReport(gate, tables)


def _check_table(frame: pl.DataFrame, contract: Contract, year: int | None) -> TableCheck:
    kept, rejected = validate_frame(frame, contract, year)
    return TableCheck(
        rows=frame.height,
        kept=kept.height,
        rejected=rejected,
        why_refused=why_refused(frame.height, frame.height - kept.height),
    )
