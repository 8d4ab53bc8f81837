"""The rules on a delivery that was not sent yet, at the supplier's: nothing is written.

What was sent before is not at hand there, so rules that need it are skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.manifest import Manifest
from outcome_linkage.delivery.rules.bench import Delivered, Inputs
from outcome_linkage.delivery.rules.result import RulesResult, judge_all
from outcome_linkage.delivery.rules.rule import RuleBook
from outcome_linkage.delivery.rules.run import run_rules
from outcome_linkage.delivery.rules.thresholds import Thresholds
from outcome_linkage.delivery.validating.validate import validate_frame


def rules_before_sending(
    folder: Path, contracts: Mapping[str, Contract], book: RuleBook
) -> tuple[RulesResult, pl.DataFrame]:
    """The rules on the rows of the delivery in `folder` that their contracts accept, and the rows at fault.

    Judged by the thresholds that hold without a home. The delivery must have passed the gate.
    """
    manifest = Manifest.read(folder)
    with TemporaryDirectory() as scratch:
        delivered = {}
        for name, table in manifest.tables.items():
            contract = contracts[name]
            if contract.restricted:
                continue
            kept, _ = validate_frame(pl.read_parquet(folder / table.file), contract, table.collection_year)
            path = Path(scratch) / table.file
            kept.with_columns(pl.lit(table.file).alias("_file")).write_parquet(path)
            delivered[name] = Delivered(
                f"select * from read_parquet('{path}')", table.collection_year, contract.has_person
            )
        inputs = Inputs(manifest.period, delivered, history_known=False)
        findings, failures = run_rules(inputs, book)
    return judge_all(f"{manifest.supplier}/{manifest.period}", "", findings, Thresholds()), failures
