"""One asset per SQL model. Order, dependencies and column lineage are read from the SQL.

A model is swapped in only when every test of it passes, so that what stands in the warehouse, and what
an unchanged night keeps, has always passed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.resources import Session, Warehouse, house_models, house_tests
from outcome_linkage.models.engine import Built, PromiseBroken, build, digest
from outcome_linkage.models.graph import Graph
from outcome_linkage.models.lineage import column_lineage, columns_of
from outcome_linkage.models.reads import Reads
from outcome_linkage.models.sql_file import Model, SqlTest

LINKS = dg.AssetKey(["linkage", "links"])


def build_models(without: Collection[str] = ()) -> list[dg.AssetsDefinition]:
    """The assets of every model in `dbt_like_sql/`, `without` those of some."""
    graph, tests = house_models(), house_tests()
    return [
        build_model(graph, graph.models[name], tests[name]) for name in graph.models if name not in without
    ]


def asset_key(table: str) -> dg.AssetKey | None:
    """The asset that makes a table which SQL reads; None for the catalogue and reference files."""
    source, _, name = table.rpartition(".")
    if source == "registry":
        return LINKS
    if source == "validated":
        return dg.AssetKey(["validated", name])
    return None if source else dg.AssetKey(name)


def upstream(reads: Reads) -> list[dg.AssetKey]:
    """The assets that a model depends on.

    Whatever reads a source comes after linkage, because a run fixes the state of all sources at once.
    """
    keys = {asset_key(table) for table in (*reads.models, *reads.sources)}
    return sorted({key for key in keys if key is not None} | ({LINKS} if reads.sources else set()))


def build_model(graph: Graph, model: Model, tests: Sequence[SqlTest]) -> dg.AssetsDefinition:
    """The asset of one model, with its tests as checks."""
    key = dg.AssetKey(model.name)

    @dg.asset(
        key=key,
        deps=upstream(graph.reads[model.name]),
        group_name=model.folder,
        owners=["team:analysts"],
        kinds={"duckdb", "sql"},
        code_version=digest(model.text)[:16],
        retry_policy=RETRY,
        description=f"{model.description}\n\n```sql\n{model.sql}\n```",
        check_specs=[
            dg.AssetCheckSpec(test.name, asset=key, blocking=True, description=test.description)
            for test in tests
        ],
    )
    def model_asset(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        with no_values_in_errors(model.name):
            session = warehouse.session()
            try:
                built = build(session.connection, model, session.sources, context.run_id, tests)
            except PromiseBroken as broken:
                yield from verdicts(broken.failing, "the table was left as it was")
                raise
            if not built.unchanged:
                warehouse.make_judge_ready()
            note = "unchanged since it passed" if built.unchanged else "swapped in"
            yield from verdicts({test.name: 0 for test in tests}, note)
            yield dg.MaterializeResult(metadata=metadata_of(built, model, session))

    return model_asset


def column_schema(model: Model, types: Mapping[str, str]) -> dg.TableSchema:
    """The model's header as the UI shows a table's columns; `types` are those of DuckDB."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=types[column.name].lower(),
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=not column.not_null),
            )
            for column in model.columns.values()
        ]
    )


def metadata_of(built: Built, model: Model, session: Session) -> dict[str, Any]:
    """Rows, columns, fingerprint, and where each column comes from."""
    session.columns[model.name] = columns_of(session.connection, model.name)
    lineage = column_lineage(model, session.columns)
    deps = {column: column_deps(origins) for column, origins in lineage.items()}
    return {
        "dagster/row_count": built.rows,
        "dagster/column_schema": column_schema(model, session.columns[model.name]),
        "dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps),
        "fingerprint": built.fingerprint[:16],
        "unchanged": built.unchanged,
        "seconds": round(built.seconds, 3),
    }


def column_deps(origins: Iterable[tuple[str, str]]) -> list[dg.TableColumnDep]:
    """The columns of assets that a column is made of, each once: linkage is one asset of several tables."""
    named = {(key, name) for table, name in origins if (key := asset_key(table)) is not None}
    return [dg.TableColumnDep(asset_key=key, column_name=name) for key, name in sorted(named)]


def verdicts(failing: Mapping[str, int], note: str) -> Iterator[dg.AssetCheckResult]:
    """The checks of a model, from the rows that fail each test."""
    for name, rows in failing.items():
        yield dg.AssetCheckResult(
            check_name=name, passed=rows == 0, metadata={"failing rows": rows, "table": note}
        )
