"""One family of assets for each study: its protocol, the tables of its schema, and its report.

A study with an error against the data is not run and leaves its tables as they were; its family is then
skipped and the rest of the night goes on. What stands in the tables is checked apart from their making.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from assets.evaluation_files import result_of
from assets.failures import RETRY, no_values_in_errors
from assets.models import asset_key
from assets.quality import QUALITY
from assets.resources import HomeFolder, Warehouse
from outcome_linkage.evaluation.at_home import Installation, folder_of, tried, usable
from outcome_linkage.evaluation.engine.inputs import SOURCES, models_of
from outcome_linkage.evaluation.engine.meaning import description_of
from outcome_linkage.evaluation.engine.plan import tables_of
from outcome_linkage.evaluation.engine.run import Finished, code_of, engine_version
from outcome_linkage.evaluation.engine.store import schema_of
from outcome_linkage.evaluation.explain import explain
from outcome_linkage.evaluation.load import Loaded
from outcome_linkage.evaluation.locked import fingerprint
from outcome_linkage.evaluation.report.in_words import in_words
from outcome_linkage.evaluation.report.page import FILE, write_report
from outcome_linkage.evaluation.shown import columns_of, flow_of, profile_at, shown_rows
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.tables_hold import CHECKS, held
from outcome_linkage.files import sha256_of
from outcome_linkage.models.engine import digest

TAG = {"outcome_linkage/family": "evaluation"}
"""What every asset of a family carries, whichever study it belongs to."""
OWNERS = ["team:researchers"]
FLOW = "ev_attrition"
"""The table whose metadata say how many came, were lost and stayed."""


def build_family(loaded: Loaded) -> list[dg.AssetsDefinition]:
    """The assets of a study that is right by itself."""
    return [_protocol(loaded), _tables(loaded), _report(loaded)]


def build_family_checks(loaded: Loaded) -> list[dg.AssetChecksDefinition]:
    """What must hold of the tables of a study, so that it can be looked at without making them."""
    study = usable(loaded)
    checks = {check.name: check for check in CHECKS if check.table in tables_of(study)}

    @dg.multi_asset_check(
        name=f"{schema_of(study)}__checks",
        specs=[
            dg.AssetCheckSpec(one.name, asset=key_of(study, one.table), description=one.description)
            for one in checks.values()
        ],
        can_subset=True,
    )
    def check_tables(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult]:
        for key in sorted(context.selected_asset_check_keys):
            with no_values_in_errors(key.to_user_string()):
                found = held(warehouse.session().connection, study, checks[key.name])
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=found.passed,
                severity=dg.AssetCheckSeverity.WARN if found.warns else dg.AssetCheckSeverity.ERROR,
                metadata={name: _words(fact) for name, fact in found.facts.items()},
            )

    return [check_tables] if checks else []


def key_of(study: Evaluation, table: str) -> dg.AssetKey:
    """The asset of a table of a study."""
    return dg.AssetKey([schema_of(study), table])


def code_version(study: Evaluation) -> str:
    """Changes with what the study says and with the engine that runs it, and with nothing else."""
    return digest(fingerprint(study), engine_version())[:16]


def _protocol(loaded: Loaded) -> dg.AssetsDefinition:
    """The study in plain English, held against the data, and its invented people taken through it."""
    study, key = usable(loaded), key_of(usable(loaded), "protocol")

    @dg.asset(
        key=key,
        deps=_reads(study),
        group_name=schema_of(study),
        owners=OWNERS,
        tags=TAG,
        kinds={"yaml"},
        code_version=code_version(study),
        output_required=False,
        retry_policy=RETRY,
        description=f"{study.title}. The protocol, if the study can be run on the data of this home.",
        check_specs=[
            dg.AssetCheckSpec(
                "can_be_run", asset=key, description="Sources, time, agreements: all is there."
            ),
            dg.AssetCheckSpec(
                "examples", asset=key, description="The invented people of the file come out as it expects."
            ),
        ],
    )
    def protocol(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        with no_values_in_errors(key.to_user_string()):
            bound = warehouse.installation().bound(loaded)
            after = tried(bound)
        yield result_of(key, "can_be_run", bound.problems, usable=bound.usable)
        told = [one for one in after.problems if one not in bound.problems]
        yield result_of(key, "examples", told, usable=not told, people=len(study.examples))
        if after.usable:
            yield dg.MaterializeResult(
                asset_key=key, metadata={"protocol": dg.MetadataValue.md(explain(study)), "unchanged": True}
            )
        else:
            context.log.warning(f"{study.id} is not run: see the checks of its protocol.")

    return protocol


def _tables(loaded: Loaded) -> dg.AssetsDefinition:
    """Every table of the study's schema. They are made together, and not again while nothing changed."""
    study = usable(loaded)
    tables = tables_of(study)

    @dg.multi_asset(
        name=f"{schema_of(study)}__tables",
        specs=[_spec(study, table) for table in tables],
        can_subset=True,
        retry_policy=RETRY,
    )
    def make_tables(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult[None]]:
        with no_values_in_errors(schema_of(study)):
            at = warehouse.installation()
            made = at.run(tried(at.bound(loaded)))
            shown = {table: _metadata(at, study, table, made) for table in tables}
        for table in tables:
            if key_of(study, table) in context.selected_asset_keys:
                yield dg.MaterializeResult(asset_key=key_of(study, table), metadata=shown[table])

    return make_tables


def _spec(study: Evaluation, table: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key_of(study, table),
        deps=[key_of(study, "protocol")],
        group_name=schema_of(study),
        owners=OWNERS,
        tags=TAG,
        kinds={"duckdb", "parquet"},
        code_version=code_version(study),
        description=f"{description_of(table)} Study: {study.title}.",
        skippable=True,
    )


def _report(loaded: Loaded) -> dg.AssetsDefinition:
    """The page of the last run; its answer in words is among the metadata."""
    study, key = usable(loaded), key_of(usable(loaded), "report")

    @dg.asset(
        key=key,
        deps=[key_of(study, table) for table in tables_of(study)],
        group_name=schema_of(study),
        owners=OWNERS,
        tags=TAG,
        kinds={"html"},
        code_version=digest(code_version(study), code_of("report"))[:16],
        retry_policy=RETRY,
        description=f"{study.title}. One page that needs no network, of released figures alone.",
    )
    def report(context: dg.AssetExecutionContext, home_folder: HomeFolder) -> dg.MaterializeResult[None]:
        with no_values_in_errors(key.to_user_string()):
            home = home_folder.home
            folder = folder_of(home, study)
            before = _content(folder / FILE)
            page = write_report(folder, study)
            words = in_words(folder, study)
        return dg.MaterializeResult(
            metadata={
                "answer": dg.MetadataValue.md(words),
                "page": f"{page.relative_to(home.root)} in the home",
                "unchanged": _content(page) == before,
            }
        )

    return report


def _content(page: Path) -> str | None:
    return sha256_of(page) if page.exists() else None


def _reads(study: Evaluation) -> list[dg.AssetKey]:
    """What a study is made from: marts, links, how good these are, and whatever else its inputs read."""
    keys = {asset_key(name) for name in (*models_of(study), *SOURCES)}
    return sorted([QUALITY, *(key for key in keys if key is not None)])


def _metadata(at: Installation, study: Evaluation, table: str, made: Finished) -> dict[str, Any]:
    """What may be shown of a table: its columns, and counts in released form only."""
    name = f"{schema_of(study)}.{table}"
    columns = [
        dg.TableColumn(name=column, type=kind, description=words)
        for column, kind, words in columns_of(at.connection, name)
    ]
    flow = {"flow": dg.MetadataValue.md(flow_of(at.connection, study))} if table == FLOW else {}
    return {
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "rows, as they may be shown": shown_rows(made.rows[table], profile_at(at.connection, study)),
        "run": made.run_id,
        "unchanged": made.unchanged,
        **flow,
    }


def _words(fact: str | int) -> Any:
    """A fact as the UI shows it: a table as one."""
    return dg.MetadataValue.md(fact) if isinstance(fact, str) and "\n" in fact else fact
