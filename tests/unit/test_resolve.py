"""One-to-one resolution on tiny graphs: units, edges, clusters."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from outcome_linkage.linkage.resolve import resolve
from outcome_linkage.warehouse import connect

Edge = tuple[int, int, float]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as opened:
        yield opened


def resolved(
    connection: duckdb.DuckDBPyConnection,
    suppliers: dict[int, int],
    edges: list[Edge],
    nhs: dict[int, int] | None = None,
    **limits: float,
) -> tuple[list[list[int]], list[tuple[int, int, str]]]:
    """Clusters of several units, and dropped edges with their reasons."""
    numbers = {unit: (nhs or {}).get(unit, "null") for unit in suppliers}
    units = ", ".join(f"({u}, {supplier}, {numbers[u]}::bigint, {u})" for u, supplier in suppliers.items())
    connection.execute(
        f"create or replace table cluster as from (values {units}) as t(unit, supplier_no, nhs, cluster)"
    )
    connection.execute("create or replace table edge (a integer, b integer, weight double)")
    for edge in edges:
        connection.execute("insert into edge values (?, ?, ?)", edge)
    connection.execute("create or replace table dropped (a integer, b integer, reason varchar)")
    resolve(connection, "edge", "dropped", **limits)
    clusters = connection.execute(
        "select list(unit order by unit) from cluster group by cluster having count(*) > 1 order by 1"
    ).fetchall()
    dropped = connection.execute("select * from dropped order by all").fetchall()
    return [cluster for (cluster,) in clusters], dropped


def test_no_edges(connection: duckdb.DuckDBPyConnection) -> None:
    assert resolved(connection, {1: 1, 2: 2}, []) == ([], [])


def test_a_triangle_becomes_one_person(connection: duckdb.DuckDBPyConnection) -> None:
    edges = [(1, 2, 9), (2, 3, 9), (1, 3, 5)]
    assert resolved(connection, {1: 1, 2: 2, 3: 3}, edges) == ([[1, 2, 3]], [])


def test_the_stronger_of_two_candidates_wins(connection: duckdb.DuckDBPyConnection) -> None:
    clusters, dropped = resolved(connection, {1: 1, 2: 2, 3: 2}, [(1, 2, 4), (1, 3, 5)])
    assert clusters == [[1, 3]]
    assert dropped == [(1, 2, "conflict")]


def test_the_best_must_be_mutual(connection: duckdb.DuckDBPyConnection) -> None:
    """3 is best for 1, but 2 is better for 3: then 1 takes the next."""
    edges = [(1, 3, 5), (2, 3, 6), (1, 4, 4)]
    clusters, dropped = resolved(connection, {1: 1, 2: 1, 3: 2, 4: 2}, edges)
    assert clusters == [[1, 4], [2, 3]]
    assert dropped == [(1, 3, "conflict")]


def test_a_tie_drops_both(connection: duckdb.DuckDBPyConnection) -> None:
    clusters, dropped = resolved(connection, {1: 1, 2: 2, 3: 2}, [(1, 2, 5), (1, 3, 5)])
    assert clusters == []
    assert dropped == [(1, 2, "tie"), (1, 3, "tie")]


def test_a_tie_towards_one_supplier_leaves_the_others(connection: duckdb.DuckDBPyConnection) -> None:
    edges = [(1, 2, 5), (1, 3, 5), (1, 4, 5)]
    clusters, _ = resolved(connection, {1: 1, 2: 2, 3: 2, 4: 3}, edges)
    assert clusters == [[1, 4]]


def test_the_weakest_link_of_a_chain_gives_way(connection: duckdb.DuckDBPyConnection) -> None:
    """Two units of supplier 1 at the ends of a chain: its weakest edge is dropped, the rest stays."""
    edges = [(1, 2, 9), (2, 3, 1), (3, 4, 8)]
    clusters, dropped = resolved(connection, {1: 1, 2: 2, 3: 3, 4: 1}, edges)
    assert clusters == [[1, 2], [3, 4]]
    assert dropped == [(2, 3, "conflict")]


def test_a_person_has_one_nhs_number(connection: duckdb.DuckDBPyConnection) -> None:
    """Two numbers at the ends of a chain whose middle has none: the weaker edge is dropped."""
    clusters, dropped = resolved(connection, {1: 1, 2: 2, 3: 3}, [(1, 2, 1), (2, 3, 2)], nhs={1: 111, 3: 333})
    assert clusters == [[2, 3]]
    assert dropped == [(1, 2, "conflict")]


def test_a_long_chain_never_holds_a_supplier_twice(connection: duckdb.DuckDBPyConnection) -> None:
    suppliers = {unit: unit % 3 for unit in range(1, 13)}
    clusters, _ = resolved(connection, suppliers, [(unit, unit + 1, -unit) for unit in range(1, 12)])
    assert clusters == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]


def test_a_lead_below_the_margin_decides_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    """2.5 bits ahead are not 3: neither is linked, nor a third that was never near."""
    edges = [(1, 2, 12.5), (1, 3, 10.0), (1, 4, 6.0)]
    clusters, dropped = resolved(connection, {1: 1, 2: 2, 3: 2, 4: 2}, edges, margin=3.0)
    assert clusters == []
    assert dropped == [(1, 2, "margin"), (1, 3, "margin"), (1, 4, "margin")]


def test_the_lead_counts_on_both_sides(connection: duckdb.DuckDBPyConnection) -> None:
    """1 has no other candidate, but 2 does."""
    clusters, _ = resolved(connection, {1: 1, 2: 2, 3: 1}, [(1, 2, 12.0), (2, 3, 10.0)], margin=3.0)
    assert clusters == []


def test_who_is_settled_elsewhere_is_no_rival(connection: duckdb.DuckDBPyConnection) -> None:
    """3 is near to 1 as well, but belongs to 4 beyond doubt: 1 and 2 are one person."""
    edges = [(1, 2, 12.0), (1, 3, 11.0), (3, 4, 30.0)]
    clusters, dropped = resolved(connection, {1: 1, 2: 2, 3: 2, 4: 1}, edges, margin=3.0)
    assert clusters == [[1, 2], [3, 4]]
    assert dropped == [(1, 3, "conflict")]


def test_below_the_threshold_is_a_rival_but_no_link(connection: duckdb.DuckDBPyConnection) -> None:
    limits = {"margin": 3.0, "at_least": 4.25}
    assert resolved(connection, {1: 1, 2: 2}, [(1, 2, 4.0)], **limits) == ([], [])
    clusters, _ = resolved(connection, {1: 1, 2: 2, 3: 2}, [(1, 2, 5.0), (1, 3, 4.0)], **limits)
    assert clusters == []
