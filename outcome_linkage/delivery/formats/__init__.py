"""What a supplier's files can look like, and the one shape that every reader brings them into.

A reader knows where things stand in a file. It neither types values nor hashes them: see `encode`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from outcome_linkage.delivery.manifest import SourceFile
from outcome_linkage.delivery.reading.layout import Layout
from outcome_linkage.delivery.reading.read import RawFile


@dataclass(frozen=True)
class RawTable:
    """The rows of one contract as text: its column names, and identity columns beside them.

    `record_key` and event ids are the supplier's own. The rows are those of `sources`, one under the other;
    `layouts` says, for each of them, where its rows and columns stand. `unlisted` and `blank_headers` count
    columns that were left out, `blank_rows` rows without any value, `repairs` other repairs by name.
    """

    frame: pl.DataFrame
    sources: tuple[SourceFile, ...]
    layouts: tuple[Layout, ...] = ()
    unlisted: int = 0
    blank_headers: int = 0
    blank_rows: int = 0
    repairs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RawReturn:
    """What one or more raw files hold: tables by contract name, and who the people in them are.

    `identity` has the supplier's `record_key` and identity columns; None where nobody is described.
    `covers` is the time for which a return is complete by what it is, both days inclusive. `skipped` names
    parts of the return for which there is no contract.
    """

    tables: Mapping[str, RawTable]
    identity: RawTable | None
    collection_year: int | None
    skipped: tuple[str, ...] = ()
    covers: tuple[date, date] | None = None


def combine(files: Iterable[RawFile]) -> RawTable:
    """Several files of one table under each other."""
    return stack(
        RawTable(
            file.frame,
            (file.source,),
            (file.layout,),
            file.unlisted,
            file.blank_headers,
            file.blank_rows,
            file.repairs,
        )
        for file in files
    )


def stack(tables: Iterable[RawTable]) -> RawTable:
    """Several tables under each other; a column that one of them lacks is null there."""
    tables = list(tables)
    return RawTable(
        frame=pl.concat([table.frame for table in tables], how="diagonal"),
        sources=tuple(source for table in tables for source in table.sources),
        layouts=tuple(layout for table in tables for layout in table.layouts),
        unlisted=sum(table.unlisted for table in tables),
        blank_headers=sum(table.blank_headers for table in tables),
        blank_rows=sum(table.blank_rows for table in tables),
        repairs=sum_of(table.repairs for table in tables),
    )


def sum_of(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Counts by name, added up."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)
