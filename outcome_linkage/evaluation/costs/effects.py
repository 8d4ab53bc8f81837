"""What one arm has more of an outcome than the other, discounted, from weights of people."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import polars as pl

from outcome_linkage.evaluation.answers.people import horizon_of
from outcome_linkage.evaluation.costs.discounting import DAYS_OF_A_YEAR
from outcome_linkage.evaluation.costs.effectiveness import Difference
from outcome_linkage.evaluation.estimates.curves import Grouped, Times
from outcome_linkage.evaluation.estimates.sample import OBSERVED, PARTLY_COVERED, Floats, Ints, floats
from outcome_linkage.evaluation.spec.outcomes import Outcome

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
    connection: duckdb.DuckDBPyConnection,
    outcome: Outcome,
    rows: pl.DataFrame,
    treated: Floats,
    rates: Sequence[float],
) -> Difference:
    """By yearly rate: risk by the horizon of a first event, events or days of a window, or a mean; or nan.

    `rows` are people of `ev_person` with their `candidate_id`, `treated` 1 in arm a. Risks are Aalen-Johansen
    estimates, counts rates times the window, for people who were followed for part of it.
    """
    if f"o_{outcome.id}_t" in rows.columns:
        return _risks(outcome, rows, treated, rates)
    return _means(outcome, rows, treated, _discounted(connection, outcome, rows, rates))


def _risks(outcome: Outcome, rows: pl.DataFrame, treated: Floats, rates: Sequence[float]) -> Difference:
    horizon = horizon_of(outcome)
    day, kind = (rows[f"o_{outcome.id}_{name}"] for name in ("t", "d"))
    late = f"o_{outcome.id}_e"
    entry = rows[late] if late in rows.columns else pl.zeros(len(rows), eager=True)
    known = np.flatnonzero((day.is_not_null() & kind.is_not_null()).to_numpy())
    times = Times(_ints(day), _ints(kind), _ints(entry), np.ones(len(rows))).part(known)
    arms = Grouped(times, (1 - treated[known]).astype(np.int64), 2, horizon)
    factors = _factors(np.arange(horizon + 1) + outcome.window[0] - 1, rates)

    def of(weight: Floats) -> Floats:
        made = arms.curves(weight[known])
        if not made.followed.all():
            return np.full(len(rates), np.nan)
        by_arm = np.diff(made.incidence, prepend=0.0, axis=1) @ factors
        return np.asarray(by_arm[0] - by_arm[1], dtype=np.float64)

    return of


def _means(outcome: Outcome, rows: pl.DataFrame, treated: Floats, values: Floats) -> Difference:
    counted = outcome.kind in ("count", "days")
    status = rows[f"o_{outcome.id}_st"].is_in([OBSERVED, PARTLY_COVERED] if counted else [OBSERVED])
    days = floats(rows[f"o_{outcome.id}_pt"].fill_null(0)) / horizon_of(outcome)
    size = np.where(status & rows[f"o_{outcome.id}"].is_not_null(), days if counted else 1.0, 0.0)
    return difference_of_means(treated, values, size)


def difference_of_means(treated: Floats, values: Floats, size: Floats) -> Difference:
    """Of values (rows; columns are kinds of them), each person's over what there was of them to be seen."""
    arms = [np.flatnonzero((treated == arm) & (size > 0)) for arm in (1, 0)]

    def of(weight: Floats) -> Floats:
        of_all = [float((weight * size)[arm].sum()) for arm in arms]
        if min(of_all) <= 0:
            return np.full(values.shape[1], np.nan)
        a, b = (weight[arm] @ values[arm] / total for arm, total in zip(arms, of_all, strict=True))
        return np.asarray(a - b, dtype=np.float64)

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
