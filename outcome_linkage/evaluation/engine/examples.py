"""The invented people of a study, taken through it: what came out against what was expected (EV160)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from outcome_linkage.evaluation.engine.given import from_given
from outcome_linkage.evaluation.engine.plan import make_people
from outcome_linkage.evaluation.engine.values import STATUSES
from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.static_checks.names import ENDINGS
from outcome_linkage.warehouse import connect

OTHER_NAMES = {"followup_days": "fu_days"}


def disappointed(study: Evaluation) -> Iterator[Fault]:
    """EV160: each expectation of an example that the study does not meet."""
    if not study.examples or study.index is None:
        return
    with connect() as connection:
        people = {f"example {n}": example.given for n, example in enumerate(study.examples)}
        from_given(connection, study, people)
        make_people(connection, alone(study))
        for n, example in enumerate(study.examples):
            results = result_of(connection, f"example {n}")
            for name, expected in example.expect.items():
                got = expected_as(study, name, results)
                if got != expected:
                    path = ("examples", n, "expect", name)
                    yield fault("EV160", path, name=name, expected=_word(expected), got=_word(got))


def alone(study: Evaluation) -> Evaluation:
    """The study without matching: an invented person has nobody to be matched to."""
    return study.model_copy(update={"match": None})


def result_of(connection: duckdb.DuckDBPyConnection, person_id: str) -> dict[str, Any]:
    """What the tables say of one person's first trial: columns of `ev_person`, and whether they are in it."""
    cohort = connection.sql(
        "select first_failed, is_eligible as included, arm from study_cohort where person_id = $id "
        "order by trial_no limit 1",
        params={"id": person_id},
    ).pl()
    person = connection.sql(
        "select * from ev_person where person_key = $id order by trial_no limit 1", params={"id": person_id}
    ).pl()
    found = {"included": False, **(cohort.to_dicts() or [{}])[0], **(person.to_dicts() or [{}])[0]}
    return {**found, "included": bool(person.height)}


def expected_as(study: Evaluation, name: str, results: dict[str, Any]) -> Any:
    """The value under the name that an expectation uses: an outcome by its id and ending, a status in
    words."""
    stems = {name.removesuffix(ending) for ending in ENDINGS}
    of_outcome = not stems.isdisjoint(outcome.id for outcome in study.outcomes)
    of_covariate = not stems.isdisjoint(covariate.id for covariate in study.covariates)
    prefix = "o_" if of_outcome else "x_" if of_covariate else ""
    column = prefix + OTHER_NAMES.get(name, name)
    found = results.get(column)
    return STATUSES.get(found) if name.endswith("_st") and isinstance(found, int) else found


def _word(found: Any) -> str:
    return "nothing" if found is None else str(found).lower() if isinstance(found, bool) else str(found)
