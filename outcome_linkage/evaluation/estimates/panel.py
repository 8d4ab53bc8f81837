"""Units by periods: the tables that staggered and stepped rollouts are estimated from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate
from outcome_linkage.evaluation.estimates.sample import Floats

NEVER = np.inf


@dataclass(frozen=True)
class Panel:
    """Rows are units, columns periods in order: people seen, and the sum of their values.

    `first` is the place of the first treated period among the columns; infinite for units never treated.
    `dose` is the share of each unit that was reached. Values that are events times something carry that as
    `per`, else None.
    """

    people: Floats
    total: Floats
    first: Floats
    periods: tuple[int, ...]
    dose: Floats | None = None
    per: float | None = None

    @property
    def treated(self) -> Floats:
        """1 from the first treated period on."""
        return (np.arange(len(self.periods)) >= self.first[:, None]).astype(np.float64)

    def events(self, of_a: NDArray[np.bool_]) -> dict[str, int]:
        """Events of these cells, and of others that had not started by then; empty for other values."""
        if self.per is None:
            return {}
        sides = {"events_a": of_a, "events_b": ~of_a & (self.treated == 0)}
        return {name: round(float(self.total[cells].sum()) / self.per) for name, cells in sides.items()}


def unit_column(frame: pl.DataFrame) -> str:
    """The column of the unit of assignment: `cluster_key` where it is given, else the person."""
    given = "cluster_key" in frame.columns and frame["cluster_key"].null_count() < len(frame)
    return "cluster_key" if given else "person_key"


def panel_of(frame: pl.DataFrame, asked: Asked) -> Panel:
    """The panel of an outcome, from `ev_period` with calendar periods.

    `first_treated_period` is 0 or null for units never treated. Raises `CannotEstimate` if a unit has
    several, if there is only one unit, or nothing to compare.
    """
    unit, value = unit_column(frame), f"o_{asked.outcome}"
    rows = frame.filter(pl.col(value).is_not_null() & pl.col(unit).is_not_null())
    starts = rows.group_by(unit).agg(pl.col("first_treated_period").unique()).sort(unit)
    if starts["first_treated_period"].list.len().max() != 1:
        raise CannotEstimate("some units start in more than one period: a unit must start once.")
    if len(starts) < 2:
        raise CannotEstimate("one unit: what is due to it cannot be told apart.")
    periods = tuple(rows["period"].unique().sort().to_list())
    cells = rows.group_by(unit, "period").agg(pl.len().alias("n"), pl.col(value).cast(pl.Float64).sum())
    place = cells.select(pl.col(unit).rank("dense") - 1, pl.col("period").rank("dense") - 1).to_numpy().T
    people, total = (np.zeros((len(starts), len(periods))) for _ in range(2))
    people[place[0].astype(int), place[1].astype(int)] = cells["n"].to_numpy()
    total[place[0].astype(int), place[1].astype(int)] = cells[value].to_numpy()
    began = starts["first_treated_period"].list.first().fill_null(0).to_numpy().astype(np.float64)
    first = np.searchsorted(periods, began).astype(np.float64)
    first[(began == 0) | (began > periods[-1])] = NEVER
    return Panel(people, total, first, periods)
