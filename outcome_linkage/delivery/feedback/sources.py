"""What the manifest says of the raw files of a table, so that feedback can point at their cells."""

from __future__ import annotations

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.encoding.payload import DERIVED_FROM
from outcome_linkage.delivery.feedback.headers import unknown
from outcome_linkage.delivery.formats import RawTable
from outcome_linkage.delivery.manifest import SourceFile
from outcome_linkage.delivery.reading.layout import Layout


def described_sources(table: RawTable, contract: Contract) -> list[SourceFile]:
    """The source files, each with where its rows and columns stand; headers are counted, not told.

    The rows of a restricted table are people and not rows of a file, so there is nothing to point at.
    """
    if contract.restricted or len(table.layouts) != len(table.sources):
        return list(table.sources)
    return [_described(s, layout, contract) for s, layout in zip(table.sources, table.layouts, strict=True)]


def _described(source: SourceFile, layout: Layout, contract: Contract) -> SourceFile:
    letters = {name: layout.columns.get(name) or _made_from(name, layout) for name in contract.columns}
    near = {header.nearest for header in unknown(contract.name, source.name, layout, contract)}
    return SourceFile(
        name=source.name,
        sha256=source.sha256,
        rows=source.rows,
        header_row=layout.header_row,
        columns={name: letter for name, letter in letters.items() if letter},
        row_starts=list(layout.row_starts),
        unlisted=len(layout.unknown),
        nearest=sorted(name for name in near if name),
    )


def _made_from(name: str, layout: Layout) -> str | None:
    """The letter of the column that a column of the contract is worked out from."""
    return layout.columns.get(DERIVED_FROM.get(name, ""))
