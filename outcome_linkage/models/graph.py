"""What each model reads, and the order in which to build them. Both are read from the SQL, never typed.

A table named plainly (`person`) is a model. A table named with a source (`validated.cin_referrals`) comes
from outside the models; `sources` says what each holds. Columns are traced in `lineage`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from outcome_linkage.models.header import BadSqlFile
from outcome_linkage.models.reads import SOURCES, Reads
from outcome_linkage.models.sql_file import Model, SqlTest


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

    def sources_behind(self, name: str) -> set[str]:
        """Every source table that `name` is made of, through however many models between."""
        models = (name, *self.upstream(name))
        return {source for model in models for source in self.reads[model].sources}

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source table that some model reads."""
        return tuple(sorted({source for reads in self.reads.values() for source in reads.sources}))


def build_graph(models: Mapping[str, Model], known: Collection[str] | None = None) -> Graph:
    """The graph of `models`; `known` names the source tables that exist (`source.table`), if it is given.

    The order is total: of models that could come next, the first by name. Raises BadSqlFile: a table that
    is neither a model nor a source, a table that its source does not have, a circle.
    """
    reads = {name: model.reads for name, model in models.items()}
    for name, model in models.items():
        check_reads(model, reads[name], models, known)
    return Graph(models, reads, tuple(_order(models, reads)))


def check_test(graph: Graph, test: SqlTest) -> None:
    """Raise BadSqlFile unless `test` reads only its model and what that is built from.

    Otherwise it could run before a table that it reads, or not run again when that table changes.
    """
    allowed = {test.model, *graph.upstream(test.model)}
    sources = graph.sources_behind(test.model)
    reads = test.reads
    if others := [n for n in (*reads.models, *reads.sources) if n not in allowed and n not in sources]:
        raise BadSqlFile(
            f"{test.file}: reads {others}, which {test.model} is not built from. "
            "Make it a test of a model that is."
        )


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
