"""Read-only questions to the published database, for researchers.

A question sees one published state from beginning to end, however often a new one is swapped in meanwhile.
It can neither read other files nor change anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from outcome_linkage.access import record_access
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
_KINDS = duckdb.StatementType
_QUESTIONS = (_KINDS.SELECT, _KINDS.EXPLAIN, _KINDS.MULTI)  # MULTI: a pivot
_AS_TEXT = ("INTERVAL", "BIT", "WITH TIME ZONE", "UNION", "MAP", "VARIANT")


class NothingPublished(OutcomeLinkageError):
    """There is no published database yet."""


class BadQuery(OutcomeLinkageError):
    """A question that cannot be answered; the message says what to change."""


def query(home: Home, sql: str) -> pl.DataFrame:
    """The answer of the published database of `home` to one SELECT.

    Writes a line to the access log, also when the question fails. Raises NothingPublished and BadQuery.
    """
    if not home.root.is_dir():
        raise NothingPublished(f"There is no home {home.root}. Set OUTCOME_LINKAGE_HOME to the one you mean.")
    rows: int | None = None
    try:
        with opened(home.published) as connection:
            answer = _answer(connection, sql)
            rows = answer.height
    finally:
        record_access(home, "query", sql, rows)
    return answer


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published database opened read-only, without access to any other file."""
    if not path.exists():
        raise NothingPublished("Nothing is published yet. Start `outcome-linkage run`, then ask again.")
    connection = duckdb.connect(str(path), read_only=True, config=_CONFIG)
    try:
        yield connection
    finally:
        connection.close()


def _answer(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    try:
        kinds = [statement.type for statement in connection.extract_statements(sql)]
        if len(kinds) != 1 or kinds[0] not in _QUESTIONS:
            raise BadQuery("Expected one SELECT. Ask one question at a time; nothing can be changed here.")
        relation = connection.sql(sql)
        return _plain(_readable(relation).pl())
    except duckdb.CatalogException as error:
        raise BadQuery(f"{_first(error)} Tables: {', '.join(_tables(connection))}.") from None
    except duckdb.Error as error:
        raise BadQuery(_first(error)) from None


def _readable(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Columns of a type that Polars does not have, as text."""
    strange = [any(kind in str(type_) for kind in _AS_TEXT) for type_ in relation.types]
    if not any(strange):
        return relation
    names = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
    casts = (f"{n}::varchar as {n}" if odd else n for n, odd in zip(names, strange, strict=True))
    return relation.project(", ".join(casts))


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Types that every format can write: whole numbers as Int64, no categories, no untyped nulls."""
    return frame.with_columns(_plain_column(frame[name]) for name in frame.columns)


def _plain_column(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if dtype == pl.Null or dtype in (pl.Categorical, pl.Enum):
        return column.cast(pl.String)
    if isinstance(dtype, pl.Decimal):  # DuckDB's sum of whole numbers is a 128-bit integer
        whole = column.cast(pl.Int64, strict=False)
        fits = dtype.scale == 0 and whole.null_count() == column.null_count()
        return whole if fits else column.cast(pl.Float64)
    return column


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    sql = (
        "select case schema_name when 'main' then table_name else schema_name || '.' || table_name end "
        "from duckdb_tables() order by all"
    )
    return [row[0] for row in connection.execute(sql).fetchall()]


def _first(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0].rstrip(".!") + "."
