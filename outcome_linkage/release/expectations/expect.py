"""The words in which suites are written: one expectation, one share that is watched, one suite a table.

An expectation names a class of Great Expectations and is otherwise plain data, so that a suite can be read,
counted and fingerprinted without the import, which takes ten seconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Values = str | tuple[str | int, ...]
"""Permitted values: themselves, or the SQL of one column that holds them."""


@dataclass(frozen=True)
class Expect:
    """One expectation of a table's rows. `says`: what must hold, unique in its table.

    `sql` is what is looked at, under the name `column`. `allowed`: the share of rows that may break it.
    A critical one stops publishing.
    """

    says: str
    kind: str
    column: str
    sql: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    values: Values = ()
    critical: bool = False
    allowed: float = 0.0


@dataclass(frozen=True)
class Share:
    """A column whose shares are compared with accepted nights: of each value, within each value of `by`.

    `values` may hold `null`. Those that block stop publishing when they move far, not only a little.
    """

    column: str
    values: Values
    by: str = ""
    by_values: Values = ()
    blocks: bool = False


@dataclass(frozen=True)
class Suite:
    """Everything expected of one mart. `nulls`: columns whose share of nulls is compared likewise."""

    table: str
    rows: tuple[Expect, ...]
    nulls: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()


def one_of(column: str, values: Values, listed: str = "", *, critical: bool = True) -> Expect:
    """Every value that is not null is one of `values`; `listed` says in which list they stand."""
    where = listed or ", ".join(map(str, values))
    says = f"{column} is one of {where}" if not listed else f"{column} stands in {where}"
    return Expect(says, "ExpectColumnValuesToBeInSet", column, column, values=values, critical=critical)


def between(
    column: str, least: int, most: int, *, sql: str = "", critical: bool = True, allowed: float = 0.0
) -> Expect:
    """Every value that is not null lies between two bounds, both included."""
    says = f"{column} lies between {least} and {most}"
    bounds = {"min_value": least, "max_value": most}
    kind = "ExpectColumnValuesToBeBetween"
    return Expect(says, kind, _name(says), sql or column, bounds, critical=critical, allowed=allowed)


def holds(says: str, sql: str, *, critical: bool = True, allowed: float = 0.0) -> Expect:
    """A condition that is true of every row; where it is null there is nothing to say."""
    kind = "ExpectColumnValuesToBeInSet"
    return Expect(says, kind, _name(says), sql, values=(True,), critical=critical, allowed=allowed)


def unique(says: str, sql: str, *, critical: bool = True) -> Expect:
    """No value occurs twice; nulls are left out."""
    return Expect(says, "ExpectColumnValuesToBeUnique", _name(says), sql, critical=critical)


def known(column: str = "person_id") -> Expect:
    """Every person of the column has a row in `person`."""
    return holds(
        f"{column} has a row in person",
        f"t.{column} is null or exists (select 1 from person as p where p.person_id = t.{column})",
    )


def _name(says: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", says.lower()).strip("_")
