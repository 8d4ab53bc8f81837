"""What `encode` keeps for the supplier alone, so that `check` can name it: unknown headers, and codes that a
marker replaced. Never sent: a header may say anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.encoding.convert import UNREADABLE
from outcome_linkage.delivery.encoding.payload import Payload
from outcome_linkage.delivery.feedback.codes import shown
from outcome_linkage.delivery.feedback.headers import Unknown, unknown
from outcome_linkage.delivery.formats import RawTable
from outcome_linkage.errors import InputRefused
from outcome_linkage.files import replacing


class TableNotes(BaseModel):
    """`codes` counts, by column, what `encode` could not read there."""

    model_config = ConfigDict(extra="forbid")
    headers: list[Unknown] = []
    codes: dict[str, dict[str, int]] = {}


class Notes(BaseModel):
    """The notes on one delivery, by table."""

    model_config = ConfigDict(extra="forbid")
    supplier: str
    period: str
    tables: dict[str, TableNotes] = {}


def note(table: RawTable, payload: Payload, contract: Contract) -> TableNotes:
    """The notes on one table as it was encoded."""
    files = zip(table.sources, table.layouts, strict=False)
    headers = [u for source, layout in files for u in unknown(contract.name, source.name, layout, contract)]
    return TableNotes(headers=headers, codes=_codes(table.frame, payload, contract))


def write_notes(path: Path, supplier: str, period: str, tables: Mapping[str, TableNotes]) -> None:
    """Write the notes with mode 0600, adding to those on other tables of the same delivery."""
    held = read_notes(path) if path.exists() else None
    same = held is not None and (held.supplier, held.period) == (supplier, period)
    notes = Notes(
        supplier=supplier, period=period, tables={**(held.tables if held and same else {}), **tables}
    )
    with replacing(path) as beside:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(notes.model_dump_json(indent=1))


def read_notes(path: Path) -> Notes:
    """The notes that `encode` kept. Raises InputRefused for a file that is none."""
    try:
        return Notes.model_validate_json(path.read_bytes())
    except ValidationError:
        raise InputRefused(
            f"{path.name}: expected the notes that `encode --keep-notes` wrote; found another file. "
            "Give that one."
        ) from None


def _codes(raw: pl.DataFrame, payload: Payload, contract: Contract) -> dict[str, dict[str, int]]:
    """What stands where a marker was put in a code column: codes, or the shapes of what is none."""
    found = {}
    for name in payload.unreadable:
        column = contract.columns.get(name)
        if column is not None and column.kind == "code" and name in raw.columns:
            lost = raw[name].filter(payload.frame[name].cast(pl.String) == UNREADABLE).drop_nulls()
            counts = lost.value_counts(name="n").rows()
            found[name] = _sum((shown(value, column) or "", n) for value, n in counts)
    return found


def _sum(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for code, n in counts:
        total[code] = total.get(code, 0) + n
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
