"""Figures of a whole mart, and the bounds that accepted nights set for them.

A figure is the number of rows or a share of them. Its name holds column names and declared values only, never
what the data hold: a value that nobody declared has no figure, and is the business of the row expectations.
Bounds: rows against the last accepted night; a share against the least and the most of those nights, and
beyond that a slack of so many points and 1/sqrt(n), which is twice the standard error of a share at a half.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import duckdb

from outcome_linkage.release.expectations.expect import Expect, Share, Suite

ROWS = "rows"
NIGHTS = 12  # accepted nights that set the bounds of a share
FEWER, MORE, LOST = 0.8, 1.5, 0.5  # rows against the last accepted night: two that warn, one that blocks
SLACK, FAR = 0.05, 0.40  # how far a share may move before it warns, and before it blocks
KIND = "ExpectColumnValuesToBeBetween"


@dataclass(frozen=True)
class Figure:
    """A figure of one table: `value` is a count or a share, `n` the rows that it is a share of."""

    name: str
    value: float
    n: int
    blocks: bool = False


Sets = Mapping[str | tuple[Any, ...], Sequence[Any]]
"""Permitted values, by what a suite says of them."""


def measure(connection: duckdb.DuckDBPyConnection, suite: Suite, sets: Sets) -> list[Figure]:
    """The figures of a table: its rows, nulls, and shares."""
    nulls = "".join(f", count(*) - count({column})" for column in suite.nulls)
    rows, *empty = connection.execute(f"select count(*){nulls} from {suite.table}").fetchall()[0]
    figures = [Figure(ROWS, rows, rows)]
    if rows:
        figures += [
            Figure(f"{column} is null", n / rows, rows, True)
            for column, n in zip(suite.nulls, empty, strict=True)
        ]
    for share in suite.shares:
        figures += _shares(connection, suite.table, share, sets)
    return figures


def _shares(connection: duckdb.DuckDBPyConnection, table: str, share: Share, sets: Sets) -> Iterator[Figure]:
    by = f"cast({share.by} as varchar)" if share.by else "''"
    counted = connection.execute(
        f"select {by}, coalesce(cast({share.column} as varchar), 'null'), count(*) from {table} group by all"
    ).fetchall()
    counts = {(group, value): n for group, value, n in counted}
    for group in sets[share.by_values] if share.by else ("",):
        of_group = sum(n for (other, _), n in counts.items() if other == group)
        where = f" where {share.by} is {group}" if share.by else ""
        for value in sets[share.values] if of_group else ():
            n = counts.get((group, value), 0)
            yield Figure(f"{share.column} is {value}{where}", n / of_group, of_group, share.blocks)


def against(figures: Sequence[Figure], nights: Sequence[Mapping[str, Figure]]) -> list[Expect]:
    """What is expected of a table's figures, from those of accepted nights, oldest first."""
    expected: list[Expect] = []
    for figure in figures:
        before = [night[figure.name] for night in nights[-NIGHTS:] if figure.name in night]
        expected += _rows(before) if figure.name == ROWS else _share(figure, before)
    return expected


def _rows(before: Sequence[Figure]) -> Iterator[Expect]:
    last = round(before[-1].value) if before else 0
    if not last:
        yield Expect("there are rows", KIND, ROWS, ROWS, {"min_value": 1})
        return
    fewer, more, lost = round(FEWER * last), round(MORE * last), max(1, round(LOST * last))
    bounds = {"min_value": fewer, "max_value": more}
    yield Expect(f"rows lie between {fewer} and {more}, by the last accepted night", KIND, ROWS, ROWS, bounds)
    says = f"rows are at least {lost}, half of the last accepted night"
    yield Expect(says, KIND, ROWS, ROWS, {"min_value": lost}, critical=True)


def _share(figure: Figure, before: Sequence[Figure]) -> Iterator[Expect]:
    for slack, critical in ((SLACK, False), (FAR, True)):
        if not before or (critical and not figure.blocks):
            continue
        slack += 1 / sqrt(min(f.n for f in (figure, *before)))
        low = max(0.0, min(f.value for f in before) - slack)
        high = min(1.0, max(f.value for f in before) + slack)
        if low > 0 or high < 1:
            says = f"share where {figure.name} lies between {low:.0%} and {high:.0%}, by accepted nights"
            bounds = {"min_value": low, "max_value": high}
            yield Expect(says, KIND, figure.name, figure.name, bounds, critical=critical)
