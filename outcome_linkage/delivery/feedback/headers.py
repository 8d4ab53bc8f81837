"""Headers that no contract knows, and the known one that each may have been meant for.

The headers themselves are the supplier's own: at their desk they are shown, on the research side only their
number and the known names that are near.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.encoding.identity import DESCRIBING, IDENTIFYING
from outcome_linkage.delivery.encoding.payload import DERIVED_FROM
from outcome_linkage.delivery.manifest import DeliveredTable
from outcome_linkage.delivery.reading.header import header_name
from outcome_linkage.delivery.reading.layout import Layout

_ALIKE = 0.8
"""Ratio of `difflib` from which two spellings are near."""


@dataclass(frozen=True)
class Unknown:
    """A header without a contract column. `header` and `letter` are null on the research side."""

    table: str
    source: str
    header: str | None
    letter: str | None
    nearest: str | None


@dataclass(frozen=True)
class LeftOut:
    """How many columns of a file were left out, and the known names that some of them are near to."""

    table: str
    source: str
    count: int
    nearest: tuple[str, ...]


def known_names(contract: Contract) -> set[str]:
    """Every name that a column of the raw file may have."""
    people = {*IDENTIFYING, *DESCRIBING} if contract.has_person else set()
    derived = {source for name, source in DERIVED_FROM.items() if name in contract.columns}
    return {*contract.columns} | derived | people


def unknown(table: str, source: str, layout: Layout, contract: Contract) -> list[Unknown]:
    """The unknown headers of one file, with the nearest known column that the file does not have."""
    absent = known_names(contract) - set(layout.columns)
    return [
        Unknown(table, source, header, letter, nearest(header, absent))
        for letter, header in layout.unknown.items()
    ]


def nearest(header: str, names: Collection[str]) -> str | None:
    """The name that is spelled most like the header; None if none is much like it."""
    spelled = {header_name(name): name for name in sorted(names)}
    found = get_close_matches(header_name(header), spelled, n=1, cutoff=_ALIKE)
    return spelled[found[0]] if found else None


def left_out(tables: Mapping[str, DeliveredTable], contracts: Mapping[str, Contract]) -> list[LeftOut]:
    """What the manifest says of columns that were left out. Names that no contract knows are not repeated."""
    return [
        LeftOut(table, source.name, source.unlisted, _repeatable(source.nearest, contracts[table]))
        for table, delivered in tables.items()
        if table in contracts
        for source in delivered.source_files
        if source.unlisted
    ]


def _repeatable(names: Iterable[str], contract: Contract) -> tuple[str, ...]:
    known = known_names(contract)
    return tuple(name for name in names if name in known)
