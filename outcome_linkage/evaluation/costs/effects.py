"""What each arm has of an outcome, discounted, from weights of its people: the effects beside costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import duckdb
import numpy as np
import polars as pl

from outcome_linkage.evaluation.answers.people import horizon_of
from outcome_linkage.evaluation.costs.discounting import DAYS_OF_A_YEAR
from outcome_linkage.evaluation.estimates.curves import Times, curve
from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.sample import OBSERVED, PARTLY_COVERED, Floats, Ints, floats
from outcome_linkage.evaluation.spec.outcomes import Outcome

Effects = Callable[[Floats, Ints], Floats]
"""From weights of all people and the places of an arm to its mean at each yearly rate."""
_WHEN = """
-- in which years after day 0 episodes of an outcome began
select e.candidate_id, greatest(0, e.day) // {year} as year, count(*) as n
from out_episode as e
inner join out_item as i on i.item_no = e.item_no and i.item = ?
where e.is_kept and e.is_covered
group by e.candidate_id, greatest(0, e.day) // {year}
order by all
"""


def effects_of(
    connection: duckdb.DuckDBPyConnection, outcome: Outcome, rows: pl.DataFrame, rates: Sequence[float]
) -> Effects:
    """Risk by the horizon of a first event, events or days of a whole window, or a mean; nan for none.

    `rows` are people of `ev_person` with their `candidate_id`. Risks are Aalen-Johansen estimates, counts
    rates times the window, for people who were followed for part of it.
    """
    if f"o_{outcome.id}_t" in rows.columns:
        return _risks(outcome, rows, rates)
    return _means(outcome, rows, _discounted(connection, outcome, rows, rates))


def _risks(outcome: Outcome, rows: pl.DataFrame, rates: Sequence[float]) -> Effects:
    horizon = horizon_of(outcome)
    known = (rows[f"o_{outcome.id}_t"].is_not_null() & rows[f"o_{outcome.id}_d"].is_not_null()).to_numpy()
    day, kind = (_ints(rows[f"o_{outcome.id}_{name}"]) for name in ("t", "d"))
    times = Times(day, kind, np.zeros(len(rows), dtype=np.int64), np.ones(len(rows)))
    factors = _factors(np.arange(horizon + 1) + outcome.window[0] - 1, rates)

    def of(weight: Floats, arm: Ints) -> Floats:
        here = arm[known[arm] & (weight[arm] > 0)]
        if not len(here):
            return np.full(len(rates), np.nan)
        try:
            made = curve(replace(times.part(here), weight=weight[here]), horizon)
        except CannotEstimate:
            return np.full(len(rates), np.nan)
        return np.asarray(np.diff(made.incidence, prepend=0.0) @ factors, dtype=np.float64)

    return of


def _means(outcome: Outcome, rows: pl.DataFrame, values: Floats) -> Effects:
    counted = outcome.kind in ("count", "days")
    status = rows[f"o_{outcome.id}_st"].is_in([OBSERVED, PARTLY_COVERED] if counted else [OBSERVED])
    days = floats(rows[f"o_{outcome.id}_pt"].fill_null(0)) / horizon_of(outcome)
    size = np.where(status & rows[f"o_{outcome.id}"].is_not_null(), days if counted else 1.0, 0.0)

    def of(weight: Floats, arm: Ints) -> Floats:
        here = arm[size[arm] > 0]
        of_all = float((weight * size)[here].sum())
        if of_all <= 0:
            return np.full(values.shape[1], np.nan)
        return np.asarray(weight[here] @ values[here] / of_all, dtype=np.float64)

    return of


def _discounted(
    connection: duckdb.DuckDBPyConnection, outcome: Outcome, rows: pl.DataFrame, rates: Sequence[float]
) -> Floats:
    """Values of people (rows) at each rate; a value is spread over the years in which its episodes began."""
    value = floats(rows[f"o_{outcome.id}"].fill_null(0))
    if outcome.kind == "continuous":
        return np.column_stack([value] * len(rates))
    years = connection.sql(_WHEN.format(year=DAYS_OF_A_YEAR), params=[outcome.id]).pl()
    shares = years.select(
        "candidate_id",
        *(
            ((pl.col("n") / (1 + rate) ** pl.col("year")).sum() / pl.col("n").sum())
            .over("candidate_id")
            .alias(str(number))
            for number, rate in enumerate(rates)
        ),
    ).unique("candidate_id")
    matched = rows.select("candidate_id").join(shares, on="candidate_id", how="left", maintain_order="left")
    return np.column_stack([value * floats(matched[str(n)].fill_null(1.0)) for n in range(len(rates))])


def _factors(days: Ints, rates: Sequence[float]) -> Floats:
    years = np.maximum(0, days) // DAYS_OF_A_YEAR
    return np.column_stack([(1.0 + rate) ** -years.astype(np.float64) for rate in rates])


def _ints(values: pl.Series) -> Ints:
    return np.asarray(values.fill_null(0).cast(pl.Int64).to_numpy(), dtype=np.int64)
