"""What each model reads, and the order in which to build them. Both are read from the SQL, never typed.

A table named plainly (`person`) is a model. A table named with a source (`validated.cin_referrals`) comes
from outside the models; `sources` says what each holds. Columns are traced in `lineage`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from outcome_linkage.models.header import BadSqlFile
from outcome_linkage.models.sql_file import Model, SqlTest

SOURCES = ("catalogue", "reference", "registry", "validated")
_SERIES = (exp.GenerateSeries, exp.GenerateDateArray, exp.GenerateTimestampArray, exp.Unnest)


@dataclass(frozen=True)
class Reads:
    """What one query reads: models by plain name, tables of sources as `source.table`."""

    models: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """All models, what each reads, and an order in which each comes after all that it reads."""

    models: Mapping[str, Model]
    reads: Mapping[str, Reads]
    order: tuple[str, ...]

    def upstream(self, name: str) -> set[str]:
        """Every model that `name` depends on, directly or not."""
        found: set[str] = set()
        waiting = [*self.reads[name].models]
        while waiting:
            if (parent := waiting.pop()) not in found:
                found.add(parent)
                waiting += self.reads[parent].models
        return found

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source table that some model reads."""
        return tuple(sorted({source for reads in self.reads.values() for source in reads.sources}))


def build_graph(models: Mapping[str, Model], known: Collection[str] | None = None) -> Graph:
    """The graph of `models`; `known` names the source tables that exist (`source.table`), if it is given.

    The order is total: of models that could come next, the first by name. Raises BadSqlFile: a table that
    is neither a model nor a source, a table that its source does not have, a circle.
    """
    reads = {name: reads_of(model) for name, model in models.items()}
    for name, model in models.items():
        check_reads(model, reads[name], models, known)
    return Graph(models, reads, tuple(_order(models, reads)))


def check_test(graph: Graph, test: SqlTest) -> None:
    """Raise BadSqlFile unless `test` reads only its model and what that is built from.

    Otherwise it could run before a table that it reads, or not run again when that table changes.
    """
    allowed = {test.model, *graph.upstream(test.model)}
    sources = {source for name in allowed for source in graph.reads[name].sources}
    reads = reads_of(test)
    if others := [n for n in (*reads.models, *reads.sources) if n not in allowed and n not in sources]:
        raise BadSqlFile(
            f"{test.file}: reads {others}, which {test.model} is not built from. "
            "Make it a test of a model that is."
        )


def reads_of(file: Model | SqlTest) -> Reads:
    """What a model or a test reads. Raises BadSqlFile for files and table functions that read them."""
    models: set[str] = set()
    sources: set[str] = set()
    for table in _tables(file.query):
        if isinstance(table.this, _SERIES):
            continue
        if not isinstance(table.this, exp.Identifier) or "." in table.name or table.catalog:
            raise BadSqlFile(
                f"{file.file}: reads `{table.sql('duckdb')}`. A model reads models and "
                f"{', '.join(SOURCES)} only, each by its name."
            )
        (sources if table.db else models).add(f"{table.db}.{table.name}" if table.db else table.name)
    return Reads(tuple(sorted(models)), tuple(sorted(sources)))


def check_reads(
    file: Model | SqlTest, reads: Reads, models: Collection[str], known: Collection[str] | None = None
) -> None:
    """Raise BadSqlFile for a table that is neither a model nor in a source."""
    unknown = [name for name in reads.models if name not in models]
    unknown += [name for name in reads.sources if name.split(".")[0] not in SOURCES]
    if known is not None:
        unknown += [name for name in reads.sources if name not in known and name not in unknown]
    if unknown:
        raise BadSqlFile(
            f"{file.file}: unknown tables {unknown}. Expected the name of a model, or a table of "
            f"{', '.join(SOURCES)} written as `source.table`."
        )


def _tables(query: exp.Query) -> Iterator[exp.Table]:
    """The physical tables of a query: what its scopes read that is no subquery and no CTE."""
    for scope in traverse_scope(query.copy()):
        for source in scope.sources.values():
            if isinstance(source, exp.Table):
                yield source


def _order(models: Mapping[str, Model], reads: Mapping[str, Reads]) -> Iterator[str]:
    sorter = TopologicalSorter({name: reads[name].models for name in models})
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        raise BadSqlFile(
            f"{models[circle[0]].file}: models read each other in a circle: {' → '.join(reversed(circle))}."
        ) from None
    ready = sorted(sorter.get_ready())
    while ready:
        yield (name := ready.pop(0))
        sorter.done(name)
        ready = sorted([*ready, *sorter.get_ready()])
