"""Tiny tables in, persons out: what the tests of linkage share.

A record is written `record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA")`; persons come back as
groups of names such as `bristol 1`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from outcome_linkage.home import Home
from outcome_linkage.linkage.identities import load, open_linkage
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage.model import shipped
from outcome_linkage.linkage.persons import find_persons
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


class Link(NamedTuple):
    """What is said of one record: its person, and by what it is tied to the others there."""

    record: str
    cluster: int
    passed: str | None
    level: str | None
    weight: float | None
    runner_up: float | None


class Refused(NamedTuple):
    """Two records that might have been one person and were not linked; told of either."""

    record: str
    other_record: str
    passed: str
    weight: float | None
    reason: str


class Found(NamedTuple):
    """What one linkage found. `broad`: the persons at the broad level; `patterns`: relatives as counted."""

    links: list[Link]
    refused: list[Refused]
    broad: Persons
    patterns: list[tuple[str, int, float, bool]]

    @property
    def persons(self) -> Persons:
        """Who is one person: groups of `<supplier> <number>`, sorted."""
        return _groups((link.record, link.cluster) for link in self.links)

    def link(self, record: str) -> Link:
        """What is said of the record."""
        return next(link for link in self.links if link.record == record)

    def together(self, *records: str) -> bool:
        """Whether all of them are one person."""
        return len({self.link(record).cluster for record in records}) == 1

    def reasons(self, one: str, other: str) -> set[str]:
        """Why the two records are not one person."""
        return {r.reason for r in self.refused if (r.record, r.other_record) == (one, other)}


def find(folder: Path, records: list[Record] | pl.DataFrame) -> Found:
    """Link records, or token rows as `token_rows` makes them, by the shipped model. Nothing is remembered."""
    rows = records if isinstance(records, pl.DataFrame) else token_rows(records)
    connection = open_linkage(folder)
    try:
        load(connection, _written(rows, folder / "tokens.parquet"), NOBODY)
        connection.execute(
            "create table prior (record integer, person_no bigint, pass varchar, level varchar,"
            " weight double, runner_up_weight double)"
        )
        find_persons(connection, shipped())
        name = "{0}.supplier || ' ' || {0}.record_key"
        links = connection.execute(f"""
            select {name.format("r")}, l.cluster, l.pass, l.level, l.weight, l.runner_up_weight
            from linked as l join record as r using (record) order by record
        """).fetchall()
        refused = connection.execute(f"""
            select {name.format("r")}, {name.format("o")}, c.pass, c.weight, c.reason
            from conflict as c join record as r using (record) join record as o on o.record = c.other_record
            order by all
        """).fetchall()
        broad = connection.execute(f"""
            select {name.format("r")}, coalesce(b.broad_cluster, l.cluster)
            from linked as l join record as r using (record) left join broader as b on b.cluster = l.cluster
        """).fetchall()
        patterns = connection.execute(
            "select pattern, candidates, expected, is_allowed from pattern_verdict order by all"
        ).fetchall()
    finally:
        connection.close()
    return Found([Link(*row) for row in links], [Refused(*row) for row in refused], _groups(broad), patterns)


def persons(folder: Path, records: list[Record]) -> Persons:
    """Who is one person: groups of `<supplier> <number>`, sorted. Nothing is remembered."""
    return find(folder, records).persons


def linked(
    home: Home,
    records: list[Record],
    run: str = "run 1",
    others: str = NOBODY,
    *,
    full: bool = False,
    retrain: bool = False,
) -> LinkageReport:
    """Link `records` in `home`; `others` selects (supplier, record_key) of records without tokens."""
    tokens = tokens_of(records, home.restricted / "tokens.parquet")
    return link(home, tokens, others, run, full=full, retrain=retrain)


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
    return _written(token_rows(records), path)


def token_rows(records: list[Record], key: bytes = KEY) -> pl.DataFrame:
    """One row of tokens for each record, as the encoder makes them with the linkage key `key`."""
    names = dict.fromkeys(("supplier", "record_key", *IDENTITY_COLUMNS, *IN_CLEAR), pl.String)
    raw = pl.DataFrame(records, schema=names, strict=False)
    birth_month = raw["dob"].str.to_date("%Y-%m-%d", strict=False).dt.month_start()
    clear = raw.with_columns(birth_month.dt.to_string().alias("birth_month")).select(
        pl.col("supplier").alias("_supplier"),
        "record_key",
        *(_typed(name, dtype) for name, dtype in IN_CLEAR.items()),
    )
    return pl.concat([clear, tokenise(raw, key)], how="horizontal")


def strangers(supplier: str, many: int, first: int = 10_000) -> list[Record]:
    """People who have nothing in common with anybody: a population around a few; `first`: their numbers."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    word = lambda n: "".join(letters[n // 26**place % 26] for place in range(6))  # noqa: E731
    return [
        record(
            supplier,
            n,
            word(n * 48_271_337 % 26**6),
            word(n * 69_621_011 % 26**6),
            str(date(1930, 1, 1) + timedelta(days=n * 7_919 % 30_000)),
            f"EX{n % 90 + 10} {n // 90 % 9 + 1}{letters[n % 26]}{letters[n // 26 % 26]}",
        )
        for n in range(first, first + many)
    ]


def _written(rows: pl.DataFrame, path: Path) -> str:
    rows.write_parquet(path)
    return f"select * from read_parquet('{path}')"


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return text.str.to_date("%Y-%m-%d") if dtype == pl.Date() else text.cast(dtype)


def _groups(rows: Iterable[tuple[str, object]]) -> Persons:
    groups: dict[object, list[str]] = {}
    for record, person in rows:
        groups.setdefault(person, []).append(record)
    return sorted(sorted(group) for group in groups.values())
