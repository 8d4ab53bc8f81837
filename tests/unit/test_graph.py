"""What a model reads, in which order models are built, and where columns come from."""

from __future__ import annotations

import itertools
from pathlib import Path

import duckdb
import pytest

from outcome_linkage.models.graph import Graph, build_graph, check_test
from outcome_linkage.models.header import BadSqlFile
from outcome_linkage.models.lineage import column_catalogue, column_lineage
from outcome_linkage.models.sql_file import SqlTest, load_models
from tests.sql_models import model_text, sql_folder

EVERYTHING = """\
with recursive steps as (select 1 as a union all select a + 1 from steps where a < 3),
named as (
    select v.a, v.b, case when f.flag then 'y' else 'n' end as c
    from validated.x as v left join flags as f on f.a = v.a
),
both_kinds as (select * from named union all select a, b, 'k' from reference.codes)
select
    u.a, u.b as bee, upper(u.c) as c, p.z, 1 as one, s.a as step, d.d as day_no,
    (select max(y.w) from weights as y where y.a = u.a) as heaviest,
    count(*) over (partition by p.a order by u.b) as n
from both_kinds as u
inner join steps as s on s.a = u.a
left join person as p on p.a = u.a
cross join generate_series(1, 2) as d (d)
where exists (select 1 from seen as e where e.a = p.a)
    and u.a in (select q.a from registry.record_person as q)
"""
COLUMNS = "a bee c z one step day_no heaviest n"


def graph(tmp_path: Path, known: set[str] | None = None, **models: str) -> Graph:
    files = {f"marts/{name}": model_text(sql, "a") for name, sql in models.items()}
    return build_graph(load_models(sql_folder(tmp_path, files)), known)


def test_reads_are_found_wherever_sql_may_name_a_table(tmp_path: Path) -> None:
    folder = sql_folder(tmp_path, {"marts/all": model_text(EVERYTHING, COLUMNS)})
    reads = load_models(folder)["all"].reads
    assert reads.models == ("flags", "person", "seen", "weights")
    assert reads.sources == ("reference.codes", "registry.record_person", "validated.x")


def test_order_puts_what_is_read_first_and_is_total(tmp_path: Path) -> None:
    found = graph(
        tmp_path,
        c="select 1 as a",
        b="select a from c",
        a="select a from b union all select a from validated.x",
        d="select a from c",
    )
    assert found.order == ("c", "b", "a", "d")
    assert found.upstream("a") == {"b", "c"}
    assert found.sources == ("validated.x",)


def test_a_cte_may_have_the_name_of_the_model_it_reads(tmp_path: Path) -> None:
    found = graph(
        tmp_path, person="select 1 as a", b="with person as (select a from person) select a from person"
    )
    assert found.order == ("person", "b")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select a from nowhere", "unknown tables ['nowhere']"),
        ("select a from other.x", "unknown tables ['other.x']"),
        ("select a from validated.y", "unknown tables ['validated.y']"),
        ("select a from read_csv('x.csv')", "A model reads models and"),
        ("select a from 'x.parquet'", "A model reads models and"),
        ("select a from m", "in a circle: m → m"),
    ],
)
def test_what_a_model_may_not_read_is_an_error(tmp_path: Path, sql: str, message: str) -> None:
    with pytest.raises(BadSqlFile) as error:
        graph(tmp_path, {"validated.x"}, m=sql)
    assert str(error.value).startswith("marts/m.sql: ")
    assert message in str(error.value)


def test_a_circle_is_named_from_reader_to_read(tmp_path: Path) -> None:
    with pytest.raises(BadSqlFile) as error:
        graph(tmp_path, a="select a from b", b="select a from c", c="select a from a")
    circle = str(error.value).partition("in a circle: ")[2].rstrip(".").split(" → ")
    reads = {"a": "b", "b": "c", "c": "a"}
    assert len(circle) == 4
    assert all(reads[reader] == read for reader, read in itertools.pairwise(circle))


def test_a_test_reads_only_what_its_model_is_built_from(tmp_path: Path) -> None:
    found = graph(tmp_path, c="select a from validated.x", b="select a from c", d="select a from validated.y")
    for sql in ("select a from b", "select b.a from b, c", "select a from validated.x"):
        check_test(found, SqlTest("t", "b", "tests/b__t.test.sql", "Holds.", sql))
    for sql in ("select a from d", "select a from validated.y"):
        with pytest.raises(BadSqlFile, match=r"tests/b__t.test.sql: reads \['(d|validated.y)'\]"):
            check_test(found, SqlTest("t", "b", "tests/b__t.test.sql", "Holds.", sql))


def test_lineage_follows_columns_to_the_tables_they_come_from(tmp_path: Path) -> None:
    folder = sql_folder(tmp_path, {"marts/all": model_text(EVERYTHING, COLUMNS)})
    connection = duckdb.connect()
    for source in ("validated", "reference", "registry"):
        connection.execute(f"attach ':memory:' as {source}")
    for table in (
        "validated.x (a int, b int)",
        "reference.codes (a int, b int)",
        "registry.record_person (a int)",
        "flags (a int, flag bool)",
        "person (a int, z int)",
        "weights (a int, w int)",
        "seen (a int)",
    ):
        connection.execute(f"create table {table}")
    columns = column_catalogue(connection)
    assert columns["validated.x"] == {"a": "INTEGER", "b": "INTEGER"}
    assert columns["flags"] == {"a": "INTEGER", "flag": "BOOLEAN"}
    lineage = column_lineage(load_models(folder)["all"], columns)
    assert lineage["a"] == {("validated.x", "a"), ("reference.codes", "a")}
    assert lineage["bee"] == {("validated.x", "b"), ("reference.codes", "b")}
    assert lineage["c"] == {("flags", "flag")}
    assert lineage["z"] == {("person", "z")}
    assert lineage["heaviest"] == {("weights", "w")}
    assert lineage["n"] == {("person", "a"), ("validated.x", "b"), ("reference.codes", "b")}
    assert lineage["one"] == lineage["step"] == lineage["day_no"] == set()
