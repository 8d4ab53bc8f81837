"""The standing table of statuses.

Every night one small table says, for each adversity and each outcome, how many people are known to have
had the outcome, known not to have had it, and not known, and why.
"""

from __future__ import annotations

import duckdb
import pytest

from outcome_linkage.evaluation.standing import CELLS, COLUMNS, build_status_counts, status_counts
from outcome_linkage.models.engine import ModelFailed, Record, write_records

Cell = tuple[int | None, bool]


def mart(*groups: tuple[int, str, bool | None]) -> duckdb.DuckDBPyConnection:
    """A mart of one domain and one outcome: groups of (people, status, value), alike at 365 and 730 days."""
    connection = duckdb.connect()
    connection.execute(
        "create table adversity_outcome (person_id varchar, adversity_domain varchar, outcome varchar, "
        "outcome_365 boolean, status_365 varchar, outcome_730 boolean, status_730 varchar)"
    )
    for group, (people, status, value) in enumerate(groups):
        connection.execute(
            "insert into adversity_outcome select $g || '-' || range, 'neglect', 'death', $v, $s, $v, $s "
            "from range($n)",
            {"g": str(group), "v": value, "s": status, "n": people},
        )
    return connection


def cells(connection: duckdb.DuckDBPyConnection, days: int = 365) -> dict[tuple[str, str], Cell]:
    rows = status_counts(connection).rows(named=True)
    return {(r["status"], r["value"]): (r["people"], r["people_hidden"]) for r in rows if r["days"] == days}


def test_people_are_counted_by_status_and_value() -> None:
    """100 seen to have the outcome, 40 known not to have it, 23 whose source did not cover the time."""
    connection = mart((100, "observed", True), (40, "observed", False), (23, "not_covered", None))
    found = cells(connection)
    assert found["observed", "yes"] == (100, False)
    assert found["observed", "no"] == (40, False)
    assert found["not_covered", "unknown"] == (25, False)
    assert cells(connection, 730) == found


def test_small_counts_are_hidden_and_zeros_are_shown() -> None:
    """Seven people are hidden; that nobody has a status is said with a 0, not with a missing row."""
    found = cells(mart((7, "observed", True)))
    assert found["observed", "yes"] == (None, True)
    assert found["withheld", "unknown"] == (0, False)
    assert set(found) == {*CELLS, ("all", "all")}


def test_a_combination_that_nobody_expected_is_counted_too() -> None:
    """Nothing is dropped because the list of statuses did not foresee it."""
    assert cells(mart((9, "not_linked", True)))["not_linked", "yes"] == (10, False)


def test_the_table_is_left_alone_while_the_mart_is_the_same() -> None:
    """It carries the deliveries of the mart, so that it can be published with it."""
    connection = mart((12, "observed", False))
    with pytest.raises(ModelFailed, match="not built yet"):
        build_status_counts(connection, "one")
    write_records(connection, [Record("adversity_outcome", "f1", "d1", 12, "one")])
    first = build_status_counts(connection, "one")
    assert (first.rows, first.unchanged) == (2 * (len(CELLS) + 1), False)
    assert build_status_counts(connection, "two").unchanged
    connection.execute("delete from adversity_outcome")
    write_records(connection, [Record("adversity_outcome", "f2", "d2", 0, "three")])
    again = build_status_counts(connection, "three")
    assert (again.rows, again.unchanged) == (0, False)


def test_only_released_counts_reach_the_warehouse() -> None:
    """The stored table has the released columns, each with its meaning, and no true count."""
    connection = mart((3, "observed", True))
    write_records(connection, [Record("adversity_outcome", "f1", "d1", 3, "one")])
    build_status_counts(connection, "one")
    sql = "select column_name, comment from duckdb_columns() where table_name = 'status_counts'"
    words = dict(connection.execute(sql).fetchall())
    assert list(words) == list(COLUMNS)
    assert all(words.values())
    people = connection.execute("select distinct people from ev_standing.status_counts order by 1").fetchall()
    assert people == [(0,), (None,)]
