"""From the warehouse to frames: the columns that a suite looks at, of all people or of a fixed sample.

A sample is one of people, the same people in every table and every night: person ids whose MD5 falls below a
threshold. So a key that is there twice is in it twice or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
import polars as pl

from outcome_linkage.release.expectations.expect import Expect, Suite, Values
from outcome_linkage.release.expectations.measures import Figure, Sets

LARGEST = 500_000  # rows of a table; of a larger one a sample is judged
PARTS = 10_000


def permitted(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite]) -> Sets:
    """The permitted values that suites name, each list read once."""
    named: set[Values] = set()
    for suite in suites:
        named |= {e.values for e in suite.rows if e.values}
        named |= {values for s in suite.shares for values in (s.values, s.by_values) if values}
    return {values: _listed(connection, values) for values in sorted(named, key=repr)}


def _listed(connection: duckdb.DuckDBPyConnection, values: Values) -> list[object]:
    if not isinstance(values, str):
        return list(values)
    rows = connection.execute(f"select distinct * from ({values}) as listed order by all").fetchall()
    return [row[0] for row in rows if row[0] is not None]


def parts(rows: Mapping[str, int], largest: int = LARGEST) -> int:
    """How many of ten thousand people are looked at, so that no table has more than about `largest` rows."""
    most = max(rows.values(), default=0)
    return PARTS if most <= largest else max(1, PARTS * largest // most)


def row_frame(connection: duckdb.DuckDBPyConnection, suite: Suite, of_people: int) -> pl.DataFrame:
    """What the row expectations of a suite look at, of so many parts of the people."""
    looked_at: dict[str, Expect] = {expected.column: expected for expected in suite.rows}
    columns = ", ".join(f'{expected.sql} as "{name}"' for name, expected in looked_at.items())
    sampled = f" where md5_number_lower(t.person_id) % {PARTS} < {of_people}" if of_people < PARTS else ""
    return connection.sql(f"select {columns} from {suite.table} as t{sampled}").pl()


def figure_frame(figures: Iterable[Figure]) -> pl.DataFrame:
    """The figures of a table as one row."""
    return pl.DataFrame({figure.name: [float(figure.value)] for figure in figures})
