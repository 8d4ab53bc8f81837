"""The SQL files of the house: they fit together, build on nothing, and publish only what they document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from outcome_linkage.home import Home
from outcome_linkage.models.engine import build, drop_removed, records
from outcome_linkage.models.graph import Graph, build_graph, check_test
from outcome_linkage.models.lineage import column_catalogue, column_lineage
from outcome_linkage.models.sources import Sources
from outcome_linkage.models.sql_file import SqlTest, generated_tests, load_models, load_tests
from outcome_linkage.release.publication import load_publication
from outcome_linkage.warehouse import connect
from schemas.catalogue import CONTRACTS, load_suppliers

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
SQL = REPOSITORY / "dbt_like_sql"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Sources of a home to which nobody has delivered."""
    home = Home(tmp_path_factory.mktemp("home")).ensure()
    return Sources(home, CONTRACTS, load_suppliers(), REPOSITORY / "reference")


@pytest.fixture(scope="module")
def graph(sources: Sources) -> Graph:
    """The models of the house."""
    return build_graph(load_models(SQL), sources.tables)


@pytest.fixture(scope="module")
def written(graph: Graph) -> list[SqlTest]:
    """The hand-written tests of the house."""
    return load_tests(SQL, graph.models)


@pytest.fixture(scope="module")
def warehouse(graph: Graph, sources: Sources, written: list[SqlTest]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every model, built from nothing, its tests passed."""
    with connect() as connection:
        sources.attach(connection)
        for name in graph.order:
            model = graph.models[name]
            tests = [*generated_tests(model), *(test for test in written if test.model == name)]
            build(connection, model, sources, "run", tests)
        yield connection


def test_every_model_builds_when_nothing_is_delivered(
    graph: Graph, warehouse: duckdb.DuckDBPyConnection
) -> None:
    built = records(warehouse)
    assert set(built) == set(graph.models)
    assert len({record.deliveries_fingerprint for record in built.values()}) == 1
    assert drop_removed(warehouse, graph.models) == []


def test_tests_read_only_what_their_model_is_built_from(graph: Graph, written: list[SqlTest]) -> None:
    for test in written:
        check_test(graph, test)


def test_duckdb_sees_the_same_dependencies(graph: Graph, warehouse: duckdb.DuckDBPyConnection) -> None:
    """sqlglot and DuckDB read SQL independently of each other; both must find the same tables."""
    with duckdb.connect() as bare:
        for source in ("catalogue", "reference", "registry", "validated"):
            bare.execute(f"attach ':memory:' as {source}")
        for table, columns in column_catalogue(warehouse).items():
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            bare.execute(f"create table {table} ({typed})")
        for name, reads in graph.reads.items():
            found = bare.get_table_names(graph.models[name].sql, qualified=True)
            assert {table.split(" AS ")[0].replace('"', "") for table in found} == {
                *reads.models,
                *reads.sources,
            }


def test_every_column_can_be_traced(graph: Graph, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Each documented column has a lineage, and each origin is a column that exists."""
    columns = column_catalogue(warehouse)
    for model in graph.models.values():
        lineage = column_lineage(model, columns)
        assert set(lineage) == set(model.columns), model.file
        for table, column in set().union(*lineage.values()):
            assert column in columns[table], f"{model.file}: {table}.{column}"


def test_the_publication_list_names_documented_columns(graph: Graph) -> None:
    publication = load_publication(SQL / "publication.yaml")
    for table, columns in publication.items():
        if "." not in table:
            assert [c for c in columns if c not in graph.models[table].columns] == [], table
