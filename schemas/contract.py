"""A contract: one delivered table as a Pandera model, with what the pipeline must know about it.

Built once from the model, so that dictionary, encoder, gate, validation and tests read the same facts.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandera.polars as pa
import polars as pl

from schemas.codes import codes

Mode = Literal["snapshot", "period", "append"]
Sector = Literal["linkage", "any", "local_authority", "police", "health"]


@dataclass(frozen=True)
class Column:
    """One column of a contract. `kind` is one of the functions of `schemas.fields`; bounds are inclusive."""

    name: str
    dtype: pl.DataType
    kind: str
    description: str
    nullable: bool
    unit: str | None = None
    code_list: str | None = None
    pattern: str | None = None
    low: float | None = None
    high: float | None = None

    def codes(self, year: int | None = None) -> list[str] | None:
        """The codes in use in collection `year` (any year without one); None if not coded."""
        return codes(self.code_list, year) if self.code_list else None


@dataclass(frozen=True)
class RowRule:
    """What the columns of a row may not say together; `broken` is true where they do, `column` is at fault.

    A row that breaks it is rejected for `reason`. A `personal` rule is about a value that would say too much
    of a person: `encode` leaves the value out, and the privacy gate refuses a file that holds it.
    """

    reason: str
    column: str
    broken: Callable[[], pl.Expr]
    personal: bool = False


@dataclass(frozen=True)
class Contract:
    """A delivered table.

    `primary_key` names the columns that identify a row within a supplier. `mode` is the default way in
    which a new delivery replaces an older one. A `restricted` table never leaves the restricted zone.
    `caveat` is what an analyst must know before reading the table. Suppliers of every sector may deliver a
    table of the sector "any". `event_date` names the day of a row where `dated_by` does not find it. Of a
    table that `each_system` of a supplier sends for itself, a snapshot replaces those of its own system only.
    """

    name: str
    sector: Sector
    model: type[pa.DataFrameModel]
    primary_key: tuple[str, ...]
    mode: Mode
    restricted: bool = False
    row_rules: tuple[RowRule, ...] = ()
    caveat: str = ""
    event_date: str | None = None
    each_system: bool = False

    @property
    def description(self) -> str:
        """What one row is."""
        return (self.model.__doc__ or "").strip()

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns by name, in order."""
        schema = self.model.to_schema()
        return {name: _column(name, column) for name, column in schema.columns.items()}

    @property
    def has_person(self) -> bool:
        """Whether a row is about a person."""
        return "record_key" in self.columns

    @property
    def person_columns(self) -> tuple[str, ...]:
        """The columns that hold a supplier's id for a person, `record_key` first."""
        return tuple(name for name, column in self.columns.items() if column.kind == "hex")

    @property
    def dated_by(self) -> str | None:
        """The day on which what a row is about happened; None for a register, or where no day is certain.

        The last of the days that every row must have: that of the plan and not of the referral before it.
        """
        days = [c.name for c in self.columns.values() if c.kind == "date" and not c.nullable]
        return self.event_date or (days[-1] if days and self.mode != "snapshot" else None)

    def schema(self, year: int | None = None) -> pa.DataFrameSchema:
        """The Pandera schema with the code lists of collection `year` (of any year without one)."""
        schema = deepcopy(self.model.to_schema())  # pandera hands out one schema to all
        for name, column in self.columns.items():
            allowed = column.codes(year)
            if allowed is not None:
                field = schema.columns[name]
                field.checks = [*field.checks, pa.Check.isin(allowed, name="code_list")]
        return schema

    def empty(self) -> pl.DataFrame:
        """The table with its types and no rows."""
        return pl.DataFrame(schema={name: c.dtype for name, c in self.columns.items()})


def _column(name: str, field: Any) -> Column:
    metadata = field.metadata or {}
    return Column(
        name=name,
        dtype=field.dtype.type,
        kind=metadata["kind"],
        description=field.description or "",
        nullable=field.nullable,
        unit=metadata.get("unit"),
        code_list=metadata.get("code_list"),
        pattern=metadata.get("pattern"),
        low=metadata.get("ge"),
        high=metadata.get("le"),
    )
