"""Run models and their tests in DuckDB. A model whose SQL, tests and inputs are what they were is left alone.

A table and everything known of it is replaced in one transaction, and only when its tests pass in it: a
killed run, and one that breaks a promise, leave the table as it was. What the tables were built from stands
in the warehouse's table `_models`.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from typing import Protocol

import duckdb

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.models.reads import Reads
from outcome_linkage.models.sql_file import GENERATED, Model, SqlTest, check_columns

ENGINE_VERSION = "2"
_META = """
create table if not exists main._models (
    name varchar primary key, fingerprint varchar, deliveries_fingerprint varchar, rows bigint, run_id varchar
)
"""


class Inputs(Protocol):
    """What the engine must know of the sources; `sources.Sources` is one."""

    @property
    def deliveries_fingerprint(self) -> str: ...
    def fingerprint(self, table: str) -> str: ...


class ModelFailed(OutcomeLinkageError):
    """A model or a test that cannot run; the message names the file and quotes no value."""


class PromiseBroken(ModelFailed):
    """A table that was built and not swapped in: `failing` counts the rows that break each test."""

    def __init__(self, model: Model, failing: Mapping[str, int]) -> None:
        self.failing = failing
        broken = ", ".join(f"{name} ({rows} rows)" for name, rows in failing.items() if rows)
        super().__init__(f"{model.file}: left as it was, because the new table breaks {broken}.")


@dataclass(frozen=True)
class Built:
    """A table as it stands after `build`; `unchanged` when there was nothing to do."""

    name: str
    rows: int
    fingerprint: str
    unchanged: bool
    seconds: float


@dataclass(frozen=True)
class Record:
    """One row of `_models`: what a table was built from, and in which run."""

    name: str
    fingerprint: str
    deliveries_fingerprint: str
    rows: int
    run_id: str


def build(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    sources: Inputs,
    run_id: str,
    tests: Sequence[SqlTest] = (),
) -> Built:
    """Build the table of `model` in schema `main`, unless it already is what it would become.

    The sources that the model reads must be attached. Raises ModelFailed: an input is not built yet, the
    SQL fails; BadSqlFile: the SQL produces other columns than the header documents; PromiseBroken: rows
    break one of `tests`.
    """
    (built,) = build_together(connection, [(model, tests)], sources, run_id)
    return built


def build_together(
    connection: duckdb.DuckDBPyConnection,
    models: Iterable[tuple[Model, Sequence[SqlTest]]],
    sources: Inputs,
    run_id: str,
) -> list[Built]:
    """Build several models with their tests, each after what it reads: all of them or none."""
    before = records(connection)
    known = dict(before)
    with transaction(connection):
        built = [_build(connection, model, sources, run_id, tests, known) for model, tests in models]
        write_records(connection, [record for name, record in known.items() if record != before.get(name)])
    return built


def run_test(connection: duckdb.DuckDBPyConnection, test: SqlTest) -> int:
    """How many rows break `test`. Raises ModelFailed when it cannot run."""
    with _quoting_nothing(test.file):
        return _count(connection, f"({test.sql}\n)")


def records(connection: duckdb.DuckDBPyConnection) -> dict[str, Record]:
    """What every table of the warehouse was built from, by name."""
    connection.execute(_META)
    rows = connection.execute(
        "select name, fingerprint, deliveries_fingerprint, rows, run_id from main._models order by name"
    ).fetchall()
    return {row[0]: Record(*row) for row in rows}


def write_records(connection: duckdb.DuckDBPyConnection, built: Sequence[Record]) -> None:
    """Write what tables were built from."""
    connection.execute(_META)
    if built:
        places = ", ".join(["(?, ?, ?, ?, ?)"] * len(built))
        values = [value for record in built for value in astuple(record)]
        connection.execute(f"insert or replace into main._models values {places}", values)


def drop_removed(connection: duckdb.DuckDBPyConnection, models: Mapping[str, Model]) -> list[str]:
    """Drop the tables of schema `main` whose model no longer exists; return their names."""
    gone = [name for name in records(connection) if name not in models and "." not in name]
    for name in gone:
        with transaction(connection):
            connection.execute(f"drop table if exists main.{name}")
            connection.execute("delete from main._models where name = ?", [name])
    return gone


def comment(
    connection: duckdb.DuckDBPyConnection, table: str, description: str, columns: Mapping[str, str]
) -> None:
    """Write what a table and its columns mean to the table itself, where the researcher's prompt shows it."""
    connection.execute(f"comment on table {table} is {literal(description)}")
    for column, text in columns.items():
        connection.execute(f"comment on column {table}.{column} is {literal(text)}")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing."""
    connection.execute("begin transaction")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def digest(*parts: str) -> str:
    """SHA-256 of `parts` in order, in hex; the boundary between parts counts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _build(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    sources: Inputs,
    run_id: str,
    tests: Sequence[SqlTest],
    known: dict[str, Record],
) -> Built:
    """Build one table, and put into `known` what it was built from."""
    started = time.perf_counter()
    _check_inputs(model, known)
    fingerprint = _fingerprint(model, tests, sources, known)
    before = known.get(model.name)
    unchanged = before is not None and before.fingerprint == fingerprint
    record = before if before and unchanged else Record(model.name, fingerprint, "", 0, run_id)
    record = replace(record, deliveries_fingerprint=_deliveries(model.reads, sources, known))
    if not unchanged:
        record = replace(record, rows=_replace(connection, model, tests))
    known[model.name] = record
    return Built(model.name, record.rows, fingerprint, unchanged, time.perf_counter() - started)


def _check_inputs(model: Model, known: Mapping[str, Record]) -> None:
    if missing := [name for name in model.reads.models if name not in known]:
        raise ModelFailed(f"{model.file}: reads {missing}, not built yet. Build what it reads first.")


def _fingerprint(model: Model, tests: Sequence[SqlTest], sources: Inputs, known: Mapping[str, Record]) -> str:
    inputs = [f"{name}={known[name].fingerprint}" for name in model.reads.models]
    inputs += [f"{name}={sources.fingerprint(name)}" for name in model.reads.sources]
    written = [test.text for test in tests if test.name not in GENERATED]  # others: see the model's text
    return digest(ENGINE_VERSION, model.text, *written, *inputs)


def _deliveries(reads: Reads, sources: Inputs, known: Mapping[str, Record]) -> str:
    """Which state of the sources a model stands for; `mixed` when its inputs stand for different ones."""
    states = {known[name].deliveries_fingerprint for name in reads.models}
    if reads.sources or not states:
        states.add(sources.deliveries_fingerprint)
    return states.pop() if len(states) == 1 else "mixed"


def _replace(connection: duckdb.DuckDBPyConnection, model: Model, tests: Sequence[SqlTest]) -> int:
    table = f"main.{model.name}"
    with _quoting_nothing(model.file):
        ((rows,),) = connection.execute(f"create or replace table {table} as {model.sql}").fetchall()
        check_columns(model, _columns(connection, table))
        comment(connection, table, model.description, {c.name: c.text for c in model.columns.values()})
    failing = {
        test.name: run_test(connection, test) if rows or _may_fail_empty(test) else 0 for test in tests
    }
    if any(failing.values()):
        raise PromiseBroken(model, failing)
    return rows


@contextmanager
def _quoting_nothing(file: str) -> Iterator[None]:
    """Turn DuckDB's errors into ours. One about data may quote a value: only what stands before is kept."""
    try:
        yield
    except duckdb.Error as error:
        first = str(error).partition("\n")[0]
        if not isinstance(error, duckdb.BinderException | duckdb.CatalogException | duckdb.ParserException):
            first = re.split(r"['\"\d]", first)[0].strip() + " … (the rest may quote values)"
        raise ModelFailed(f"{file}: {first}") from None


def _may_fail_empty(test: SqlTest) -> bool:
    """Whether a table without rows may break the test: what a header promises, it cannot."""
    return test.name not in GENERATED


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [column[0] for column in connection.execute(f"from {table} limit 0").description]


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"
