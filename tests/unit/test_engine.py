"""Building tables from models: what is written, what is left alone, what happens when it fails."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from outcome_linkage.models.engine import ModelFailed, PromiseBroken, build, drop_removed, records, run_test
from outcome_linkage.models.header import BadSqlFile
from outcome_linkage.models.sql_file import SqlTest, generated_tests, load_models
from tests.sql_models import FixedSources, build_all, model_text, sql_folder

BASE = model_text("select a, b from validated.x", "a! b")
CHILD = model_text("select a, b * 2 as c from base", "a c")


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as validated")
    connection.execute("create table validated.x as select * from (values (1, 10), (2, 20)) as t (a, b)")
    return connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()


def test_tables_are_built_in_order_with_words_and_fingerprints(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    folder = sql_folder(tmp_path, {"staging/base": BASE, "marts/child": CHILD})
    built = build_all(connection, folder, FixedSources())
    assert [(b.name, b.rows, b.unchanged) for b in built.values()] == [
        ("base", 2, False),
        ("child", 2, False),
    ]
    assert rows(connection, "select a, c from child order by a") == [(1, 20), (2, 40)]
    words = "select comment from duckdb_columns() where table_name = 'base' order by column_name"
    assert rows(connection, words) == [("The a.",), ("The b.",)]
    assert rows(connection, "select comment from duckdb_tables() where table_name = 'child'") == [
        ("One row per thing.",)
    ]
    record = records(connection)["child"]
    assert (record.rows, record.run_id, record.fingerprint) == (2, "run", built["child"].fingerprint)


def test_second_run_with_nothing_new_does_nothing(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    folder = sql_folder(tmp_path, {"staging/base": BASE, "marts/child": CHILD})
    first = build_all(connection, folder, FixedSources(), "one")
    second = build_all(connection, folder, FixedSources(), "two")
    assert all(built.unchanged for built in second.values())
    assert {n: b.fingerprint for n, b in first.items()} == {n: b.fingerprint for n, b in second.items()}
    assert {record.run_id for record in records(connection).values()} == {"one"}


def test_a_changed_input_rebuilds_what_reads_it_and_nothing_else(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    other = model_text("select 1 as a", "a")
    folder = sql_folder(tmp_path, {"staging/base": BASE, "marts/child": CHILD, "marts/other": other})
    build_all(connection, folder, FixedSources())
    connection.execute("insert into validated.x values (3, 30)")
    built = build_all(connection, folder, FixedSources({"validated.x": "1"}))
    assert {name: b.unchanged for name, b in built.items()} == {"base": False, "child": False, "other": True}
    assert built["child"].rows == 3


def test_changed_sql_rebuilds_a_model_and_its_readers(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    build_all(connection, sql_folder(tmp_path, {"staging/base": BASE, "marts/child": CHILD}), FixedSources())
    changed = BASE.replace("from validated.x", "from validated.x where a > 1")
    built = build_all(connection, sql_folder(tmp_path, {"staging/base": changed}), FixedSources())
    assert [(b.rows, b.unchanged) for b in built.values()] == [(1, False), (1, False)]


def test_all_tables_carry_the_deliveries_they_stand_for(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    folder = sql_folder(tmp_path, {"staging/base": BASE, "marts/child": CHILD})
    build_all(connection, folder, FixedSources())
    later = FixedSources({"validated.unread": "1"})
    assert all(built.unchanged for built in build_all(connection, folder, later).values())
    states = {record.deliveries_fingerprint for record in records(connection).values()}
    assert states == {later.deliveries_fingerprint}


def test_a_model_between_two_states_of_the_deliveries_says_so(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    both = model_text("select base.a from base inner join validated.x as x on x.a = base.a", "a")
    folder = sql_folder(tmp_path, {"staging/base": BASE, "marts/both": both})
    build_all(connection, folder, FixedSources())
    build(connection, load_models(folder)["both"], FixedSources({"validated.x": "1"}), "run")
    assert records(connection)["both"].deliveries_fingerprint == "mixed"


def test_a_failure_leaves_the_former_table_and_quotes_no_value(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    good = model_text("select a, 'O''Brien' as name from validated.x", "a name")
    bad = model_text("select a, ('O''Brien' || a)::integer as name from validated.x", "a name")
    build_all(connection, sql_folder(tmp_path, {"staging/base": good}), FixedSources())
    with pytest.raises(ModelFailed, match=r"staging/base.sql: Conversion Error") as error:
        build_all(connection, sql_folder(tmp_path, {"staging/base": bad}), FixedSources())
    assert "Brien" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__
    assert len(rows(connection, "select * from base where name = 'O''Brien'")) == 2
    assert records(connection)["base"].rows == 2


def test_an_unknown_column_is_named(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    folder = sql_folder(tmp_path, {"staging/base": model_text("select nope as a from validated.x", "a")})
    with pytest.raises(ModelFailed, match=r'staging/base.sql: Binder Error: Referenced column "nope"'):
        build_all(connection, folder, FixedSources())


def test_columns_behind_a_star_must_be_documented(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    folder = sql_folder(tmp_path, {"staging/base": model_text("select * from validated.x", "a")})
    with pytest.raises(BadSqlFile, match=r"undocumented columns \['b'\]"):
        build_all(connection, folder, FixedSources())
    assert rows(connection, "select * from duckdb_tables() where table_name = 'base'") == []


def test_inputs_must_be_built_first(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    folder = sql_folder(tmp_path, {"staging/base": BASE, "marts/child": CHILD})
    with pytest.raises(ModelFailed, match=r"marts/child.sql: reads \['base'\], not built yet"):
        build(connection, load_models(folder)["child"], FixedSources(), "run")


def test_generated_tests_count_the_rows_that_break_the_header(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("insert into validated.x values (1, 10), (null, null)")
    folder = sql_folder(tmp_path, {"staging/base": BASE})
    build_all(connection, folder, FixedSources())
    failing = {test.name: run_test(connection, test) for test in generated_tests(load_models(folder)["base"])}
    assert failing == {"grain_is_unique": 1, "not_null": 1}


def test_a_test_that_cannot_run_names_its_file(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ModelFailed, match=r"tests/a__b.test.sql: Catalog Error"):
        run_test(
            connection, SqlTest("b", "a", "tests/a__b.test.sql", "Holds.", "select 1 from nowhere -- end")
        )


def test_a_table_that_breaks_a_promise_is_not_swapped_in(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    model = load_models(sql_folder(tmp_path, {"staging/base": BASE}))["base"]
    tests = generated_tests(model)
    build(connection, model, FixedSources(), "one", tests)
    connection.execute("insert into validated.x values (1, 10)")
    later = FixedSources({"validated.x": "1"})
    with pytest.raises(
        PromiseBroken, match=r"base.sql: left as it was, .* breaks grain_is_unique \(1 rows\)"
    ) as error:
        build(connection, model, later, "two", tests)
    assert error.value.failing == {"grain_is_unique": 1, "not_null": 0}
    assert rows(connection, "select count(*) from base") == [(2,)]
    assert records(connection)["base"].run_id == "one"
    connection.execute("delete from validated.x where a = 1")
    assert build(connection, model, later, "three", tests).rows == 1


def test_a_new_test_judges_a_table_that_is_otherwise_unchanged(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    model = load_models(sql_folder(tmp_path, {"staging/base": BASE}))["base"]
    build(connection, model, FixedSources(), "one")
    none = SqlTest("no_rows", "base", "tests/base__no_rows.test.sql", "None.", "select a from base")
    with pytest.raises(PromiseBroken):
        build(connection, model, FixedSources(), "two", [none])


def test_a_table_without_rows_keeps_what_its_header_promises_and_answers_to_every_other_test(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    model = load_models(sql_folder(tmp_path, {"staging/base": BASE}))["base"]
    connection.execute("delete from validated.x")
    some = SqlTest(
        "some",
        "base",
        "tests/base__some.test.sql",
        "Some.",
        "select 1 where not exists (from base)",
    )
    assert build(connection, model, FixedSources(), "one", generated_tests(model)).rows == 0
    with pytest.raises(PromiseBroken) as error:
        build(connection, model, FixedSources(), "two", [*generated_tests(model), some])
    assert error.value.failing == {"grain_is_unique": 0, "not_null": 0, "some": 1}


def test_tables_without_a_model_are_dropped(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    folder = sql_folder(tmp_path, {"staging/base": BASE, "marts/child": CHILD})
    build_all(connection, folder, FixedSources())
    (folder / "marts" / "child.sql").unlink()
    assert drop_removed(connection, load_models(folder)) == ["child"]
    assert list(records(connection)) == ["base"]
    assert rows(connection, "select * from duckdb_tables() where table_name = 'child'") == []
