"""Costs and effects of the arms of a study, compared in the same draws: `ev_cea`, and costs as estimates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import duckdb
import numpy as np
import polars as pl

from outcome_linkage.evaluation.answers.asking import MAIN, asked_of
from outcome_linkage.evaluation.answers.people import arms_of, people
from outcome_linkage.evaluation.answers.weighing import weighting_of
from outcome_linkage.evaluation.costs.by_sector import Priced
from outcome_linkage.evaluation.costs.censored import METHOD
from outcome_linkage.evaluation.costs.effectiveness import CEA, Draws, draws_of
from outcome_linkage.evaluation.costs.effects import effects_of
from outcome_linkage.evaluation.costs.spending import (
    Scenario,
    columns_of,
    known_days,
    perspectives,
    scenarios,
    spending,
)
from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, refused
from outcome_linkage.evaluation.estimates.interval import wald
from outcome_linkage.evaluation.estimates.resampling import Weighting
from outcome_linkage.evaluation.estimates.sample import Floats, of_rows
from outcome_linkage.evaluation.spec.cohort import CloneCensorWeight, TimeVarying
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Outcome

NOTHING_PAID = "the study pays for nothing of this sector."
COHORTS = ("cohort", "matched_cohort")
"""Designs whose arms are compared from day 0 to a horizon, which is what a difference of costs is of."""


class Compared(NamedTuple):
    """`ev_cea`, and differences of costs by perspective as rows of `ev_estimates`."""

    table: pl.DataFrame
    estimates: list[Estimate]


def compare_costs(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, prices: Priced, sensitivity_id: str = MAIN
) -> Compared:
    """The first arm against each other, for every outcome that is no negative control.

    Costs of people who were not followed to the end are weighted partitions; the weights that make arms
    alike are those of the estimates, fitted again in each draw.
    """
    rows: list[dict[str, Any]] = []
    estimates: list[Estimate] = []
    first, *others = arms_of(study)
    for other in others:
        asked = [asked_of(study, outcome, first, other, sensitivity_id) for outcome in _outcomes(study)]
        about = asked[0] if asked else None
        if about is None:
            continue
        try:
            drawn = _draws(connection, study, prices, about)
        except CannotEstimate as why:
            rows += [_unknown(one, name, str(why)) for one in asked for name in perspectives(study)]
            estimates += [_refused(about, name, why) for name in perspectives(study)]
            continue
        method = _method(weighting_of(study))
        for outcome, one in zip(_outcomes(study), asked, strict=True):
            rows += _rows(study, outcome, one, drawn, method)
        estimates += _estimates(study, about, drawn, method)
    return Compared(pl.DataFrame(rows, schema=CEA), estimates)


def _outcomes(study: Evaluation) -> list[Outcome]:
    return [outcome for outcome in study.outcomes if outcome.role != "negative_control"]


def _draws(connection: duckdb.DuckDBPyConnection, study: Evaluation, prices: Priced, asked: Asked) -> Draws:
    if study.design.type not in COHORTS or isinstance(study.assignment, CloneCensorWeight | TimeVarying):
        raise CannotEstimate("costs are compared between arms that are fixed on day 0; see ev_costs.")
    keys = ["person_key", "trial_no", "arm"]
    known = known_days(connection, study)
    rows = people(connection, study).join(known, on=keys, how="inner", maintain_order="left")
    rows = rows.filter(pl.col("arm").is_in([asked.a, asked.b]) & pl.col("k_total").is_not_null())
    group = of_rows(rows, asked, rows["k_total"])
    spent = spending(connection, study, prices, rows)
    rates = [one.effects for one in scenarios(study)]
    effects = {one.id: effects_of(connection, one, rows, group.treated, rates) for one in _outcomes(study)}
    arms = [np.flatnonzero(group.treated == arm) for arm in (1, 0)]
    cells = [spent.of_arm(arm) for arm in arms]

    def costs(weight: Floats) -> Floats:
        return cells[0].means(weight[arms[0]]) - cells[1].means(weight[arms[1]])

    return draws_of(group, asked, weighting_of(study), costs, effects)


def _rows(
    study: Evaluation, outcome: Outcome, asked: Asked, drawn: Draws, method: str
) -> Iterator[dict[str, Any]]:
    assert study.costs is not None
    thresholds, lower = study.costs.thresholds, outcome.direction != "higher_is_better"
    of_scenario = {one: number for number, one in enumerate(scenarios(study))}
    for column, (perspective, scenario) in enumerate(columns_of(study)):
        if not perspectives(study)[perspective]:
            yield _unknown(asked, perspective, NOTHING_PAID, scenario)
            continue
        place = of_scenario[scenario]
        common = {**_about(asked, perspective, scenario), "method": method}
        common |= drawn.people.counts(with_events=False)
        try:
            found = drawn.worth(outcome.id, thresholds, lower_is_better=lower, cost=column, effect=place)
        except CannotEstimate as why:
            yield {**common, "reason": str(why)}
            continue
        hidden = {} if study.costs.icer else {"icer": None}
        yield from ({**common, **row, **hidden} for row in found)


def _about(asked: Asked, perspective: str, scenario: Scenario | None) -> dict[str, Any]:
    about = {"contrast": asked.contrast, "perspective": perspective, "outcome": asked.outcome}
    if scenario is None:
        return about
    rates = {"discount_costs": scenario.costs, "discount_effects": scenario.effects}
    return {**about, "price": scenario.price, **rates}


def _unknown(asked: Asked, perspective: str, why: str, scenario: Scenario | None = None) -> dict[str, Any]:
    return {**_about(asked, perspective, scenario), "reason": why}


def _method(weighting: Weighting | None) -> str:
    return METHOD if weighting is None else f"ipt_weighted_{METHOD}"


def _question(asked: Asked, perspective: str) -> Asked:
    return replace(asked, outcome=f"k_{perspective}", role="cost")


def _refused(asked: Asked, perspective: str, why: CannotEstimate | str) -> Estimate:
    return refused(_question(asked, perspective), METHOD, "mean_diff_gbp", why)


def _estimates(study: Evaluation, asked: Asked, drawn: Draws, method: str) -> Iterator[Estimate]:
    """Of each perspective, at the study's prices and rates: the first scenario."""
    point, draws = drawn.costs
    counts = drawn.people.counts(with_events=False)
    main = scenarios(study)[0]
    for column, (perspective, scenario) in enumerate(columns_of(study)):
        if scenario != main:
            continue
        if not perspectives(study)[perspective]:
            yield _refused(asked, perspective, NOTHING_PAID)
            continue
        error = float(draws[:, column].std(ddof=1))
        one = wald(_question(asked, perspective), method, "mean_diff_gbp", float(point[column]), error)
        yield replace(one, **counts)
