"""What people of a study spent by part of the window, from each point of view and at each price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import duckdb
import numpy as np
import polars as pl

from outcome_linkage.evaluation.costs.by_sector import Priced
from outcome_linkage.evaluation.costs.censored import Cells, known_cells
from outcome_linkage.evaluation.costs.discounting import discount_factor
from outcome_linkage.evaluation.costs.person_costs import sectors_of
from outcome_linkage.evaluation.costs.uses import DAYS_OF_A_PART, cost_window
from outcome_linkage.evaluation.estimates.curves import Times
from outcome_linkage.evaluation.estimates.sample import Floats, Ints, floats
from outcome_linkage.evaluation.spec.evaluation import Evaluation


class Scenario(NamedTuple):
    """Which prices are taken, and the yearly rates at which later costs and effects count less."""

    price: Literal["base", "low", "high"]
    costs: float
    effects: float


def scenarios(study: Evaluation) -> list[Scenario]:
    """As the study has it; at low and high prices; at its other rates."""
    assert study.costs is not None
    discount = study.costs.discount
    rates = (discount.costs, discount.effects)
    prices = [Scenario("base", *rates), Scenario("low", *rates), Scenario("high", *rates)]
    return list(dict.fromkeys([*prices, *(Scenario("base", rate, rate) for rate in discount.sensitivity)]))


def perspectives(study: Evaluation) -> Mapping[str, Sequence[str]]:
    """The sectors whose costs are added up from each point of view."""
    assert study.costs is not None
    sectors = sectors_of(study)
    return {
        name: sectors if name == "societal" else [one for one in sectors if one == name]
        for name in study.costs.perspectives
    }


def columns_of(study: Evaluation) -> list[tuple[str, Scenario]]:
    """Every point of view in every scenario: the columns in which costs are told."""
    return [(name, one) for name in perspectives(study) for one in scenarios(study)]


_KNOWN = """
-- days from the first of the window on which all uses of a person could be seen, and whether death ended them
select m.person_id as person_key, m.trial_no, m.arm, m.candidate_id,
    greatest(0, min(least(coalesce(v.run_to, v.full_from - 1), v.seen_to)) - (m.index_date + {first}) + 1)
        as known_days,
    coalesce(min(least(coalesce(v.run_to, v.full_from - 1), v.seen_to)) >= m.death_date, false) as has_died
from study_member as m
inner join use_value as v on v.candidate_id = m.candidate_id
group by m.person_id, m.trial_no, m.arm, m.candidate_id, m.index_date, m.death_date
order by all
"""
_SPENT = "select candidate_id, resource, part, day, units from use_piece order by all"


def known_days(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> pl.DataFrame:
    """For how long the uses of each person are known: person_key, trial_no, arm, candidate_id, known_days,
    has_died.
    """
    return connection.sql(_KNOWN.format(first=cost_window(study)[0])).pl()


@dataclass(frozen=True)
class Spending:
    """Costs of people in parts of the window, as cells that are not 0; columns as `columns_of` has them."""

    person: Ints
    part: Ints
    costs: Floats
    ends: Ints
    times: Times

    def of_arm(self, arm: Ints) -> Cells:
        """What is known of the people of an arm, given by their places."""
        place = np.full(len(self.times.day), -1)
        place[arm] = np.arange(len(arm))
        here = place[self.person] >= 0
        person = place[self.person[here]]
        return known_cells(self.times.part(arm), self.ends, person, self.part[here], self.costs[here])


def spending(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, prices: Priced, rows: pl.DataFrame
) -> Spending:
    """What the people of `rows` spent: `candidate_id`, `known_days` and `has_died`, one row each."""
    first, last = cost_window(study)
    lowest = max(0, first) // DAYS_OF_A_PART
    spent = (
        connection.sql(_SPENT)
        .pl()
        .join(prices.table.select("resource", "sector", "low", "base", "high"), on="resource", how="inner")
        .join(rows.select("candidate_id").with_row_index("person"), on="candidate_id", how="inner")
    )
    names = columns_of(study)
    sectors = perspectives(study)
    columns = [
        pl.when(pl.col("sector").is_in(sectors[name]))
        .then(pl.col("units") * pl.col(one.price) * discount_factor(pl.col("day"), one.costs))
        .otherwise(0.0)
        .alias(str(number))
        for number, (name, one) in enumerate(names)
    ]
    cells = (
        spent.sort("person", "part", "resource", "day", "units")
        .select("person", "part", *columns)
        .group_by("person", "part", maintain_order=True)
        .sum()
    )
    highest = max(0, last) // DAYS_OF_A_PART
    ends = np.minimum(DAYS_OF_A_PART * (np.arange(lowest, highest + 1) + 1) - 1, last) - first + 1
    size = len(rows)
    times = Times(
        np.minimum(_ints(rows["known_days"]), int(ends[-1])),
        _ints(rows["has_died"]),
        np.zeros(size, dtype=np.int64),
        np.ones(size),
    )
    return Spending(
        _ints(cells["person"]),
        _ints(cells["part"]) - lowest,
        np.column_stack([floats(cells[str(number)]) for number in range(len(names))]),
        ends.astype(np.int64),
        times,
    )


def _ints(values: pl.Series) -> Ints:
    return np.asarray(values.cast(pl.Int64).to_numpy(), dtype=np.int64)
