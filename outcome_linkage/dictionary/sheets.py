"""The dictionary as CSV: tables, columns and codes, a row each, for a spreadsheet or a program."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from outcome_linkage.dictionary.facts import Column, Dictionary, Supply, Table

TABLES = (
    "part",
    "table",
    "group",
    "row_is",
    "key",
    "caveat",
    "later_delivery",
    "restricted",
    "published",
    "suppliers",
    "coverage",
    "linked_tables",
)
COLUMNS = (
    "part",
    "table",
    "position",
    "column",
    "type",
    "unit",
    "description",
    "may_be_empty",
    "in_key",
    "refers_to",
    "code_list",
    "pattern",
    "lowest",
    "highest",
    "published",
    "made_of",
)
CODES = ("code_list", "code", "meaning", "first_year", "last_year", "status", "source")


def sheets(dictionary: Dictionary) -> dict[str, str]:
    """The text of each sheet by file name."""
    return {
        "tables.csv": _text(TABLES, _tables(dictionary)),
        "columns.csv": _text(COLUMNS, _columns(dictionary)),
        "codes.csv": _text(CODES, _codes(dictionary)),
    }


def _parts(dictionary: Dictionary) -> Iterator[tuple[str, Table]]:
    yield from (("delivered", table) for table in dictionary.delivered)
    yield from (("research", table) for table in dictionary.research)


def _tables(dictionary: Dictionary) -> Iterator[Sequence[Any]]:
    for part, table in _parts(dictionary):
        yield (
            part,
            table.name,
            table.group,
            table.description,
            _listed(table.key),
            table.caveat,
            table.mode,
            _yes(table.restricted),
            _yes(part == "research" and table.published),
            _listed(supply.supplier for supply in table.supplies),
            _listed(map(coverage, table.supplies)),
            _listed(table.linked),
        )


def coverage(supply: Supply) -> str:
    """How one supplier covers people with a table, in a few words."""
    known = f"{supply.supplier}: by {supply.basis.replace('_', ' ')}"
    register = ", a register of people" if supply.register else ""
    gaps = "".join(f", nothing from {start} to {end} ({reason})" for start, end, reason in supply.gaps)
    return known + register + gaps


def _columns(dictionary: Dictionary) -> Iterator[Sequence[Any]]:
    for part, table in _parts(dictionary):
        for position, column in enumerate(table.columns, start=1):
            yield (
                part,
                table.name,
                position,
                column.name,
                column.type,
                column.unit,
                column.description,
                _yes(column.nullable),
                _yes(column.name in table.key),
                _listed(refers_to(table, column)),
                column.code_list,
                column.pattern,
                column.low,
                column.high,
                _yes(part == "research" and column.published),
                _listed(origin.words for origin in column.origins),
            )


def refers_to(table: Table, column: Column) -> Iterator[str]:
    """The columns of other tables whose values a column repeats."""
    for key in table.foreign_keys:
        yield from (
            f"{key.to_table}.{other}"
            for one, other in zip(key.columns, key.to_columns, strict=True)
            if one == column.name
        )


def _codes(dictionary: Dictionary) -> Iterator[Sequence[Any]]:
    for name, codes in dictionary.code_lists.items():
        for code in codes:
            yield name, code.code, code.meaning, code.first_year, code.last_year, code.status, code.source


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _text(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
