"""The published copy: what researchers query, swapped in when everything in it belongs together."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.models import asset_key
from assets.resources import SQL, Warehouse
from outcome_linkage.release.publication import load_publication
from outcome_linkage.release.publish import Published, publish

PUBLICATION = SQL / "publication.yaml"
KEY = dg.AssetKey(["published", "outcomes"])


def build_published() -> list[dg.AssetsDefinition]:
    """The asset of the published database, after every table that it lists."""
    publication = load_publication(PUBLICATION)

    @dg.asset(
        key=KEY,
        deps=sorted(table_key(table) for table in publication),
        group_name="published",
        owners=["team:analysts"],
        kinds={"duckdb"},
        retry_policy=RETRY,
        description="The database that researchers query: listed columns only, person ids re-keyed.",
        check_specs=[
            dg.AssetCheckSpec("not_empty", asset=KEY, description="There are people in the published copy.")
        ],
    )
    def outcomes(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        with no_values_in_errors("published/outcomes"):
            published = publish(warehouse.session().connection, warehouse.home, publication)
        people = published.rows.get("person", 0)
        yield dg.AssetCheckResult(
            check_name="not_empty",
            passed=people > 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"people": people},
        )
        yield dg.MaterializeResult(metadata=_metadata(published))

    return [outcomes]


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
