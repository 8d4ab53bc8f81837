"""Whatever days rows hold: no spells overlap that may not, no row is lost, no day is invented or lost.

Rows are put into the staging tables as they may come out of validation; the models that make spells of them
are run as they stand in the house, and held against the same thing said day by day in Python.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_linkage.models.graph import Graph, build_graph
from outcome_linkage.models.sources import REGISTRY
from outcome_linkage.models.sql_file import SqlTest, load_models, load_tests
from tests.spec.models.region import REPOSITORY

SQL = REPOSITORY / "dbt_like_sql"
FIRST, HORIZON = date(2020, 1, 1), 90
FOREVER = date(2999, 12, 31)
PEOPLE, MONTHS = ("a", "b", "c"), ("2024-07", "2025-07")

Row = Mapping[str, Any]
CHILDREN = "stg_local_authority__ssda903_episodes", "stg_local_authority__cin_referrals"
ADMITTED, REGISTERED = "stg_health__apc_episodes", "stg_health__residence"

_day = st.integers(0, 60).map(lambda days: FIRST + timedelta(days))
_some_day = st.none() | _day
_person = st.sampled_from(PEOPLE)
_episode = st.fixed_dictionaries(
    {
        "person_id": _person,
        "event_date": _day,
        "end_date": _some_day,
        "reason_new_episode": st.sampled_from(["S", "P", "L"]),
        "legal_status": st.sampled_from(["C2", "C2", "C2", "V4"]),
        "placement_type": st.sampled_from(["U6", "K2"]),
        "category_of_need": st.just("N1"),
        "reason_ceased": st.sampled_from([None, "X1", "X1", "E4A"]),
        "_period": st.sampled_from(MONTHS),
    }
)
_referral = st.fixed_dictionaries(
    {
        "person_id": _person,
        "event_date": _day,
        "end_date": _some_day,
        "primary_need": st.sampled_from([None, "N1", "N5"]),
        "no_further_action": st.booleans(),
        "_period": st.sampled_from(MONTHS),
    }
)
_stay = st.fixed_dictionaries(
    {
        "person_id": _person,
        "provider": st.sampled_from(["RA7", "RVJ"]),
        "provider_spell_id": st.sampled_from([None, "s1", "s2", "s3"]),
        "admission_date": _day,
        "event_date": _day,
        "end_date": _some_day,
        "discharge_date": _some_day,
        "admission_method": st.just("21"),
        "episode_order": st.integers(1, 3),
        "episode_status": st.sampled_from(["3", "3", "3", "1"]),
        "episode_type": st.sampled_from(["1", "1", "1", "5"]),
        "_period": st.sampled_from(MONTHS),
    }
)
_home = st.fixed_dictionaries(
    {
        "person_id": _person,
        "lsoa21": st.sampled_from(["E01014485", "E01014737", "E01000001"]),
        "valid_from": _day,
        "valid_to": _some_day,
        "_period": st.sampled_from(MONTHS),
    }
)
_address = st.fixed_dictionaries(
    {
        "person_id": _person,
        "supplier": st.sampled_from(["bristol", "north_somerset"]),
        "la_code": st.sampled_from([None, "E06000023"]),
        "valid_from": _some_day,
        "valid_to": _some_day,
    }
)


@cache
def _graph() -> Graph:
    return build_graph(load_models(SQL))


@cache
def _tests() -> list[SqlTest]:
    return load_tests(SQL, _graph().models)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Empty staging tables, addresses and reference tables."""
    with duckdb.connect(config={"threads": 1}) as connection:
        for source in ("reference", "registry"):
            connection.execute(f"attach ':memory:' as {source}")
        for name in ("lsoa_lookup", "measure_codes"):
            path = REPOSITORY / "reference" / f"{name}.csv"
            connection.execute(
                f"create table reference.main.{name} as select * from read_csv(?, all_varchar = true)",
                [str(path)],
            )
        areas = ", ".join(f"{name} {kind}" for name, kind in REGISTRY["person_area"].items())
        connection.execute(f"create table registry.main.person_area ({areas})")
        for table in (*CHILDREN, ADMITTED, REGISTERED):
            columns = _graph().models[table].columns
            typed = ", ".join(f"{name} {_kind(name)}" for name in columns)
            connection.execute(f"create table {table} ({typed})")
        yield connection


def _kind(column: str) -> str:
    if column.endswith("_date") or column in ("valid_from", "valid_to", "birth_month"):
        return "date"
    return {"_row": "bigint", "episode_order": "integer", "no_further_action": "boolean"}.get(
        column, "varchar"
    )


def _make(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], *models: str) -> None:
    """Fill the staging table, make the models in order and hold them to their tests."""
    numbered = [
        {**row, "_supplier": "one", "_delivery": "001", "_file": "f", "_row": number}
        for number, row in enumerate(rows, 1)
    ]
    _fill(connection, table, numbered)
    for name in models:
        connection.execute(f"create or replace table {name} as {_graph().models[name].sql}")
    for test in _tests():
        if test.model in models:
            assert connection.execute(test.sql).fetchall() == [], test.file


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    connection.execute(f"delete from {table}")
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def _days(start: date, end: date | None) -> set[date]:
    """The nights from a day to the next: `end` itself belongs to what starts on it."""
    last = min(end or FOREVER, FIRST + timedelta(HORIZON))
    return {start + timedelta(n) for n in range((last - start).days)}


@given(rows=st.lists(_episode, max_size=12))
def test_periods_of_care(warehouse: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    """Every episode that counts is in one period; a period has the days of its episodes, and joined gaps."""
    _make(warehouse, CHILDREN[0], rows, "int_care_episode", "int_care_period")
    for person in PEOPLE:
        episodes = warehouse.execute(
            "select event_date, end_date, used_to, coalesce(repairs, []) from int_care_episode "
            "where person_id = ? and period_from is not null order by event_date",
            [person],
        ).fetchall()
        periods = warehouse.execute(
            "select started_on, ended_on from int_care_period where person_id = ?", [person]
        ).fetchall()
        in_care = set[date]().union(*(_days(*period) for period in periods))
        used = set[date]().union(*(_days(start, used_to) for start, _, used_to, _ in episodes))
        told = set[date]().union(*(_days(start, end) for start, end, _, _ in episodes if end))
        gaps = set[date]()
        for before, after in itertools.pairwise(episodes):
            if "SP-CARE-08" in after[3]:
                gaps |= _days(before[2], after[0])
        assert used | gaps <= in_care <= used | gaps | told
        if not any("SP-CARE-05" in episode[3] for episode in episodes):
            assert in_care == used | gaps


@given(rows=st.lists(_referral, max_size=12))
def test_referrals(warehouse: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    """One referral a day of referral, as last reported, and none that was not reported."""
    _make(warehouse, CHILDREN[1], rows, "int_cin_report", "int_cin_referral")
    made = warehouse.execute("select person_id, event_date from int_cin_referral").fetchall()
    assert sorted(made) == sorted({(row["person_id"], row["event_date"]) for row in rows})
    longer = (
        "select 1 from int_cin_report where end_date is not null and used_to > greatest(end_date, event_date)"
    )
    assert warehouse.execute(longer).fetchall() == []


@given(rows=st.lists(_stay, max_size=12))
def test_stays_in_hospital(warehouse: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    """Every finished general episode but a copy is in one spell, of its own person and provider."""
    keyed = [{**row, "episode_id": str(number)} for number, row in enumerate(rows)]
    _make(warehouse, ADMITTED, keyed, "int_apc_episode", "int_apc_code", "int_apc_spell")
    counted = [row for row in rows if row["episode_status"] == "3" and row["episode_type"] == "1"]
    same = ("person_id", "provider", "admission_date", "event_date", "end_date", "episode_order")
    distinct = {tuple(row[name] for name in same) for row in counted}
    spells = warehouse.execute(
        "select count(*), (select count(spell_id) from int_apc_episode) "
        "from int_apc_episode as e inner join int_apc_spell as s using (spell_id, person_id, provider)"
    ).fetchone()
    assert spells == (len(distinct), len(distinct))
    first = warehouse.execute("select person_id, min(event_date) from int_apc_spell group by all").fetchall()
    admitted: dict[str, date] = {}
    for row in counted:
        person, on = row["person_id"], row["admission_date"]
        admitted[person] = min(on, admitted.get(person, on))
    assert dict(first) == admitted


@given(rows=st.lists(_home, max_size=8), addresses=st.lists(_address, max_size=4))
def test_one_place_a_day(warehouse: duckdb.DuckDBPyConnection, rows: list[Row], addresses: list[Row]) -> None:
    """Each day belongs to the registration that begins last; before the first, to the address that does."""
    _fill(warehouse, "registry.main.person_area", addresses)
    _make(warehouse, REGISTERED, rows, "int_residence_report", "int_residence")
    for person in PEOPLE:
        found = warehouse.execute(
            "select valid_from, valid_to, coalesce(lsoa21, la_code) from int_residence where person_id = ?",
            [person],
        ).fetchall()
        by_day = [(day, place) for start, end, place in found for day in _through(start, end)]
        allowed = _places(person, rows, addresses)
        assert len(by_day) == len(dict(by_day)) == len(allowed)
        assert all(place in allowed[day] for day, place in by_day)


def _through(start: date, end: date | None) -> set[date]:
    """Every day of a residence, up to the horizon."""
    return _days(start, end + timedelta(1) if end and end < FOREVER else end)


def _places(person: str, rows: Sequence[Row], addresses: Sequence[Row]) -> dict[date, set[str]]:
    """The places that may be a person's on each day: several where they begin alike."""
    homes = [row for row in rows if row["person_id"] == person and _holds(row)]
    registered = min((row["valid_from"] for row in homes), default=FOREVER)
    others = [row for row in addresses if row["person_id"] == person and row["la_code"] and _holds(row)]
    places: dict[date, set[str]] = {}
    for day in (FIRST + timedelta(n) for n in range(HORIZON)):
        column, known = ("lsoa21", homes) if day >= registered else ("la_code", others)
        there = [row for row in known if day in _through(row["valid_from"], row["valid_to"])]
        latest = max((row["valid_from"] for row in there), default=None)
        if there:
            places[day] = {row[column] for row in there if row["valid_from"] == latest}
    return places


def _holds(row: Row) -> bool:
    return row["valid_from"] is not None and (row["valid_to"] is None or row["valid_to"] >= row["valid_from"])
