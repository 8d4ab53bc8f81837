"""What a supplier's files can look like, and the one shape that every reader brings them into.

A reader knows where things stand in a file. It neither types values nor hashes them: see `encode`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from outcome_linkage.delivery.manifest import SourceFile
from outcome_linkage.delivery.read import RawFile


@dataclass(frozen=True)
class RawTable:
    """The rows of one contract as text: its column names, and identity columns beside them.

    `record_key` and event ids are the supplier's own. `unlisted` and `blank_headers` count columns that were
    left out, `blank_rows` rows without any value.
    """

    frame: pl.DataFrame
    sources: tuple[SourceFile, ...]
    unlisted: int = 0
    blank_headers: int = 0
    blank_rows: int = 0


@dataclass(frozen=True)
class RawReturn:
    """What one or more raw files hold: tables by contract name, and who the people in them are.

    `identity` has the supplier's `record_key` and identity columns; None where nobody is described.
    `skipped` names parts of the return for which there is no contract.
    """

    tables: Mapping[str, RawTable]
    identity: RawTable | None
    collection_year: int | None
    skipped: tuple[str, ...] = ()


def combine(files: Iterable[RawFile], names: Mapping[str, str]) -> RawTable:
    """Several files of one table under each other, their columns renamed."""
    files = list(files)
    frames = [file.frame.rename({old: names[old] for old in file.frame.columns}) for file in files]
    return RawTable(
        frame=pl.concat(frames, how="diagonal"),
        sources=tuple(file.source for file in files),
        unlisted=sum(file.unlisted for file in files),
        blank_headers=sum(file.blank_headers for file in files),
        blank_rows=sum(file.blank_rows for file in files),
    )
