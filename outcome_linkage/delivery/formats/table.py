"""A plain CSV of one contract: its column names as headers, identity columns beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.contract import Column, Contract
from outcome_linkage.delivery.formats import RawReturn, RawTable, combine
from outcome_linkage.delivery.identity import DESCRIBING, ETHNIC_COLUMNS, IDENTIFYING
from outcome_linkage.delivery.payload import DERIVED_FROM
from outcome_linkage.delivery.read import read_csv, source_name
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.delivery.years import collection_year


def read_table(paths: Sequence[Path], contract: Contract, year: int | None) -> RawReturn:
    """The rows of one contract, and the identity of the people in them if the files describe any.

    A contract that replaces by collection year takes it from `year` or the file names. Raises
    RawInputRefused for files without rows, for a missing column that may not be empty, and whatever
    `read_csv` refuses.
    """
    known = _known_columns(contract)
    table = combine((read_csv(path, known) for path in paths), {name: name for name in known})
    _check_columns(table.frame, contract, paths)
    if not table.frame.height:
        raise _no_rows(paths)
    by_year = contract.mode == "period"
    return RawReturn(
        tables={} if contract.name == "link_tokens" else {contract.name: table},
        identity=_identity(table, contract),
        collection_year=collection_year(paths, year) if by_year else year,
    )


def _known_columns(contract: Contract) -> set[str]:
    own = {name for name, column in contract.columns.items() if column.kind != "token"}
    derived = {source for name, source in DERIVED_FROM.items() if name in contract.columns}
    people = {*IDENTIFYING, *DESCRIBING} if contract.has_person else set()
    return (own | derived | people) - {"key_version"}


def _check_columns(frame: pl.DataFrame, contract: Contract, paths: Sequence[Path]) -> None:
    missing = [
        name
        for name, column in contract.columns.items()
        if not column.nullable and not _present(name, column, frame.columns)
    ]
    if missing:
        raise RawInputRefused(
            "missing_column",
            expected=f"every column of {contract.name} that may not be empty",
            found=f"no {', no '.join(missing)}",
            where=f"{', '.join(source_name(path) for path in paths)}, row 1",
            todo="Add the column, or rename the one that holds it.",
        )


def _present(name: str, column: Column, headers: Sequence[str]) -> bool:
    return name in headers or DERIVED_FROM.get(name) in headers or name == "key_version"


def _identity(table: RawTable, contract: Contract) -> RawTable | None:
    """The columns that say who somebody is, when there are any that the table itself has no use for.

    An address that only becomes a small area and a household says nothing that could link by itself.
    """
    held = table.frame.columns
    feeding = {DERIVED_FROM[name] for name in contract.columns if name in DERIVED_FROM}
    own = set() if contract.restricted else {*contract.columns, *feeding}
    if not contract.has_person or not set(held) & set(IDENTIFYING) - own:
        return None
    names = dict.fromkeys(["record_key", *IDENTIFYING, *DESCRIBING, *ETHNIC_COLUMNS])
    return replace(table, frame=table.frame.select([name for name in names if name in held]))


def _no_rows(paths: Sequence[Path]) -> RawInputRefused:
    return RawInputRefused(
        "no_rows",
        expected="at least one row",
        found="headers and no rows",
        where=", ".join(source_name(path) for path in paths),
        todo="Export the file again; leave a table out when there is nothing to deliver.",
    )
