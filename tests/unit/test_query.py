"""Read-only questions: what is answered, what is refused, and what the access log keeps."""

from __future__ import annotations

import json
from datetime import date

import duckdb
import polars as pl
import pytest

from outcome_linkage.home import Home
from outcome_linkage.release.query import BadQuery, query


@pytest.fixture
def published(home: Home) -> Home:
    """A home with a published database of one table."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.published}' as p (storage_version 'v1.2.0')")
        connection.execute(
            "create table p.events as select range as n, date '2020-01-01' as day from range(3)"
        )
        connection.execute("create schema p.ev_standing")
        connection.execute("create table p.ev_standing.counts as select 5 as people")
        connection.execute("detach p")
    return home


def test_answers_come_as_frames_of_plain_types(published: Home) -> None:
    answer = query(
        published,
        "select count(*) as n, sum(n) as total, min(day) as day, null as nothing, "
        "'a'::enum ('a') as kind, interval 2 day as span, 1.5::decimal(4, 1) as share, "
        "sum(n::hugeint * 10::hugeint ** 30) as huge from events",
    )
    assert answer.row(0)[:7] == (3, 3, date(2020, 1, 1), None, "a", "2 days", 1.5)
    assert answer.schema["total"] == pl.Int64
    assert answer.schema["nothing"] == answer.schema["kind"] == answer.schema["span"] == pl.String
    assert answer.schema["share"] == answer.schema["huge"] == pl.Float64


@pytest.mark.parametrize(
    "sql",
    ["describe events", "show tables", "from events", "explain select 1", "pivot events on n using count(*)"],
)
def test_a_researcher_may_look_around(published: Home, sql: str) -> None:
    assert query(published, sql).height > 0


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from event", r"Table with name event does not exist. Tables: ev_standing.counts, events."),
        ("select nope from events", 'Referenced column "nope" not found'),
        ("selec 1", "syntax error"),
        ("select * from read_csv('/etc/hostname')", "disabled by configuration"),
        ("select * from '/etc/hostname.csv'", "disabled by configuration"),
        *(
            (sql, "Expected one SELECT")
            for sql in (
                "select 1; select 2",
                "select 1; pivot events on n using count(*)",
                "",
                "-- only a comment",
                "insert into events values (1, null)",
                "drop table events",
                "copy events to '/tmp/events.csv'",
                "attach '/tmp/other.duckdb'",
                "install httpfs",
                "set enable_external_access = true",
                "begin transaction",
            )
        ),
    ],
)
def test_what_cannot_be_answered_is_said(published: Home, sql: str, message: str) -> None:
    with pytest.raises(BadQuery, match=message):
        query(published, sql)


def test_access_log_keeps_who_and_when_and_never_the_text(published: Home) -> None:
    query(published, "select n from events where n < 2")
    with pytest.raises(BadQuery):
        query(published, "select 'secret words' from nowhere")
    text = (published.root / "access.log").read_text()
    first, second = (json.loads(line) for line in text.splitlines())
    assert set(first) == {"at", "user", "command", "sha256", "rows"}
    assert first["at"].endswith("+00:00")
    assert (first["command"], first["rows"], second["rows"]) == ("query", 2, None)
    assert first["sha256"] != second["sha256"]
    assert "secret words" not in text


def test_nothing_is_shown_when_the_log_cannot_be_written(published: Home) -> None:
    (published.root / "access.log").mkdir()
    with pytest.raises(OSError, match=r"access\.log"):
        query(published, "select n from events")
