"""What the engine needs to know of a rule. The rules themselves live in `schemas.rules`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

Severity = Literal["error", "warning"]


class Rule(Protocol):
    """Rows of `table` that are at fault: those of `source` where `among` and `broken` hold, both in SQL."""

    @property
    def id(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def column(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def says(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def among(self) -> str: ...
    @property
    def broken(self) -> str: ...


class View(Protocol):
    """A query that rules read by name."""

    @property
    def name(self) -> str: ...
    @property
    def sql(self) -> str: ...


class RuleBook(Protocol):
    """The rules, with the SQL functions and views that they are written in."""

    @property
    def macros(self) -> Sequence[str]: ...
    @property
    def views(self) -> Sequence[View]: ...
    @property
    def rules(self) -> Sequence[Rule]: ...
