"""Where the delivery ledger ends: from published rows to people who can be analysed."""

from __future__ import annotations

import duckdb
import polars as pl

from outcome_linkage.home import Home
from outcome_linkage.release.publish import INFO
from outcome_linkage.release.query import opened

_STEPS = """
select 'rows published of ' || table_name as step, rows as n, 1 as place
from publication_info where table_name like 'stg\\_%' escape '\\'
union all
select 'records of people, linked or alone', coalesce(sum(n_records), 0), 2 from person
union all
select 'people', count(*), 3 from person
union all
select 'people known to several suppliers', count(*), 4 from person where n_suppliers > 1
union all
select 'people with an adversity that dates follow-up', count(distinct person_id), 5 from adversity_outcome
union all
select
    'people followed for a year for at least one outcome, or dead before it', count(distinct person_id), 6
from adversity_outcome where in_denominator_365
order by place, step
"""


def people_ledger(home: Home) -> pl.DataFrame:
    """Counts (`step`, `n`) from the published copy; empty without it or its marts. Not for release."""
    if not home.published.exists():
        return pl.DataFrame(schema={"step": pl.String, "n": pl.Int64})
    with opened(home.published) as connection:
        if not _is_whole(connection):
            return pl.DataFrame(schema={"step": pl.String, "n": pl.Int64})
        return connection.sql(_STEPS).pl().select("step", pl.col("n").cast(pl.Int64))


def _is_whole(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the marts that are counted are published: agreements may have left one out."""
    rows = connection.execute(f"select table_name from {INFO}").fetchall()
    return {"person", "adversity_outcome"} <= {table for (table,) in rows}
