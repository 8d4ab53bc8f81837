"""Costs and effects as a study compares them (`costs/compare.py`), of people who may die or leave.

What they used and what became of them is put into the working tables that the engine would have made; costs
cost a pound a unit, so that a unit is a pound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import polars as pl

from benchmarks.evaluation import generators as made
from benchmarks.evaluation.by_design import DAY_0, Found, connection, study
from outcome_linkage.evaluation.answers.asking import asked_of
from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.costs.by_sector import Priced
from outcome_linkage.evaluation.costs.compare import compare_costs
from outcome_linkage.evaluation.costs.uses import DAYS_OF_A_PART
from outcome_linkage.evaluation.estimates.estimate import Estimate, Scale, blank
from outcome_linkage.evaluation.estimates.interval import within
from outcome_linkage.evaluation.spec.evaluation import Evaluation

ATTENDED = {"resource": "ecds_attendances", "unit_cost": "nhs.ed_attendance", "sector": "nhs"}
COSTS = {
    "price_year": "2024-25",
    "perspectives": ["societal"],
    "items": [ATTENDED],
    "discount": {"costs": 0.0, "effects": 0.0, "sensitivity": []},
    "thresholds": [10_000.0],
}
POUNDS = Priced(
    pl.DataFrame({"resource": "ecds_attendances", "sector": "nhs", "low": 0.5, "base": 1.0, "high": 2.0}),
    (),
    (),
)
PLAIN = study({"had": "binary"}, costs=COSTS, estimates={"weights": "none"})
WEIGHTED = study({"had": "binary"}, costs=COSTS, estimates={"truncate_weights_at": 1.0})
PARTS = np.append(np.arange(1, made.HORIZON // DAYS_OF_A_PART + 1) * DAYS_OF_A_PART - 1, made.HORIZON)
"""Last days of the parts in which costs are known."""


@dataclass(frozen=True)
class Spenders:
    """People, the day of their death, and by arm what a day costs and on which an outcome comes."""

    x: made.Floats
    death: made.Floats
    daily: made.Floats
    outcome_day: made.Floats


def spenders(random: np.random.Generator, size: int, effect: float) -> Spenders:
    """Costs are higher before death and with a high `x`; the effect lowers costs and risks."""
    x, arms = random.normal(size=size), np.array([[0.0], [1.0]]) * effect
    death = np.ceil(random.exponential(900, size))
    daily = random.gamma(1.0, 10.0, size) * np.exp(0.2 * x) * (1 - 0.3 * arms)
    risk = 0.4 + 0.08 * np.tanh(x) - 0.1 * arms
    has, day = random.random(size) < risk, random.integers(1, made.HORIZON + 1, size)
    return Spenders(x, death, daily * np.where(death < made.HORIZON, 1.5, 1.0), np.where(has, day, np.inf))


@cache
def truth(effect: float, size: int) -> Mapping[str, float]:
    """Costs and outcomes avoided by the horizon, from both outcomes."""
    of = spenders(np.random.default_rng(2_031), size, effect)
    total = (of.daily * np.minimum(of.death, made.HORIZON)).mean(axis=1)
    risk = (of.outcome_day <= of.death).mean(axis=1)
    cost = total[1] - total[0]
    return {"cost mean_diff_gbp": cost, "cea cost": cost, "cea effect": risk[0] - risk[1]}


def compared(random: np.random.Generator, effect: float, of: Evaluation, size: int = 1000) -> Found:
    """What people used in, differences of costs and of costs beside effects out."""
    people = spenders(random, size, effect)
    treated = made.assigned(random, people.x, by_x=of is WEIGHTED)
    arm, place = treated.astype(int), np.arange(size)
    leaves = np.minimum(np.ceil(random.exponential(900, size)), made.HORIZON)
    last, outcome = np.minimum(people.death, leaves), people.outcome_day[arm, place]
    seen = pl.DataFrame(
        {
            "candidate_id": place,
            "person_id": [f"p{n}" for n in place],
            "arm": np.where(treated, made.A, made.B),
            "last_day": last.astype(int),
            "dies": people.death.astype(int),
            "x_x": people.x,
            "o_had_t": np.minimum(outcome, last).astype(int),
            "o_had_d": np.where(outcome <= last, 1, np.where(people.death <= leaves, 2, 0)),
        }
    ).with_columns(trial_no=1, k_total=0.0, index_date=pl.lit(DAY_0).str.to_date())
    _put(seen, people.daily[arm, place])
    return _found(of)


def _put(seen: pl.DataFrame, daily: made.Floats) -> None:
    """The working tables that a comparison of costs reads."""
    day = pl.col("index_date") + pl.duration(days="last_day")
    people = pl.col("candidate_id", "person_id", "trial_no", "arm", "index_date")
    dies = pl.col("index_date") + pl.duration(days="dies")
    begins = np.append(0, PARTS[:-1])
    within_part = np.clip(np.minimum(seen["last_day"].to_numpy()[:, None], PARTS) - begins, 0, None)
    who, part = np.nonzero(within_part)
    pieces = {
        "candidate_id": who,
        "resource": "ecds_attendances",
        "part": part,
        "day": begins[part] + 1,
        "units": within_part[who, part] * daily[who],
    }
    put(connection(), "ev_person", seen.select(pl.col("person_id").alias("person_key"), pl.all()))
    put(connection(), "study_member", seen.select(people, death_date=dies))
    put(connection(), "use_value", seen.select("candidate_id", run_to=day, full_from=day, seen_to=day))
    put(connection(), "use_piece", pl.DataFrame(pieces))


def _found(of: Evaluation) -> Found:
    made_of = compare_costs(connection(), of, POUNDS)
    row = made_of.table.filter(pl.col("price") == "base").row(0, named=True)
    return {
        "cost mean_diff_gbp": made_of.estimates[0],
        "cea cost": _interval(of, row, "d_cost", "mean_diff_gbp"),
        "cea effect": _interval(of, row, "d_effect", "rd"),
    }


def _interval(of: Evaluation, row: Mapping[str, float], name: str, scale: Scale) -> Estimate:
    """A difference in `ev_cea` as an estimate; its error from the normal interval that it has."""
    asked = asked_of(of, of.outcomes[0], made.A, made.B)
    if row[name] is None:
        return blank(asked, "cea", scale)
    lo, hi = row[f"{name}_lo"], row[f"{name}_hi"]
    return within(asked, "cea", scale, row[name], lo, hi, (hi - lo) / 3.919928, None)


plain, weighted = partial(compared, of=PLAIN), partial(compared, of=WEIGHTED)
