"""The published copy: what is in it, when it is rewritten, and what survives a killed run."""

from __future__ import annotations

import hashlib
import hmac
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from outcome_linkage.home import Home
from outcome_linkage.models.engine import Record, comment, write_records
from outcome_linkage.release import publish as publishing
from outcome_linkage.release.publication import NotPublishable, load_publication
from outcome_linkage.release.publish import publish, share_unique
from outcome_linkage.release.query import NothingPublished, opened, query

pytestmark = pytest.mark.slow
PEOPLE = 60
LIST = {
    "person": ("person_id", "birth_year", "sex", "ethnicity5", "la_code", "imd_quintile"),
    "adversity_event": ("person_id", "adversity_domain", "event_date"),
}


def fill(connection: duckdb.DuckDBPyConnection, state: str = "s1", people: int = PEOPLE) -> None:
    """A warehouse of two marts that stand for one state of the deliveries."""
    connection.execute(
        "create or replace table person as select md5(range::varchar) as person_id, "
        "(2000 + range // 2)::integer as birth_year, 'male' as sex, 'White' as ethnicity5, "
        "'E06000023' as la_code, 1 + range % 2 as imd_quintile, date '2010-01-01' as birth_month "
        f"from range({people})"
    )
    connection.execute(
        "create or replace table adversity_event as select person_id, 'neglect' as adversity_domain, "
        "date '2020-01-01' + birth_year as event_date from person"
    )
    describe(connection, state)


def describe(connection: duckdb.DuckDBPyConnection, state: str, **states: str) -> None:
    """Comments and records, as the engine would write them."""
    for table in LIST:
        columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
        comment(connection, table, f"One row per {table}.", {name: f"The {name}." for name in columns})
        rows = connection.execute(f"select count(*) from {table}").fetchall()[0][0]
        own = states.get(table, state)
        write_records(connection, [Record(table, f"{table} {rows} {own}", own, rows, "run")])


@pytest.fixture
def warehouse(home: Home) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(home.warehouse))
    fill(connection)
    return connection


def content(home: Home) -> dict[str, pl.DataFrame]:
    return {table: query(home, f"select * from {table}") for table in LIST}


def test_only_listed_columns_are_published_with_their_words(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    published = publish(warehouse, home, LIST)
    assert published.rows == {"adversity_event": PEOPLE, "person": PEOPLE}
    assert not published.unchanged
    for table, columns in LIST.items():
        assert tuple(content(home)[table].columns) == columns
    words = query(
        home, "select table_name, comment from duckdb_columns() where not internal and comment is null"
    )
    assert words.is_empty()
    about = query(home, "select comment from duckdb_tables() where table_name = 'person'")
    assert about.item() == "One row per person."
    assert query(home, "select count(*) as n from duckdb_views() where not internal").item() == 0


def test_person_ids_are_keyed_with_the_publication_secret(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    publish(warehouse, home, LIST)
    ids = [row[0] for row in warehouse.execute("select person_id from person").fetchall()]
    secret = home.secret("publication")
    expected = {hmac.new(secret, i.encode(), hashlib.sha256).hexdigest()[:32] for i in ids}
    assert set(content(home)["person"]["person_id"]) == expected
    assert set(content(home)["adversity_event"]["person_id"]) == expected
    assert not expected & set(ids)
    everything = home.published.read_bytes()
    assert not any(i.encode() in everything for i in ids)
    assert secret not in everything


def test_nothing_new_leaves_the_file_alone(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    first = publish(warehouse, home, LIST)
    before = home.published.stat()
    second = publish(warehouse, home, LIST)
    assert second.unchanged
    assert (second.rows, second.fingerprint) == (first.rows, first.fingerprint)
    assert home.published.stat().st_ino == before.st_ino
    assert home.published.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("change", ["a table", "the list", "the secret"])
def test_what_changes_the_content_publishes_again(
    home: Home, warehouse: duckdb.DuckDBPyConnection, change: str
) -> None:
    first = publish(warehouse, home, LIST)
    listed = dict(LIST)
    if change == "a table":
        fill(warehouse, "s2", PEOPLE + 1)
    elif change == "the list":
        listed.pop("adversity_event")
    else:
        (home.restricted / "secrets" / "publication").write_bytes(b"x" * 32)
    second = publish(warehouse, home, listed)
    assert not second.unchanged
    assert second.fingerprint != first.fingerprint
    assert set(second.rows) == set(listed)


def test_same_input_gives_the_same_rows_in_the_same_order(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    publish(warehouse, home, LIST)
    first = content(home)
    home.published.unlink()
    warehouse.execute("create or replace table person as select * from person order by hash(person_id)")
    describe(warehouse, "s1")
    publish(warehouse, home, LIST)
    assert all(frame.equals(content(home)[table]) for table, frame in first.items())


def test_tables_that_stand_for_different_deliveries_are_not_published_together(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    first = publish(warehouse, home, LIST)
    for stale in ("s0", "mixed"):
        describe(warehouse, "s1", adversity_event=stale)
        with pytest.raises(NotPublishable, match=r"\['adversity_event'\] stand for other deliveries"):
            publish(warehouse, home, LIST)
    with opened(home.published) as reader:
        sql = "select distinct publication_fingerprint from publication_info"
        assert reader.execute(sql).fetchall() == [(first.fingerprint,)]


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ({"person": ("person_id", "birth_month")}, "more of a date of birth than its year"),
        ({"person": ("record_key",)}, "the supplier's id"),
        ({"person": ("height",)}, r"person has no columns \['height'\]"),
        ({"nowhere": ("person_id",)}, r"not built yet: \['nowhere'\]"),
        ({"person": ()}, "at least one column"),
        ({"person": ("sex", "sex")}, "listed twice"),
        ({"person; drop table person": ("sex",)}, "expected a table's name"),
        ({}, "names no table"),
    ],
)
def test_a_wrong_list_publishes_nothing(
    home: Home, warehouse: duckdb.DuckDBPyConnection, listed: dict[str, tuple[str, ...]], message: str
) -> None:
    with pytest.raises(NotPublishable, match=message):
        publish(warehouse, home, listed)
    assert not home.published.exists()


def test_a_column_without_words_is_not_published(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("comment on column person.sex is null")
    with pytest.raises(NotPublishable, match="every published column need a description"):
        publish(warehouse, home, LIST)


def test_tables_of_evaluations_keep_their_schema(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "create schema ev_standing; create table ev_standing.status_counts as select 5 as people"
    )
    comment(warehouse, "ev_standing.status_counts", "One row per cell.", {"people": "People."})
    write_records(warehouse, [Record("ev_standing.status_counts", "f", "s1", 1, "run")])
    publish(warehouse, home, {**LIST, "ev_standing.status_counts": ("people",)})
    assert query(home, "select people from ev_standing.status_counts").item() == 5


def test_share_of_people_singled_out_is_reported(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Two people share each birth year and differ in quintile; three more share everything."""
    warehouse.execute(
        "insert into person select md5('x'), 1999, 'male', 'White', 'E06000023', 1, null from range(3)"
    )
    describe(warehouse, "s1")
    published = publish(warehouse, home, LIST)
    assert published.share_unique == pytest.approx(PEOPLE / (PEOPLE + 3))
    publish(warehouse, home, {"person": ("person_id", "sex")})
    with opened(home.published) as reader:
        assert share_unique(reader) is None


def test_an_error_half_way_leaves_the_former_file_and_no_litter(
    home: Home, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(warehouse, home, LIST)
    before = content(home)
    fill(warehouse, "s2", PEOPLE + 5)

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_write_info", break_off)
        with pytest.raises(KeyboardInterrupt):
            publish(warehouse, home, LIST)
    assert all(frame.equals(content(home)[table]) for table, frame in before.items())
    assert publish(warehouse, home, LIST).rows["person"] == PEOPLE + 5
    assert [path.name for path in home.published.parent.iterdir()] == ["outcomes.duckdb"]


KILLED = """
import sys, time, duckdb
from pathlib import Path
from outcome_linkage.home import Home
from outcome_linkage.release import publish as publishing
from tests.unit.test_publish import LIST, fill
home = Home(Path(sys.argv[1]))
connection = duckdb.connect(str(home.warehouse))
fill(connection, "s2", 7)
def wait(*_):
    print("writing", flush=True)
    time.sleep(60)
publishing._write_info = wait
publishing.publish(connection, home, LIST)
"""


def test_a_killed_run_leaves_the_former_file_and_the_next_run_completes(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    publish(warehouse, home, LIST)
    before = content(home)
    warehouse.close()
    command = [sys.executable, "-c", KILLED, str(home.root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert len(list(home.published.parent.iterdir())) > 1, "the killed run left its temporary file"
    assert all(frame.equals(content(home)[table]) for table, frame in before.items())
    with duckdb.connect(str(home.warehouse)) as connection:
        assert publish(connection, home, LIST).rows["person"] == 7
    assert [path.name for path in home.published.parent.iterdir()] == ["outcomes.duckdb"]


READER = """
import sys
from pathlib import Path
from outcome_linkage.home import Home
from outcome_linkage.release.query import query
home, reads = Home(Path(sys.argv[1])), 0
print("reading", flush=True)
while not (home.root / "stop").exists():
    counts = query(home, "select (select count(*) from person) p, (select count(*) from adversity_event) e")
    assert counts["p"].item() == counts["e"].item() > 0, "one state, never half of two"
    reads += 1
print(reads)
"""


def test_readers_never_fail_while_the_file_is_swapped(
    home: Home, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A reader in another process and one in this one read without pause while 6 states are published."""
    publish(warehouse, home, LIST)
    command = [sys.executable, "-c", READER, str(home.root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    stop, seen = threading.Event(), list[int]()

    def read() -> None:
        while not stop.is_set():
            seen.append(query(home, "select count(*) as n from person").item())

    thread = threading.Thread(target=read)
    thread.start()
    for n in range(6):
        fill(warehouse, f"s{n}", PEOPLE + n)
        assert not publish(warehouse, home, LIST).unchanged
        time.sleep(0.02)
    stop.set()
    thread.join()
    (home.root / "stop").touch()
    reads = int(process.stdout.readline())
    assert process.wait() == 0
    process.stdout.close()
    assert reads > 0
    assert set(seen) <= {PEOPLE + n for n in range(6)}
    assert len(seen) > 1


def test_a_damaged_file_is_replaced(home: Home, warehouse: duckdb.DuckDBPyConnection) -> None:
    home.published.write_bytes(b"not a database")
    assert publish(warehouse, home, LIST).rows["person"] == PEOPLE


def test_nothing_published_is_said_plainly(home: Home) -> None:
    with pytest.raises(NothingPublished, match="Nothing is published yet"):
        query(home, "select 1")


def test_the_list_in_a_file_is_read_and_judged(tmp_path: Path) -> None:
    path = tmp_path / "publication.yaml"
    path.write_text("tables:\n  person: [person_id, sex]\n  ev_standing.status_counts:\n    - people\n")
    assert load_publication(path) == {
        "ev_standing.status_counts": ("people",),
        "person": ("person_id", "sex"),
    }
    for text in ("tables: [person]", "person: [sex]", "tables:\n  person: sex", ""):
        path.write_text(text)
        with pytest.raises(NotPublishable, match=r"publication.yaml: expected `tables:`"):
            load_publication(path)
