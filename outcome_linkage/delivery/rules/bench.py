"""A DuckDB in memory in which the rules find the tables that they name, or why one is not there.

`<table>` is the delivery's own, `last_year.<table>` the supplier's for the collection year before,
`so_far.<table>` all that the supplier has sent up to this delivery.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlglot import exp, parse_one

from outcome_linkage.delivery.rules.rule import RuleBook, View
from outcome_linkage.warehouse import connect

LAST_YEAR, SO_FAR = "last_year", "so_far"
_YEAR = re.compile(r"\byear_(start|end)\b")


@dataclass(frozen=True)
class Delivered:
    """A table of the delivery: SQL for its rows with `_file` and `_row`, and its collection year."""

    sql: str
    year: int | None
    has_person: bool = True


@dataclass(frozen=True)
class Inputs:
    """What the rules may read. `period` is that of the delivery; `absent` says why a table is not there.

    Where the history is not known, nothing can be said of what was sent before or of what is missing from it.
    """

    period: str
    delivered: Mapping[str, Delivered]
    last_year: Mapping[str, str] = field(default_factory=dict)
    so_far: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    history_known: bool = True


class Bench:
    """The tables of one delivery, laid out for the rules. A view is made when a rule first needs it."""

    def __init__(self, inputs: Inputs, book: RuleBook) -> None:
        self.inputs = inputs
        self.connection = connect()
        self._views = {view.name: view for view in book.views}
        self._made: set[str] = set()
        for macro in book.macros:
            name, _, body = macro.partition(" as ")
            self.connection.execute(f"create macro {name} as ({body})")
        self._lay_out()

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()

    def why_not(self, sql: str) -> str | None:
        """Why `sql` cannot be run for want of a table or a year; None if it can."""
        texts, tables = self._reads(sql)
        for table in sorted(tables):
            if not self._is_there(table):
                return self._why_absent(table)
        delivered = [table for table in tables if table in self.inputs.delivered]
        if any(_YEAR.search(text) for text in texts):
            for table in sorted(delivered):
                if self.inputs.delivered[table].year is None:
                    return f"the collection year of {table} is not known"
        return None

    def prepare(self, sql: str) -> None:
        """Make the views that `sql` reads. Raises duckdb.Error for SQL that does not fit the tables."""
        wanted, _ = self._views_and_tables(sql)
        for name, view in self._views.items():
            if name in wanted and name not in self._made:
                self.connection.execute(f"create temp table {name} as {view.sql}")
                self._made.add(name)

    def _lay_out(self) -> None:
        for name, table in self.inputs.delivered.items():
            self.connection.execute(f"create view {name} as {self._with_dates(table)}")
        for schema, tables in ((LAST_YEAR, self.inputs.last_year), (SO_FAR, self.inputs.so_far)):
            self.connection.execute(f"create schema {schema}")
            for name, sql in tables.items():
                self.connection.execute(f"create view {schema}.{name} as {sql}")

    def _with_dates(self, table: Delivered) -> str:
        year, month = self.inputs.period.split("-")
        end = f"last_day(make_date({int(year)}, {int(month)}, 1))"
        start, close = ("null::date", "null::date")
        if table.year is not None:
            start, close = f"make_date({table.year - 1}, 4, 1)", f"make_date({table.year}, 3, 31)"
        nobody = "" if table.has_person else ", null::varchar as record_key"
        return (
            f"select *, {start} as year_start, {close} as year_end, {end} as period_end{nobody} "
            f"from ({table.sql})"
        )

    def _reads(self, sql: str) -> tuple[list[str], set[str]]:
        """The text of `sql` and of every view below it, and the tables that they read."""
        views, tables = self._views_and_tables(sql)
        return [sql, *(self._views[name].sql for name in views)], tables

    def _views_and_tables(self, sql: str) -> tuple[set[str], set[str]]:
        views: set[str] = set()
        tables: set[str] = set()
        waiting = [sql]
        while waiting:
            for name in tables_in(waiting.pop()):
                view: View | None = self._views.get(name)
                if view is None:
                    tables.add(name)
                elif name not in views:
                    views.add(name)
                    waiting.append(view.sql)
        return views, tables

    def _is_there(self, table: str) -> bool:
        schema, _, name = table.rpartition(".")
        holding: Iterable[str] = {
            "": self.inputs.delivered,
            LAST_YEAR: self.inputs.last_year,
            SO_FAR: self.inputs.so_far,
        }[schema]
        return name in holding

    def _why_absent(self, table: str) -> str:
        schema, _, name = table.rpartition(".")
        if schema and not self.inputs.history_known:
            return "what was sent before is not known here"
        if schema == LAST_YEAR:
            return f"no {name} of the year before"
        if schema == SO_FAR:
            return f"no {name} was ever delivered"
        return self.inputs.absent.get(name, f"{name} is not in the delivery")


@cache
def tables_in(sql: str) -> frozenset[str]:
    """The tables that a query names, as `table` or `schema.table`; none of its own making."""
    query = parse_one(sql, read="duckdb")
    made = {cte.alias for cte in query.find_all(exp.CTE)}
    named = {".".join(filter(None, (table.db, table.name))) for table in query.find_all(exp.Table)}
    return frozenset(named - made)


def failing_query(source: str, among: str, broken: str) -> str:
    """SQL for every row that a rule looks at, and whether it is at fault."""
    return (
        f"select _file, _row, record_key, coalesce(({broken}), false) as at_fault "
        f"from {source} as this where ({among})"
    )
