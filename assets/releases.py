"""The published copy: what researchers query, swapped in when everything in it belongs together.

Only links that are good enough are published, and only marts that meet every critical expectation: while the
gate of either is closed, the last published copy stays.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.expectations import EXPECTATIONS
from assets.failures import RETRY, no_values_in_errors
from assets.in_force import tables_in_use
from assets.models import asset_key
from assets.quality import QUALITY
from assets.resources import SQL, Warehouse, house_models
from outcome_linkage.agreements.copies import note_published
from outcome_linkage.agreements.outputs import delivered_behind, not_permitted
from outcome_linkage.dictionary.published import described, write_beside
from outcome_linkage.dictionary.research import research_tables
from outcome_linkage.evaluation.nightly import NIGHTLY
from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.gate import GateVerdict, gate
from outcome_linkage.release.expectations.gate import Verdict, gate_of_expectations
from outcome_linkage.release.expectations.report import state_of_marts
from outcome_linkage.release.publication import Publication, load_publication
from outcome_linkage.release.publish import INFO, Published, publish
from outcome_linkage.release.query import opened
from schemas.agreements import load_agreements
from schemas.catalogue import CONTRACTS
from schemas.codes import code_lists

PUBLICATION = SQL / "publication.yaml"
KEY = dg.AssetKey(["published", "outcomes"])
GATE = "release_gate"
EXPECTED = "expectations_hold"
OUTPUTS = "permitted_outputs"
WITHHELD = "withheld"


def build_published() -> list[dg.AssetsDefinition]:
    """The asset of the published database, after every table that it lists."""
    publication = load_publication(PUBLICATION)
    behind = made_of(publication)

    @dg.asset(
        key=KEY,
        deps=sorted({QUALITY, EXPECTATIONS, *(table_key(table) for table in publication)}),
        group_name="published",
        owners=["team:analysts"],
        kinds={"duckdb"},
        retry_policy=RETRY,
        description="The database that researchers query: listed columns only, person ids re-keyed.",
        check_specs=[
            dg.AssetCheckSpec("not_empty", asset=KEY, description="There are people in the published copy."),
            dg.AssetCheckSpec(
                GATE,
                asset=KEY,
                description="The links are good enough to publish, or somebody answers for them.",
            ),
            dg.AssetCheckSpec(
                EXPECTED,
                asset=KEY,
                description="The marts meet every critical expectation, or somebody answers for them.",
            ),
            dg.AssetCheckSpec(
                OUTPUTS, asset=KEY, description="Agreements permit every table of the publication list."
            ),
        ],
    )
    def outcomes(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        with no_values_in_errors("published/outcomes"):
            verdict = gate(warehouse.home, warehouse.today)
            state = state_of_marts(warehouse.session().connection)
            expected = gate_of_expectations(warehouse.home, state, warehouse.today)
            in_use = tables_in_use(warehouse.home, warehouse.suppliers)
            withheld = not_permitted(behind, load_agreements(warehouse.home.root), in_use)
        yield _gate_result(verdict)
        yield _expected_result(expected)
        yield _outputs_result(withheld)
        if closed := " ".join(one.words for one in (verdict, expected) if not one.open):
            context.log.warning(closed)
            yield _not_empty(_people(warehouse.home))
            yield dg.MaterializeResult(metadata={WITHHELD: closed, "unchanged": True})
            return
        with no_values_in_errors("published/outcomes"):
            permitted = {table: publication[table] for table in publication if table not in withheld}
            published = publish(warehouse.session().connection, warehouse.home, permitted)
            if described(warehouse.home) != published.fingerprint:
                _describe(warehouse, permitted, published.fingerprint)
            note_published(warehouse.home, warehouse.today, [(s, t) for t, by in in_use.items() for s in by])
        yield _not_empty(published.rows.get("person", 0))
        yield dg.MaterializeResult(metadata=_metadata(published))

    return [outcomes]


def made_of(publication: Publication) -> dict[str, set[str]]:
    """The delivered tables behind each table of the publication list."""
    source = {table.name: table.source for table in NIGHTLY}
    return {table: delivered_behind(house_models(), source.get(table, table)) for table in publication}


def _describe(warehouse: Warehouse, publication: Publication, fingerprint: str) -> None:
    """Write the dictionary of the published copy beside it."""
    connection = warehouse.session().connection
    tables = research_tables(connection, house_models(), publication, CONTRACTS)
    write_beside(warehouse.home, tables, code_lists(), fingerprint)


def _outputs_result(withheld: dict[str, list[str]]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=OUTPUTS,
        passed=not withheld,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"left out of the published copy": dict(withheld)},
    )


def _not_empty(people: int) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name="not_empty",
        passed=people > 0,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"people": people},
    )


def _people(home: Home) -> int:
    """People in the copy that is published now; 0 without one."""
    if not home.published.exists():
        return 0
    with opened(home.published) as reader:
        rows = reader.execute(f"select rows from {INFO} where table_name = 'person'").fetchall()
    return int(rows[0][0]) if rows else 0


def _gate_result(verdict: GateVerdict) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=GATE,
        passed=verdict.open,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "verdict": verdict.words,
            "reasons": list(verdict.reasons),
            "linkage run": verdict.run or 0,
        },
    )


def _expected_result(verdict: Verdict) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=EXPECTED,
        passed=verdict.open,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "verdict": verdict.words,
            "reasons": list(verdict.reasons),
            "report": verdict.number or 0,
        },
    )


def table_key(table: str) -> dg.AssetKey:
    """The asset behind a table of the publication list: a model, or an evaluation's table."""
    return asset_key(table) or dg.AssetKey(table.split("."))


def _metadata(published: Published) -> dict[str, Any]:
    share = published.share_unique
    return {
        "rows by table": published.rows,
        "fingerprint": published.fingerprint[:16],
        "unchanged": published.unchanged,
        "share of people unique on birth year, sex, ethnicity, LA and IMD quintile": share,
    }
