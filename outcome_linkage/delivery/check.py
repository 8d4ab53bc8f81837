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


@dataclass(frozen=True)
class TableCheck:
    """One table: rows, how many would be kept, and how often each column broke which rule."""

    rows: int
    kept: int
    faults: dict[str, int]
    why_refused: str | None


@dataclass(frozen=True)
class CheckReport:
    """What would happen to a delivery. Contracts are looked at only when the gate lets it through."""

    gate: GateReport
    tables: dict[str, TableCheck]

    @property
    def refused(self) -> bool:
        """Whether the delivery, as it is, would not be used."""
        return self.gate.refused or any(table.why_refused for table in self.tables.values())

    def lines(self) -> Iterator[str]:
        """The report in words: first what refuses the delivery, then what rejects rows."""
        yield from (str(finding) for finding in self.gate.findings)
        for name, table in self.tables.items():
            yield f"{name}: {table.kept:,} of {table.rows:,} rows would be kept"
            if table.why_refused:
                yield f"{name}: refused, because {table.why_refused}"
            yield from (f"{name}, {fault}: {count:,} rows" for fault, count in table.faults.items())

    def as_dict(self) -> dict[str, Any]:
        """The report for a script."""
        return {
            "refused": self.refused,
            "findings": [vars(finding) for finding in self.gate.findings],
            "tables": {name: vars(table) for name, table in self.tables.items()},
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
    reasons = rejected.select("column", "reason").rows()
    faults = Counter(f"{column or 'row'}: {reason}" for column, reason in reasons)
    return TableCheck(
        rows=frame.height,
        kept=kept.height,
        faults=dict(sorted(faults.items())),
        why_refused=why_refused(frame.height, frame.height - kept.height),
    )
