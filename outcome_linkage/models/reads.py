"""What one query reads: tables that other models make, and tables of sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from outcome_linkage.models.header import BadSqlFile

SOURCES = ("catalogue", "reference", "registry", "validated")
_SERIES = (exp.GenerateSeries, exp.GenerateDateArray, exp.GenerateTimestampArray, exp.Unnest)


@dataclass(frozen=True)
class Reads:
    """What one query reads: models by plain name, tables of sources as `source.table`."""

    models: tuple[str, ...]
    sources: tuple[str, ...]


def reads_of(query: exp.Query, file: str) -> Reads:
    """What a query of `file` reads. Raises BadSqlFile for files and table functions that read them."""
    models: set[str] = set()
    sources: set[str] = set()
    for table in _tables(query):
        if isinstance(table.this, _SERIES):
            continue
        if not isinstance(table.this, exp.Identifier) or "." in table.name or table.catalog:
            raise BadSqlFile(
                f"{file}: reads `{table.sql('duckdb')}`. A model reads models and "
                f"{', '.join(SOURCES)} only, each by its name."
            )
        (sources if table.db else models).add(f"{table.db}.{table.name}" if table.db else table.name)
    return Reads(tuple(sorted(models)), tuple(sorted(sources)))


def _tables(query: exp.Query) -> Iterator[exp.Table]:
    """The physical tables of a query: what its scopes read that is no subquery and no CTE."""
    for scope in traverse_scope(query.copy()):
        for source in scope.sources.values():
            if isinstance(source, exp.Table):
                yield source
