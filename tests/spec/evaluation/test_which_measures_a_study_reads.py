"""`ev_measures`: what the library says of every measure of a study, and which of them nobody has verified."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from outcome_linkage.evaluation.library import put_measures, used_in
from tests.invented_study import study

LIBRARY = """
attach ':memory:' as reference;
create table reference.main.measures as
select measure, '1.0.0' as version, 'counts it' as definition, 'recorded' as evidence_level,
    'practice moves it' as weaknesses, status, 'a standard' as basis
from (values {measures}) as m (measure, status)
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A library in which every measure of the study is verified but one."""
    shaky, *sound = sorted(used_in(study()))
    rows = [
        f"('{shaky}', 'unverified')",
        *(f"('{name}', 'verified')" for name in sound),
        "('another', 'verified')",
    ]
    with duckdb.connect() as connection:
        connection.execute(LIBRARY.format(measures=", ".join(rows)))
        yield connection


def test_an_unverified_measure_blocks_a_release(connection: duckdb.DuckDBPyConnection) -> None:
    """One row for each measure that the study names, and none for others of the library."""
    put_measures(connection, study())
    found = dict(connection.sql("select measure, blocks_release from ev_measures").fetchall())
    assert found == {name: place == 0 for place, name in enumerate(sorted(used_in(study())))}
    assert connection.sql("select distinct version from ev_measures").fetchall() == [("1.0.0",)]


def test_a_measure_says_which_parts_of_the_study_name_it(connection: duckdb.DuckDBPyConnection) -> None:
    """In the order of the file, each part once."""
    parts = used_in(study())
    assert any("outcomes" in places for places in parts.values())
    assert all(len(set(places)) == len(places) for places in parts.values())
    put_measures(connection, study())
    told = dict(connection.sql("select measure, used_in from ev_measures").fetchall())
    assert told == {name: ", ".join(places) for name, places in parts.items()}


def test_a_measure_that_tells_who_else_knew_is_told_too(connection: duckdb.DuckDBPyConnection) -> None:
    """It is read whether or not the study names it, and may block a release as others do."""
    put_measures(connection, study(), ["known_to_police"])
    row = connection.execute("select used_in from ev_measures where measure = 'known_to_police'").fetchone()
    assert row == ("ascertainment",)


def test_without_the_library_nothing_is_said_of_a_measure() -> None:
    """Invented people need no library: the measures are named, and nothing blocks."""
    with duckdb.connect() as alone:
        put_measures(alone, study())
        rows = alone.sql("select measure, version, blocks_release from ev_measures order by 1").fetchall()
    assert rows == [(name, None, False) for name in sorted(used_in(study()))]
