"""A study with something changed, made and estimated like the study itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from outcome_linkage.errors import InputRefused
from outcome_linkage.evaluation.answers.estimating import estimates_of
from outcome_linkage.evaluation.engine.plan import make_people, time_steps
from outcome_linkage.evaluation.engine.step import take
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.static_checks.patches import changed


def varied(study: Evaluation) -> dict[str, Evaluation]:
    """The study under each of its changes, by id. Raises InputRefused for one that gives no study."""
    said = study.model_dump(mode="json", by_alias=True, exclude_unset=True)
    found = {one.id: changed(said, one.change) for one in study.sensitivity}
    if broken := [name for name, made in found.items() if not isinstance(made, Evaluation)]:
        raise InputRefused(
            f"{study.id}: the changes {', '.join(broken)} do not give a study. Validate the file."
        )
    return {name: made for name, made in found.items() if isinstance(made, Evaluation)}


def sensitivity_answers(
    connection: duckdb.DuckDBPyConnection,
    study: Evaluation,
    prepare: Callable[[Evaluation], None],
    spec_folder: Path | None = None,
    costs: Callable[[Evaluation, str], list[Estimate]] = lambda study, change: [],
) -> list[Estimate]:
    """The estimates of every change. `prepare` makes the inputs of a study; its working tables are left.

    `costs` gives differences of costs of a study whose people are made, under the id of a change.
    """
    made: list[Estimate] = []
    for name, other in varied(study).items():
        prepare(other)
        if other.index is not None:
            make_people(connection, other, spec_folder)
        take(connection, time_steps(other, spec_folder))
        made += [*estimates_of(connection, other, name), *costs(other, name)]
    return made
