"""Files of evaluations: each is checked every night, and a broken one is one failing check; the others load.

What is computed from them is not here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.models import asset_key
from assets.resources import Warehouse
from outcome_linkage.evaluation.bound_checks import MARTS, bind
from outcome_linkage.evaluation.load import Loaded, load_folder
from schemas.agreements import load_agreements

KEY = dg.AssetKey(["evaluation_files"])


def build_evaluation_files(folder: Path) -> dg.AssetsDefinition:
    """The asset of a folder of evaluations, with a check for each file that is there when Dagster loads."""
    names = {path.name: check_name(path) for path in sorted(folder.glob("*.yaml"))}

    @dg.asset(
        key=KEY,
        deps=[key for key in map(asset_key, MARTS) if key],
        group_name="evaluations",
        owners=["team:researchers"],
        kinds={"yaml"},
        retry_policy=RETRY,
        description=(
            "The studies of the folder `evaluations`, held against the data, deliveries and agreements. "
            "A file with an error is not run; the others are."
        ),
        check_specs=[
            dg.AssetCheckSpec(name, asset=KEY, description=f"{file} is a study that can be run.")
            for file, name in names.items()
        ],
    )
    def evaluation_files(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        """Read every file and bind it to the warehouse."""
        with no_values_in_errors("evaluation_files"):
            loaded = [one for one in load_folder(folder) if one.path.name in names]
            agreements = load_agreements(warehouse.home.root)
            connection = warehouse.session().connection
            bound = [bind(one, connection, agreements, warehouse.today) for one in loaded]
        yield from map(_result, bound)
        usable = sum(one.usable for one in bound)
        # read anew every night, for data and agreements may have changed; nothing is made of it
        yield dg.MaterializeResult(
            metadata={"dagster/row_count": len(bound), "usable": usable, "unchanged": True}
        )

    return evaluation_files


def check_name(path: Path) -> str:
    """The name of a file's check: letters, digits and _ only."""
    return re.sub(r"\W", "_", path.stem)


def _result(one: Loaded) -> dg.AssetCheckResult:
    """Whether a file is right, and every problem with its line. A warning alone only warns."""
    lines = "\n".join(map(str, one.problems))
    return dg.AssetCheckResult(
        asset_key=KEY,
        check_name=check_name(one.path),
        passed=not one.problems,
        severity=dg.AssetCheckSeverity.WARN if one.usable else dg.AssetCheckSeverity.ERROR,
        metadata={
            "study": one.study.id if one.study else one.path.stem,
            "problems": dg.MetadataValue.md(f"```\n{lines or 'none'}\n```"),
        },
    )
