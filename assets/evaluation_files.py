"""Files of evaluations: each is checked every night, and a broken one is one failing check; the others load.

What a study finds in the data is said by its own family of assets.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from outcome_linkage.evaluation.load import Loaded, load_folder
from outcome_linkage.evaluation.problems import Problem

KEY = dg.AssetKey(["evaluation_files"])


def build_evaluation_files(folder: Path) -> dg.AssetsDefinition:
    """The asset of a folder of evaluations, with a check for each file that is there when Dagster loads."""
    names = {path.name: check_name(path) for path in sorted(folder.glob("*.yaml"))}

    @dg.asset(
        key=KEY,
        group_name="evaluations",
        owners=["team:researchers"],
        kinds={"yaml"},
        retry_policy=RETRY,
        description=(
            "The studies of the folder `evaluations`. A file with an error has no assets of its own; "
            "the others are held against the data, and run, by theirs."
        ),
        check_specs=[
            dg.AssetCheckSpec(name, asset=KEY, description=f"{file} is a study that is right by itself.")
            for file, name in names.items()
        ],
    )
    def evaluation_files(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        """Read every file."""
        with no_values_in_errors("evaluation_files"):
            loaded = [one for one in load_folder(folder) if one.path.name in names]
        yield from map(_result, loaded)
        usable = sum(one.usable for one in loaded)
        # read anew every night; nothing is made of it
        yield dg.MaterializeResult(
            metadata={"dagster/row_count": len(loaded), "usable": usable, "unchanged": True}
        )

    return evaluation_files


def check_name(path: Path) -> str:
    """The name of a file's check: letters, digits and _ only."""
    return re.sub(r"\W", "_", path.stem)


def result_of(
    key: dg.AssetKey, name: str, problems: Sequence[Problem], *, usable: bool, **facts: str | int
) -> dg.AssetCheckResult:
    """The check of a file: every problem with its line. A warning alone only warns."""
    lines = "\n".join(map(str, problems))
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=name,
        passed=not problems,
        severity=dg.AssetCheckSeverity.WARN if usable else dg.AssetCheckSeverity.ERROR,
        metadata={"problems": dg.MetadataValue.md(f"```\n{lines or 'none'}\n```"), **facts},
    )


def _result(one: Loaded) -> dg.AssetCheckResult:
    study = one.study.id if one.study else one.path.stem
    return result_of(KEY, check_name(one.path), one.problems, usable=one.usable, study=study)
