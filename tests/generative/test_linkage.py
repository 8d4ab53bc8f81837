"""Linkage on invented tables: properties that hold whatever the records say."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome_linkage.home import Home
from outcome_linkage.linkage import normalise
from outcome_linkage.linkage.resolve import resolve
from outcome_linkage.linkage.tokens import IDENTITY_COLUMNS, tokenise
from outcome_linkage.warehouse import connect
from tests.tiny_linkage import KEY, Record, find, linked, person_ids, record

pytestmark = pytest.mark.slow

TEXT = st.none() | st.text(max_size=12)
FORENAMES = ("Ann", "Anna", "Zara", "Mohammed", "Muhammad", "Lee", None)
SURNAMES = ("Lee", "Hill", "Ann", None)
BIRTHDAYS = ("2001-05-06", "2001-06-05", "2001-05-07", "1970-05-06", None)
POSTCODES = ("BS1 1AA", "BS1 1AB", "GL1 2ZZ", None)
NHS = (None, None, "9434765870", "9434765919")


@st.composite
def tables(draw: st.DrawFn) -> list[Record]:
    """Up to twelve records of three suppliers, much alike."""
    many = draw(st.integers(2, 12))
    pick = lambda values: draw(st.sampled_from(values))  # noqa: E731
    return [
        record(
            pick(("bristol", "icb", "police")),
            number,
            *(pick(values) for values in (FORENAMES, SURNAMES, BIRTHDAYS, POSTCODES)),
            nhs_number=pick(NHS),
            sex=pick(("female", "male", "unknown")),
        )
        for number in range(many)
    ]


def partition(records: list[Record]) -> set[frozenset[str]]:
    with tempfile.TemporaryDirectory() as folder:
        groups: dict[int, set[str]] = {}
        for link in find(Path(folder), records).links:
            groups.setdefault(link.cluster, set()).add(link.record.split()[1])
    return {frozenset(group) for group in groups.values()}


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(tables(), st.randoms())
def test_links_do_not_depend_on_the_order_of_rows(records: list[Record], random: Random) -> None:
    shuffled = records.copy()
    random.shuffle(shuffled)
    assert partition(shuffled) == partition(records)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(tables())
def test_a_link_rests_on_something_and_no_person_has_two_nhs_numbers(records: list[Record]) -> None:
    by_key = {str(row["record_key"]): row for row in records}
    for group in partition(records):
        members = [by_key[key] for key in group]
        assert len({row["nhs_number"] for row in members} - {None}) <= 1
        assert all(any(_share(a, b) for b in members if b is not a) for a in members if len(members) > 1)


def _share(a: Record, b: Record) -> bool:
    """Whether two records have a number and one field, or a name and one other field, in common."""
    same = {name for name in ("dob", "postcode", "nhs_number") if a[name] and a[name] == b[name]}
    names = {a["forename"], a["surname"]} & {b["forename"], b["surname"]} - {None}
    alike = {a["forename"], b["forename"]} in ({"Ann", "Anna"}, {"Mohammed", "Muhammad"})
    birthdays = a["dob"] is not None and b["dob"] is not None
    return same >= {"nhs_number", "dob"} or bool((names or alike) and (same or birthdays))


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(tables(), tables())
def test_remembering_changes_nothing_by_itself(before: list[Record], after: list[Record]) -> None:
    """Whatever happened before: looked at again in full, everybody keeps their id."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).ensure()
        linked(home, before, "run 1")
        linked(home, after, "run 2")
        ids = person_ids(home)
        again = linked(home, after, "run 3", full=True)
        assert person_ids(home) == ids
        assert (again.minted, again.moved_records) == (0, 0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=14),
    st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13), st.integers(1, 6)), max_size=30),
)
def test_a_person_has_at_most_one_unit_of_a_supplier(
    suppliers: list[int], raw: list[tuple[int, int, int]]
) -> None:
    """And an edge between two persons has been dropped, with a reason: none is forgotten."""
    size = len(suppliers)
    edges = {(min(a, b), max(a, b)): weight for a, b, weight in raw if a < size and b < size}
    edges = {pair: weight for pair, weight in edges.items() if suppliers[pair[0]] != suppliers[pair[1]]}
    with connect() as connection:
        units = ", ".join(
            f"({unit}, {supplier}, null::bigint, {unit})" for unit, supplier in enumerate(suppliers)
        )
        names = "unit, supplier_no, nhs, cluster"
        connection.execute(f"create table cluster as from (values {units}) as t({names})")
        connection.execute("create table edge (a integer, b integer, weight integer)")
        for (a, b), weight in edges.items():
            connection.execute("insert into edge values (?, ?, ?)", [a, b, weight])
        connection.execute("create table dropped (a integer, b integer, reason varchar)")
        resolve(connection, "edge", "dropped")
        cluster = dict(connection.execute("select unit, cluster from cluster").fetchall())
        dropped = {(a, b) for a, b, _ in connection.execute("from dropped").fetchall()}
    held = [(cluster[unit], supplier) for unit, supplier in enumerate(suppliers)]
    assert len(held) == len(set(held))
    assert {pair for pair in edges if cluster[pair[0]] != cluster[pair[1]]} <= dropped <= set(edges)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(IDENTITY_COLUMNS, TEXT)), min_size=1, max_size=6))
def test_a_row_has_the_same_tokens_alone_and_among_others(rows: list[dict[str, str | None]]) -> None:
    schema = dict.fromkeys(IDENTITY_COLUMNS, pl.String)
    together = tokenise(pl.DataFrame(rows, schema=schema), KEY)
    alone = [tokenise(pl.DataFrame([row], schema=schema), KEY) for row in rows]
    assert together.equals(pl.concat(alone))


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=8))
def test_normalising_twice_is_normalising_once(values: list[str | None]) -> None:
    raw = pl.Series(values, dtype=pl.String)
    for rule in (
        normalise.forename,
        normalise.surname,
        normalise.postcode,
        normalise.uprn,
        normalise.date_of_birth,
    ):
        once = rule(raw)
        assert rule(once).to_list() == once.to_list()
        assert once.drop_nulls().str.contains(r"^[A-Z0-9-]+$").all()
