"""Linkage: who is the same person across suppliers. Reads tokens; writes only the linker's registry."""

from collections.abc import Mapping, Sequence

import dagster as dg
from pydantic import Field

from assets.failures import RETRY, no_values_in_errors
from assets.models import LINKS
from assets.resources import Warehouse
from outcome_linkage.delivery.current import CurrentFile, current_files, current_sql
from outcome_linkage.home import Home
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage.registry import LinkageReport
from schemas.catalogue import CONTRACTS, Supplier, load_suppliers

TOKENS = "link_tokens"
OPT_OUTS = "opt_outs"


class HowMuch(dg.Config):
    """How much a run looks at: by default only what has come or changed since the last one."""

    full: bool = Field(False, description="Look at every record again, as the weekly run does.")
    retrain: bool = Field(False, description="Find the weights of the model anew first; implies full.")


def link_current(
    home: Home,
    suppliers: Mapping[str, Supplier],
    run_id: str,
    *,
    full: bool = False,
    retrain: bool = False,
) -> LinkageReport:
    """Link every record of the deliveries in use; records without tokens get an id of their own."""
    files = current_files(home, CONTRACTS, suppliers)
    tokens = current_sql(CONTRACTS[TOKENS], files.get(TOKENS, ()))
    return link(
        home,
        tokens,
        records_sql(files),
        run_id,
        trusted_first(suppliers),
        opt_outs_sql=opt_outs_sql(files),
        full=full,
        retrain=retrain,
    )


def trusted_first(suppliers: Mapping[str, Supplier]) -> tuple[str, ...]:
    """The suppliers in the order in which they are believed where they differ: registers come first."""
    registers = {s.name for s in suppliers.values() if any(t.register_of_people for t in s.tables.values())}
    return tuple(sorted(suppliers, key=lambda name: name not in registers))


def records_sql(files: Mapping[str, Sequence[CurrentFile]]) -> str:
    """A query for supplier and record_key of everybody whom a row names, other than rows of tokens."""
    named = [
        (column, current_sql(contract, files.get(name, ())))
        for name, contract in CONTRACTS.items()
        for column in contract.person_columns
        if name != TOKENS
    ]
    return " union ".join(
        f"select _supplier as supplier, {column} as record_key from ({sql})" for column, sql in named
    )


def opt_outs_sql(files: Mapping[str, Sequence[CurrentFile]]) -> str:
    """A query for supplier, record_key, scope and first day of every objection in use."""
    rows = current_sql(CONTRACTS[OPT_OUTS], files.get(OPT_OUTS, ()))
    return f"select _supplier, record_key, scope, from_date from ({rows})"


@dg.asset(
    key=LINKS,
    deps=[["validated", name] for name, contract in CONTRACTS.items() if contract.has_person],
    group_name="linkage",
    owners=["team:linkers"],
    kinds={"duckdb", "sql"},
    retry_policy=RETRY,
    description="Stable person ids for every record, and the evidence for each link. In the restricted zone.",
)
def links(
    context: dg.AssetExecutionContext, warehouse: Warehouse, config: HowMuch
) -> dg.MaterializeResult[None]:
    """Bring the registry up to date with the deliveries in use."""
    home = warehouse.home
    with no_values_in_errors("linkage/links"):
        report = link_current(
            home, load_suppliers(home.root), context.run_id, full=config.full, retrain=config.retrain
        )
    return dg.MaterializeResult(
        metadata={
            "unchanged": report.unchanged,
            "looked at": "every record" if report.full else f"{report.looked_at:,} new or changed records",
            "records": report.records,
            "records without tokens": report.records_without_tokens,
            "withdrawn records left out": report.tombstoned,
            "persons": report.persons,
            "persons known to several suppliers": report.persons_of_several_suppliers,
            "records by pass": report.passes,
            "records by level": report.levels,
            "candidates refused": report.refused,
            "ids": {"minted": report.minted, "merged": report.merged, "split": report.split},
            "records known before whose person changed": report.moved_records,
            "their share": report.churn if report.churn is not None else "no record was known before",
            "model version": report.model_version,
        }
    )


LINKAGE = [links]
