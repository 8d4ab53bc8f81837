"""What may be shown of the tables of a study outside them: their columns, and counts in released form."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.engine.meaning import description_of
from outcome_linkage.evaluation.engine.profile import profile_of
from outcome_linkage.evaluation.engine.store import schema_of
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.release.disclosure import release_counts
from outcome_linkage.release.profiles import Profile

_COLUMNS = """
select column_name, lower(data_type), coalesce(comment, '') from duckdb_columns()
where database_name = current_database() and schema_name || '.' || table_name = ?
order by column_index
"""
_FLOW = """
select label, n_persons_in as came, n_persons_excluded as lost, n_persons_out as stayed
from {schema}.ev_attrition where arm = 'all' order by step
"""
COUNTS = ("came", "lost", "stayed")


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each column of `schema.table`."""
    return connection.execute(_COLUMNS, [table]).fetchall()


def profile_at(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> Profile:
    """The rules that hold for the tables of a study in the warehouse."""
    told = connection.execute(f"select any_value(sdc_profile) from {schema_of(study)}.ev_codebook").fetchone()
    return profile_of(study, told[0] if told else None)


def shown_rows(rows: int, profile: Profile) -> str:
    """A number of rows as it may be shown."""
    (row,) = release_counts(pl.DataFrame({"rows": [rows]}), "rows", profile).to_dicts()
    return profile.few if row["rows_hidden"] else f"{row['rows']:,}"


def flow_of(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> str:
    """How many people came, were lost and stayed at each step, as a Markdown table."""
    flow = connection.sql(_FLOW.format(schema=schema_of(study))).pl()
    profile = profile_at(connection, study)
    lines = ["| step | came | lost | stayed |", "| --- | ---: | ---: | ---: |"]
    for row in flow.iter_rows(named=True):
        lines.append(f"| {row['label']} | {' | '.join(shown_rows(row[name], profile) for name in COUNTS)} |")
    return "\n".join(lines)


RUN_FIRST = "Run `outcome-linkage evaluation run` on its file first."


class TableFile(NamedTuple):
    """A table of a run: what it holds, its rows as may be shown, its file."""

    table: str
    holds: str
    rows: str
    file: Path


def tables_in(folder: Path, study: Evaluation) -> list[TableFile]:
    """The tables that a run left in a folder, by name. Raises InputRefused where there are none."""
    files = sorted(folder.glob("ev_*.parquet"))
    if not files:
        raise InputRefused(f"{study.id} has no tables yet. {RUN_FIRST}")
    profile = profile_of(study)
    return [
        TableFile(path.stem, description_of(path.stem), shown_rows(_rows(path), profile), path)
        for path in files
    ]


def _rows(path: Path) -> int:
    return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
