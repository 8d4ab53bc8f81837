"""Who withdrew: the records that tombstones of the registry stand for, and a list that outlives the registry.

The list lies in the restricted zone and with the backups. A registry that is restored from a backup may be
older than an objection; linkage reads the list beside today's objections, so that nobody comes back by it.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from outcome_linkage.files import write_parquet
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect

WITHDRAWN = pl.Schema(
    {"supplier": pl.String, "record_key": pl.String, "scope": pl.String, "from_date": pl.Date}
)
_NAME = "withdrawn.parquet"


def withdrawn_records(home: Home) -> pl.DataFrame:
    """The tombstones of the registry of `home` (`WITHDRAWN`), in order; empty before the first."""
    if not home.registry.exists():
        return pl.DataFrame(schema=WITHDRAWN)
    with connect(home.registry, read_only=True) as connection:
        sql = "select 1 from duckdb_tables() where table_name = 'tombstones'"
        if not connection.execute(sql).fetchall():
            return pl.DataFrame(schema=WITHDRAWN)
        rows = connection.sql(f"select {', '.join(WITHDRAWN)} from tombstones order by all").pl()
    return rows.cast(dict(WITHDRAWN))


def remember(home: Home, backups: Path | None) -> pl.DataFrame:
    """Bring the list up to date, wherever it is kept; return who is on it (`WITHDRAWN`)."""
    lists = [folder / _NAME for folder in (home.restricted, backups) if folder]
    known = [withdrawn_records(home), *(pl.read_parquet(path) for path in lists if path.exists())]
    everybody = pl.concat(known).unique().sort(WITHDRAWN.names(), nulls_last=True)
    for path in lists:
        if everybody.height and not (path.exists() and pl.read_parquet(path).equals(everybody)):
            write_parquet(everybody, path)
            path.chmod(0o600)
    return everybody


def remembered_sql(home: Home) -> str | None:
    """A query for the list, as linkage reads objections; None without one."""
    path = home.restricted / _NAME
    literal = str(path).replace("'", "''")
    return f"select {', '.join(WITHDRAWN)} from read_parquet('{literal}')" if path.exists() else None
