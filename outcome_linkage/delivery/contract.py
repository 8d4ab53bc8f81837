"""What this library needs to know of a contract. The contracts themselves live in `schemas`.

`schemas` and `outcome_linkage` do not import each other: whoever calls hands the contract over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import polars as pl


class Column(Protocol):
    """One column: `kind` is hex, id, code, pattern, date, month, number, flag or token."""

    @property
    def name(self) -> str: ...
    @property
    def dtype(self) -> pl.DataType: ...
    @property
    def kind(self) -> str: ...
    @property
    def nullable(self) -> bool: ...
    @property
    def pattern(self) -> str | None: ...
    def codes(self, year: int | None = None) -> list[str] | None: ...


class Contract(Protocol):
    """One delivered table."""

    @property
    def name(self) -> str: ...
    @property
    def sector(self) -> str: ...
    @property
    def columns(self) -> Mapping[str, Column]: ...
    @property
    def primary_key(self) -> tuple[str, ...]: ...
    @property
    def mode(self) -> Literal["snapshot", "period", "append"]: ...
    @property
    def restricted(self) -> bool: ...
    @property
    def has_person(self) -> bool: ...
    def schema(self, year: int | None = None) -> Any: ...
    def empty(self) -> pl.DataFrame: ...


class SuppliedTable(Protocol):
    """What one supplier delivers of one table."""

    @property
    def mode(self) -> Literal["snapshot", "period", "append"] | None: ...


class Supplier(Protocol):
    """An organisation that delivers; `tables` names what it may deliver."""

    @property
    def name(self) -> str: ...
    @property
    def tables(self) -> Mapping[str, SuppliedTable]: ...
