"""Tiny tables in, persons out: what the tests of linkage share.

A record is written `record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")`; persons come back as
groups of names such as `bristol 1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from outcome_linkage.home import Home
from outcome_linkage.linkage.identities import load, open_linkage
from outcome_linkage.linkage.link import find_persons, link
from outcome_linkage.linkage.registry import LinkageReport
from outcome_linkage.linkage.tokens import IDENTITY_COLUMNS, tokenise

KEY = b"a linkage key for tests, 32 bytes"
RAW = ("forename", "surname", "dob", "postcode")
IN_CLEAR: dict[str, pl.DataType] = {
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
    "sex": pl.String(),
    "birth_month": pl.Date(),
    "la_code": pl.String(),
    "imd_quintile": pl.Int8(),
    "ethnicity5": pl.String(),
}
Record = dict[str, str | int | None]
Persons = list[list[str]]
NOBODY = "select null::varchar, null::varchar where false"


def record(supplier: str, number: int, *identity: str | None, **more: str | int | None) -> Record:
    """One row of identifiers: forename, surname, date of birth, postcode, then any others by name."""
    return {"supplier": supplier, "record_key": str(number), **dict(zip(RAW, identity, strict=False)), **more}


def persons(folder: Path, records: list[Record]) -> Persons:
    """Who is one person: groups of `<supplier> <number>`, sorted. Nothing is remembered."""
    return _groups((r.supplier, r.record_key, r.cluster) for r in links(folder, records))


class Link(NamedTuple):
    """What is said of one record."""

    supplier: str
    record_key: str
    cluster: int
    passed: str | None
    level: str | None


def links(folder: Path, records: list[Record]) -> list[Link]:
    """The evidence of each record, in order. Nothing is remembered."""
    with _found(folder, records) as connection:
        rows = connection.execute(
            "select supplier, record_key, cluster, pass, level "
            "from linked join record using (record) order by all"
        ).fetchall()
    return [Link(*row) for row in rows]


def refused(folder: Path, records: list[Record]) -> list[tuple[str, str, str, int]]:
    """What was refused: `<supplier> <number>`, the other supplier, the reason, candidates at most."""
    with _found(folder, records) as connection:
        return connection.execute("""
            select r.supplier || ' ' || r.record_key, s.supplier, c.reason, max(c.candidates)
            from conflict as c join record as r using (record)
            join supplier as s on s.supplier_no = c.other_supplier_no
            group by all order by all
        """).fetchall()


def linked(home: Home, records: list[Record], run: str = "run 1", others: str = NOBODY) -> LinkageReport:
    """Link `records` in `home`; `others` selects (supplier, record_key) of records without tokens."""
    return link(home, tokens_of(records, home.restricted / "tokens.parquet"), others, run)


def person_ids(home: Home) -> dict[str, str]:
    """The person id of each record in the registry, by `<supplier> <number>`."""
    rows = registry(home, "supplier, record_key, person_id", "record_person")
    return {f"{supplier} {key}": str(person) for supplier, key, person in rows}


def registry(home: Home, columns: str, table: str) -> list[tuple[Any, ...]]:
    """Rows of a table of the registry, in order."""
    connection = duckdb.connect(str(home.registry), read_only=True)
    try:
        return connection.execute(f"select {columns} from {table} order by all").fetchall()
    finally:
        connection.close()


def tokens_of(records: list[Record], path: Path) -> str:
    """Write the tokens of `records` to a Parquet file; SQL that reads it as `link` wants it."""
    names = dict.fromkeys(("supplier", "record_key", *IDENTITY_COLUMNS, *IN_CLEAR), pl.String)
    raw = pl.DataFrame(records, schema=names, strict=False)
    birth_month = raw["dob"].str.to_date("%Y-%m-%d", strict=False).dt.month_start()
    clear = raw.with_columns(birth_month.dt.to_string().alias("birth_month")).select(
        pl.col("supplier").alias("_supplier"),
        "record_key",
        *(_typed(name, dtype) for name, dtype in IN_CLEAR.items()),
    )
    pl.concat([clear, tokenise(raw, KEY)], how="horizontal").write_parquet(path)
    return f"select * from read_parquet('{path}')"


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return text.str.to_date("%Y-%m-%d") if dtype == pl.Date() else text.cast(dtype)


@contextmanager
def _found(folder: Path, records: list[Record]) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_linkage(folder)
    try:
        load(connection, tokens_of(records, folder / "tokens.parquet"), NOBODY)
        connection.execute(
            "create table prior (record integer, person_id varchar, pass varchar, level varchar,"
            " weight double, runner_up_weight double)"
        )
        find_persons(connection)
        yield connection
    finally:
        connection.close()


def _groups(rows: Iterable[tuple[str, str, object]]) -> Persons:
    groups: dict[object, list[str]] = {}
    for supplier, key, person in rows:
        groups.setdefault(person, []).append(f"{supplier} {key}")
    return sorted(sorted(group) for group in groups.values())
