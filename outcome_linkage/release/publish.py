"""The published copy: a database of its own for researchers, built beside the old one and swapped in.

It holds the listed columns of the listed tables, as tables with comments, in a file that DuckDB 1.2 and
later open. Person ids are re-keyed with the publication secret. A run killed at any point leaves the last
published file as it was.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from outcome_linkage.files import replacing
from outcome_linkage.home import Home
from outcome_linkage.keyed import key_pads, keyed_hash
from outcome_linkage.models.engine import Record, comment, digest, literal, records
from outcome_linkage.release.publication import NotPublishable, Publication, check_publication
from outcome_linkage.release.query import NothingPublished, opened

PUBLISH_VERSION = "1"
STORAGE_VERSION = "v1.2.0"
INFO = "publication_info"
QUASI_IDENTIFIERS = ("birth_year", "sex", "ethnicity5", "la_code", "imd_quintile")
_INFO_WORDS = {
    "table_name": "Name of the published table.",
    "rows": "Number of rows. Unit: rows.",
    "table_fingerprint": "SHA-256 of the SQL and the inputs that the table was built from.",
    "publication_fingerprint": "SHA-256 of everything published together; equal means nothing changed.",
}


@dataclass(frozen=True)
class Published:
    """The published database as it stands. `share_unique`: see `share_unique`."""

    rows: dict[str, int]
    fingerprint: str
    unchanged: bool
    share_unique: float | None


def publish(connection: duckdb.DuckDBPyConnection, home: Home, publication: Publication) -> Published:
    """Publish the listed tables of the warehouse `connection`, unless they already are what is published.

    Raises NotPublishable: a forbidden column, a table or column that does not exist or has no words, or
    tables that stand for different deliveries.
    """
    check_publication(publication)
    built = _listed(connection, publication)
    words = {table: _words(connection, table, columns) for table, columns in publication.items()}
    secret = home.secret("publication")
    fingerprint = _fingerprint(publication, built, secret)
    _clear_leftovers(home.published)
    unchanged = _last_fingerprint(home.published) == fingerprint
    if not unchanged:
        with replacing(home.published) as beside, _attached(connection, beside):
            _write(connection, publication, words, secret)
            _write_info(connection, publication, built, fingerprint)
    return _report(home.published, fingerprint, unchanged)


def share_unique(connection: duckdb.DuckDBPyConnection) -> float | None:
    """The share of published people whom birth year, sex, ethnicity, LA and IMD quintile single out.

    None when `person` is not published with all of them, or is empty.
    """
    sql = (
        "select count(*) from duckdb_columns() where table_name = 'person' and list_contains(?, column_name)"
    )
    if _value(connection, sql, [list(QUASI_IDENTIFIERS)]) != len(QUASI_IDENTIFIERS):
        return None
    columns = ", ".join(QUASI_IDENTIFIERS)
    share = _value(
        connection,
        "select sum(n) filter (where n = 1) / sum(n) "
        f"from (select count(*) as n from person group by {columns}) as alike",
    )
    return None if share is None else float(share)


def _listed(connection: duckdb.DuckDBPyConnection, publication: Publication) -> dict[str, Record]:
    """What the listed tables were built from. Raises NotPublishable unless they belong together."""
    known = records(connection)
    if missing := [table for table in publication if table not in known]:
        raise NotPublishable(f"not built yet: {missing}. Build every listed table, then publish.")
    states: dict[str, list[str]] = {}
    for table in publication:
        states.setdefault(known[table].deliveries_fingerprint, []).append(table)
    state = max(states, key=lambda state: (state != "mixed", len(states[state])))
    behind = [
        t
        for t in publication
        if "mixed" in (state, known[t].deliveries_fingerprint) or t not in states[state]
    ]
    if behind:
        raise NotPublishable(
            f"{behind} stand for other deliveries than the rest of the publication list. "
            "Build all models from the same deliveries, then publish."
        )
    return {table: known[table] for table in publication}


def _words(
    connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...]
) -> tuple[str, dict[str, str]]:
    """The comment on a table of the warehouse, and on each of `columns`."""
    where = [*_schema_and_name(table)]
    place = "database_name = current_database() and schema_name = ? and table_name = ?"
    about = _value(connection, f"select comment from duckdb_tables() where {place}", where)
    sql = f"select column_name, comment from duckdb_columns() where {place}"
    comments = dict(connection.execute(sql, where).fetchall())
    if absent := [column for column in columns if column not in comments]:
        raise NotPublishable(f"{table} has no columns {absent}. Take them off the publication list.")
    if not about or not all(comments[column] for column in columns):
        raise NotPublishable(f"{table}: the table and every published column need a description.")
    return str(about), {column: comments[column] for column in columns}


def _fingerprint(publication: Publication, built: Mapping[str, Record], secret: bytes) -> str:
    key = hmac.digest(secret, b"fingerprint of the publication secret", "sha256").hex()
    tables = [
        f"{table}({','.join(columns)})={built[table].fingerprint}" for table, columns in publication.items()
    ]
    return digest(PUBLISH_VERSION, STORAGE_VERSION, key, *tables)


def _clear_leftovers(path: Path) -> None:
    """Remove what killed runs left beside the published file; the writer's lock keeps live ones away."""
    for leftover in path.parent.glob(f".{path.name}.*"):
        leftover.unlink()


def _last_fingerprint(path: Path) -> str | None:
    try:
        with opened(path) as reader:
            return str(_value(reader, f"select any_value(publication_fingerprint) from {INFO}"))
    except (duckdb.Error, NothingPublished):
        return None


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """A new database file attached as `publication`; complete on disk when the block ends."""
    connection.execute(f"attach {literal(str(path))} as publication (storage_version '{STORAGE_VERSION}')")
    before = _value(connection, "select current_setting('preserve_insertion_order')")
    connection.execute("set preserve_insertion_order = true")
    try:
        yield
        connection.execute("checkpoint publication")
    finally:
        connection.execute(f"set preserve_insertion_order = {before}")
        connection.execute("detach publication")


def _write(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    words: Mapping[str, tuple[str, dict[str, str]]],
    secret: bytes,
) -> None:
    _write_keys(connection, publication, secret)
    for table, columns in publication.items():
        schema, name = _schema_and_name(table)
        target = f"publication.{schema}.{name}"
        connection.execute(f"create schema if not exists publication.{schema}")
        connection.execute(f"create table {target} as {_select(f'{schema}.{name}', columns)}")
        comment(connection, target, *words[table])
    connection.execute("drop table temp.published_person")


def _write_keys(connection: duckdb.DuckDBPyConnection, publication: Publication, secret: bytes) -> None:
    """Temporary table of every person_id to publish and its key: HMAC-SHA256 (RFC 2104), 32 hex digits."""
    ids = [
        f"select {column} as person_id from {'.'.join(_schema_and_name(table))}"
        for table, columns in publication.items()
        for column in columns
        if _is_person(column)
    ]
    people = " union ".join(ids) or "select null::varchar as person_id"
    connection.execute(
        "create or replace temp table published_person as "
        f"select person_id, {keyed_hash('person_id')} as person_key "
        f"from ({people}) as people where person_id is not null",
        key_pads(secret),
    )


def _select(table: str, columns: tuple[str, ...]) -> str:
    """The listed columns in a total order, with keys in place of person ids."""
    people = [column for column in columns if _is_person(column)]
    shown = (f"key_{c}.person_key as {c}" if c in people else f"t.{c}" for c in columns)
    joins = (f"left join temp.published_person as key_{c} on key_{c}.person_id = t.{c}" for c in people)
    return f"select {', '.join(shown)} from {table} as t {' '.join(joins)} order by all"


def _write_info(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    built: Mapping[str, Record],
    fingerprint: str,
) -> None:
    target = f"publication.main.{INFO}"
    connection.execute(
        f"create table {target} (table_name varchar, rows bigint, table_fingerprint varchar, "
        "publication_fingerprint varchar)"
    )
    for table in publication:
        rows = _value(connection, f"select count(*) from publication.{'.'.join(_schema_and_name(table))}")
        row = [table, rows, built[table].fingerprint, fingerprint]
        connection.execute(f"insert into {target} values (?, ?, ?, ?)", row)
    comment(
        connection, target, "One row per published table: its size and what it was built from.", _INFO_WORDS
    )


def _report(path: Path, fingerprint: str, unchanged: bool) -> Published:
    with opened(path) as reader:
        rows = dict(reader.execute(f"select table_name, rows from {INFO} order by table_name").fetchall())
        return Published(rows, fingerprint, unchanged, share_unique(reader))


def _schema_and_name(table: str) -> tuple[str, str]:
    schema, _, name = table.rpartition(".")
    return schema or "main", name


def _is_person(column: str) -> bool:
    return column == "person_id" or column.endswith("_person_id")


def _value(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()) -> Any:
    row = connection.execute(sql, list(parameters)).fetchone()
    return row[0] if row else None
