"""A plain table of one contract: its column names as headers, or those of a national format, and identity
columns beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.contract import Column, Contract
from outcome_linkage.delivery.encoding.identity import DESCRIBING, ETHNIC_COLUMNS, IDENTIFYING
from outcome_linkage.delivery.encoding.payload import DERIVED_FROM
from outcome_linkage.delivery.formats import RawReturn, RawTable, combine
from outcome_linkage.delivery.formats.ids import NUMBERS, with_whole_ids
from outcome_linkage.delivery.formats.national import complete, headers_of
from outcome_linkage.delivery.reading.parts import Part, names_of, parts_of, refused
from outcome_linkage.delivery.reading.read import read_header, read_rows
from outcome_linkage.delivery.reading.years import collection_year


def read_table(paths: Sequence[Path], contract: Contract, year: int | None) -> RawReturn:
    """The rows of one contract, and the identity of the people in them if the files describe any.

    Sheets of a workbook, or files of a zip, without a known header are named in `skipped` when another has
    one. A contract that replaces by collection year takes it from `year` or the file names. Raises
    RawInputRefused for files without rows, for a missing column that may not be empty, and whatever
    `read_rows` refuses.
    """
    columns = dict.fromkeys(_known_columns(contract))
    names = {**headers_of(contract.name, columns), **{name: name for name in columns}}
    parts, skipped = _fitting(parts_of(paths), names)
    table = combine(read_rows(part, names) for part in parts)
    table = with_whole_ids(replace(table, frame=complete(table.frame)), _ids(contract))
    _check_columns(table.frame, contract, parts)
    if not table.frame.height:
        raise refused(
            names_of(parts),
            "no_rows",
            "at least one row",
            "headers and no rows",
            "Export the file again; leave a table out when there is nothing to deliver.",
        )
    by_year = contract.mode == "period"
    return RawReturn(
        tables={} if contract.name == "link_tokens" else {contract.name: table},
        identity=_identity(table, contract),
        collection_year=collection_year(parts, year) if by_year else year,
        skipped=tuple(part.name for part in skipped),
    )


def _fitting(parts: Sequence[Part], names: dict[str, str]) -> tuple[list[Part], list[Part]]:
    """The parts to read, and those without a known header beside one of the same file that has one."""
    with_header = {id(part) for part in parts if len(parts) == 1 or read_header(part, names)}
    served = {part.path for part in parts if id(part) in with_header}
    skipped = [part for part in parts if id(part) not in with_header and part.path in served]
    return [part for part in parts if part not in skipped], skipped


def _ids(contract: Contract) -> list[str]:
    """The columns in which a digit lost makes one thing of two."""
    own = [name for name, column in contract.columns.items() if column.kind in ("hex", "id")]
    return [*own, *NUMBERS, "upn", "pnc_id"]


def _known_columns(contract: Contract) -> list[str]:
    own = [name for name, column in contract.columns.items() if column.kind != "token"]
    derived = [source for name, source in DERIVED_FROM.items() if name in contract.columns]
    people = [*IDENTIFYING, *DESCRIBING] if contract.has_person else []
    return [name for name in dict.fromkeys([*own, *derived, *people]) if name != "key_version"]


def _check_columns(frame: pl.DataFrame, contract: Contract, parts: Sequence[Part]) -> None:
    missing = [
        name
        for name, column in contract.columns.items()
        if not column.nullable and not _present(name, column, frame.columns)
    ]
    if missing:
        raise refused(
            names_of(parts),
            "missing_column",
            f"every column of {contract.name} that may not be empty",
            f"no {', no '.join(missing)}",
            "Add the column, or rename the one that holds it.",
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
