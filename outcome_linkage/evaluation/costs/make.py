"""Costs and consequences of a study: what is added to its tables, and the tables of its own."""

from __future__ import annotations

import duckdb
import polars as pl

from outcome_linkage.evaluation.answers.frames import get, put
from outcome_linkage.evaluation.answers.people import arms_of
from outcome_linkage.evaluation.costs.by_sector import Priced, cost_table, priced
from outcome_linkage.evaluation.costs.compare import compare_costs
from outcome_linkage.evaluation.costs.consequences import consequences
from outcome_linkage.evaluation.costs.person_costs import (
    put_period_costs,
    put_person_costs,
    put_uses,
    sectors_of,
)
from outcome_linkage.evaluation.costs.prices import PriceList
from outcome_linkage.evaluation.costs.uses import use_steps
from outcome_linkage.evaluation.engine.step import take
from outcome_linkage.evaluation.engine.timeline import has_periods
from outcome_linkage.evaluation.estimates.estimate import Estimate
from outcome_linkage.evaluation.spec.costs import Costs
from outcome_linkage.evaluation.spec.evaluation import Evaluation

_KNOWN = (
    "select candidate_id as person_key, item as resource from use_value where value is not null order by all"
)
_ARMS = "select candidate_id as person_key, arm from study_member order by all"


def make_costs(connection: duckdb.DuckDBPyConnection, study: Evaluation, prices: PriceList) -> list[Estimate]:
    """Add costs to `ev_person`, `ev_period` and `ev_event`; make `ev_costs`, `ev_consequences`, `ev_cea`.

    The working tables of the study are there; nothing is done for a study without costs. Returns differences
    of costs, which belong in `ev_estimates`. Raises
    `PriceListRefused` for an unknown unit cost or a year without an index.
    """
    if study.costs is None or study.index is None:
        return []
    periods = has_periods(study)
    found = _put_people(connection, study, study.costs, prices, periods)
    put_uses(connection)
    if periods:
        put_period_costs(connection, study, found)
    put(connection, "ev_costs", _cost_table(connection, study, found))
    put(connection, "ev_consequences", _consequences(connection, study))
    compared = compare_costs(connection, study, found)
    put(connection, "ev_cea", compared.table)
    return compared.estimates


def cost_differences(
    connection: duckdb.DuckDBPyConnection, prices: PriceList, study: Evaluation, sensitivity_id: str
) -> list[Estimate]:
    """Differences of costs of a study with something changed, whose people are made; none without costs."""
    if study.costs is None or study.index is None:
        return []
    found = _put_people(connection, study, study.costs, prices, periods=False)
    return compare_costs(connection, study, found, sensitivity_id).estimates


def _put_people(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, costs: Costs, prices: PriceList, periods: bool
) -> Priced:
    """What people used, and its cost in `ev_person`."""
    found = priced(costs.items, prices, costs.price_year)
    take(connection, use_steps(study, periods))
    put_person_costs(connection, study, found)
    return found


def _cost_table(connection: duckdb.DuckDBPyConnection, study: Evaluation, prices: Priced) -> pl.DataFrame:
    assert study.costs is not None
    discount = study.costs.discount
    uses = get(connection, "use_piece").select(
        pl.col("candidate_id").alias("person_key"), "resource", "day", "units"
    )
    rates = (discount.costs, 0.0, *sorted(discount.sensitivity))
    people, known = connection.sql(_ARMS).pl(), connection.sql(_KNOWN).pl()
    return cost_table(people, uses, prices, rates, known, arms_of(study))


def _consequences(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> pl.DataFrame:
    columns = [f"o_{outcome.id}" for outcome in study.outcomes]
    columns += [f"k_{sector}" for sector in (*sectors_of(study), "total")]
    people = connection.sql(f"select arm, {', '.join(columns)} from ev_person order by all").pl()
    return consequences(people, columns)
