"""What the dictionary knows of a table: the same facts for a supplier's and a researcher's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Protocol


class Code(Protocol):
    """One value of a code list; the years are collection years, inclusive, and either may be open."""

    @property
    def code(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def first_year(self) -> int | None: ...
    @property
    def last_year(self) -> int | None: ...
    @property
    def status(self) -> str: ...
    @property
    def source(self) -> str: ...


class ForeignKey(Protocol):
    """`columns` of `table` name a row of `to_table` by its `to_columns`."""

    @property
    def table(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def to_table(self) -> str: ...
    @property
    def to_columns(self) -> tuple[str, ...]: ...


CodeLists = Mapping[str, Sequence[Code]]


@dataclass(frozen=True, order=True)
class Origin:
    """A column that another is made of; `source` is delivered, linkage, reference or catalogue."""

    source: str
    table: str
    column: str

    @property
    def words(self) -> str:
        """As a reader is told it."""
        where = "" if self.source == "delivered" else f"{self.source}: "
        return f"{where}{self.table}.{self.column}"


@dataclass(frozen=True)
class Column:
    """One column. `type` is a type of Table Schema; bounds are inclusive.

    `made_by_encode` is what a supplier holds in another form: its own id, or the identifier behind a token.
    `origins` are of research columns.
    """

    name: str
    type: str
    description: str
    nullable: bool
    unit: str | None = None
    code_list: str | None = None
    pattern: str | None = None
    low: float | None = None
    high: float | None = None
    made_by_encode: bool = False
    published: bool = True
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Supply:
    """One supplier of a table: how it covers people (`basis`), and when it holds nothing (`gaps`)."""

    supplier: str
    title: str
    basis: str
    register: bool
    gaps: tuple[tuple[date, date, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: `description` says what a row is, `key` what makes it unique.

    `group` is a sector of suppliers or a layer of research tables. `mode` says how a later delivery replaces
    an earlier one. `linked` are the tables on the other side of the road: those made of a delivered table,
    those delivered that a research table is made of.
    """

    name: str
    group: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    caveat: str = ""
    mode: str = ""
    restricted: bool = False
    foreign_keys: tuple[ForeignKey, ...] = ()
    supplies: tuple[Supply, ...] = ()
    linked: tuple[str, ...] = ()

    @property
    def published(self) -> bool:
        """Whether researchers see any of it."""
        return any(column.published for column in self.columns)


@dataclass(frozen=True)
class Dictionary:
    """Both parts, either of which may be empty, and every code list there is."""

    delivered: tuple[Table, ...]
    research: tuple[Table, ...]
    codes: CodeLists

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, delivered ones first."""
        return (*self.delivered, *self.research)

    @cached_property
    def code_lists(self) -> dict[str, Sequence[Code]]:
        """The code lists that some column uses, by name."""
        used = {column.code_list for table in self.tables for column in table.columns}
        return {name: codes for name, codes in sorted(self.codes.items()) if name in used}


def published_only(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The published columns of the published tables."""
    return tuple(_shown(table) for table in tables if table.published)


def _shown(table: Table) -> Table:
    columns = tuple(column for column in table.columns if column.published)
    names = {column.name for column in columns}
    return replace(table, columns=columns, key=table.key if names.issuperset(table.key) else ())


def years(code: Code) -> str:
    """When a code was in use, in words; empty for always."""
    if code.first_year is None and code.last_year is None:
        return ""
    if code.first_year == code.last_year:
        return str(code.first_year)
    if code.last_year is None:
        return f"{code.first_year} on"
    return f"to {code.last_year}" if code.first_year is None else f"{code.first_year} to {code.last_year}"
