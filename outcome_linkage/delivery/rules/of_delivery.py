"""The rules on one delivery, once it was judged: what they read, when they are run again, where results lie.

Results lie beside the delivery's verdict: counts in `rules.json`, rows at fault in `rule_failures.parquet`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from outcome_linkage.delivery.contract import Contract, Supplier
from outcome_linkage.delivery.manifest import DeliveryId, Manifest
from outcome_linkage.delivery.rules.bench import Delivered, Inputs
from outcome_linkage.delivery.rules.result import RulesResult, judge_all, read_result, rejudge
from outcome_linkage.delivery.rules.rule import RuleBook
from outcome_linkage.delivery.rules.run import FAILURE, FAILURES, run_rules
from outcome_linkage.delivery.rules.thresholds import load_thresholds
from outcome_linkage.delivery.validating.current import CurrentFile, current_files, current_sql
from outcome_linkage.delivery.validating.verdict import read_verdict
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.files import write_parquet
from outcome_linkage.home import Home

Files = Mapping[str, list[CurrentFile]]


@dataclass(frozen=True)
class Catalogue:
    """What the caller hands over: contracts, suppliers and rules. No rule reads a restricted table."""

    contracts: Mapping[str, Contract]
    suppliers: Mapping[str, Supplier]
    book: RuleBook

    @property
    def readable(self) -> dict[str, Contract]:
        """The contracts of the tables that rules may read."""
        return {name: contract for name, contract in self.contracts.items() if not contract.restricted}

    @property
    def rule_ids(self) -> set[str]:
        """The ids of all rules."""
        return {rule.id for rule in self.book.rules}


def rules_on(delivery: DeliveryId, home: Home, catalogue: Catalogue) -> RulesResult:
    """What the rules found in a judged delivery; they are run unless they ran on the same files before.

    Judged by the thresholds of this home as they are now. Raises OutcomeLinkageError for a delivery without a
    verdict or of an unknown supplier.
    """
    thresholds = load_thresholds(home, catalogue.rule_ids)
    files = _files(delivery, home, catalogue)
    made_from = _fingerprint(files, home, catalogue.book)
    folder = home.folder("validated", delivery)
    before = read_result(home, delivery)
    if before is not None and before.made_from == made_from:
        result = rejudge(before, thresholds)
    else:
        findings, failures = run_rules(_inputs(delivery, home, catalogue, files), catalogue.book)
        write_parquet(failures, folder / FAILURES)
        result = judge_all(str(delivery), made_from, findings, thresholds)
    if result != before:
        result.write(folder)
    return result


def rejudged(delivery: DeliveryId, home: Home, catalogue: Catalogue) -> RulesResult | None:
    """What the rules found, judged by the thresholds of this home as they are now; None before they ran."""
    before = read_result(home, delivery)
    if before is None:
        return None
    result = rejudge(before, load_thresholds(home, catalogue.rule_ids))
    if result != before:
        result.write(home.folder("validated", delivery))
    return result


def rule_failures(delivery: DeliveryId, home: Home) -> pl.DataFrame:
    """The rows at fault (`FAILURE`), by rule, table and row; none before rules ran or once they had to go."""
    path = home.folder("validated", delivery) / FAILURES
    return pl.read_parquet(path, glob=False) if path.exists() else pl.DataFrame(schema=FAILURE)


def _files(delivery: DeliveryId, home: Home, catalogue: Catalogue) -> Files:
    """All that this supplier had sent, and that held, when this delivery was the last one."""
    if read_verdict(home, delivery) is None:
        raise OutcomeLinkageError(
            f"{delivery}: expected a verdict, found none. Judge the delivery first: outcome-linkage run."
        )
    if delivery.supplier not in catalogue.suppliers:
        raise OutcomeLinkageError(
            f"{delivery}: its supplier is not in the catalogue. Add it to suppliers.yaml."
        )
    of_one = {delivery.supplier: catalogue.suppliers[delivery.supplier]}
    return current_files(home, catalogue.readable, of_one, until=delivery)


def _inputs(delivery: DeliveryId, home: Home, catalogue: Catalogue, files: Files) -> Inputs:
    contracts = catalogue.readable
    own = {table: [f for f in of_table if f.delivery == delivery] for table, of_table in files.items()}
    years = [f.collection_year for f in _all(own) if f.collection_year]
    before = max(years) - 1 if years else None
    past = {table: [f for f in of_table if f.collection_year == before] for table, of_table in files.items()}
    return Inputs(
        period=delivery.period,
        delivered={
            table: Delivered(
                current_sql(contracts[table], of_table),
                of_table[0].collection_year,
                contracts[table].has_person,
            )
            for table, of_table in own.items()
            if of_table
        },
        last_year=_sql(past, contracts) if before else {},
        so_far=_sql(files, contracts),
        absent=_absent(delivery, home, catalogue, own),
    )


def _sql(files: Files, contracts: Mapping[str, Contract]) -> dict[str, str]:
    return {table: current_sql(contracts[table], of_table) for table, of_table in files.items() if of_table}


def _absent(delivery: DeliveryId, home: Home, catalogue: Catalogue, own: Files) -> dict[str, str]:
    """Why a table that was sent, or that the supplier may send, cannot be read."""
    sent = Manifest.read(home.folder("landing", delivery)).tables
    listed = catalogue.suppliers[delivery.supplier].tables
    why = {
        table: f"{table} was refused" if table in sent else f"{table} is not in the delivery"
        for table in listed
    }
    why |= {table: f"{table} may not be read" for table in sent if table not in listed}
    return {
        table: words for table, words in why.items() if table in catalogue.readable and not own.get(table)
    }


def _fingerprint(files: Files, home: Home, book: RuleBook) -> str:
    """The hash of the rules and of every file that they may read."""
    digest = hashlib.sha256(repr((book.macros, book.views, book.rules)).encode())
    for file in _all(files):
        verdict = read_verdict(home, file.delivery)
        sha256 = verdict.tables[file.table].sha256 if verdict else None
        digest.update(f"\n{file.table} {file.delivery} {sha256}".encode())
    return digest.hexdigest()


def _all(files: Files) -> list[CurrentFile]:
    return [file for of_table in files.values() for file in of_table]
