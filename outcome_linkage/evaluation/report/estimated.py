"""Estimates as they may be shown, in words.

Plain risks, differences and ratios of independent people are made again from released counts. What comes from
a model (weighted, clustered, adjusted for censoring) is exempt in the rules of HES; it is given to two or
three figures, and not at all where few had the outcome in an arm or few people are behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.estimate import RATIOS, SCHEMA, Asked, Estimate
from outcome_linkage.evaluation.estimates.risk import risks
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.shown import counts, fixed, shares, significant
from outcome_linkage.evaluation.words import name as plain
from outcome_linkage.linkage_quality.released import Shown

MAIN, ALL = "main", "all"
HIDDEN = "hidden: "
LEAST_FREEDOM = 10
"""Residual degrees of freedom below which no model is shown (SACRO, NHS profile)."""
_SHARES, _AMOUNTS = ("binary", "time_to_event"), ("days", "continuous")
_FROM_COUNTS = ("risk_newcombe", "risk_score")
SCALES = {
    "rd": "difference in risk",
    "rr": "ratio of risks",
    "irr": "ratio of rates",
    "rmst_diff": "difference in days without it",
    "mean_diff": "difference in means",
    "mean_diff_gbp": "difference in cost, GBP",
}


@dataclass(frozen=True)
class Told:
    """One estimate as it may be shown: `row` holds no figure where `why_not` says why."""

    row: Estimate
    a: Shown
    b: Shown
    why_not: str = ""

    @property
    def is_weighted(self) -> bool:
        """Whether the arms were made alike first."""
        return "weighted" in self.row.method or "ipt" in self.row.method

    @property
    def is_main(self) -> bool:
        """Whether it is of everybody and of the study as it stands."""
        return self.row.subgroup == ALL and self.row.sensitivity_id == MAIN

    @property
    def is_hidden(self) -> bool:
        """Whether it is hidden until outcomes may be shown by arm."""
        return self.row.est is None and (self.row.reason or "").startswith(HIDDEN)

    @property
    def people(self) -> tuple[str, str]:
        """How many had it of how many in each arm, or what is known of that."""
        sides = ((self.row.n_a, self.a), (self.row.n_b, self.b))
        return (
            "" if sides[0][0] is None else sides[0][1].counts,
            "" if sides[1][0] is None else sides[1][1].counts,
        )

    @property
    def figure(self) -> str:
        """The estimate; empty without one."""
        return "" if self.why_not else _figure(self.row.scale, self.row.est)

    @property
    def interval(self) -> str:
        """Such as `-8.0 to 0.6`, with a true minus."""
        if self.why_not or self.row.lo is None or self.row.hi is None:
            return ""
        return f"{_figure(self.row.scale, self.row.lo)} to {_figure(self.row.scale, self.row.hi)}"

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves out no effect."""
        row = self.row
        none = 1.0 if row.scale in RATIOS else 0.0
        return not self.why_not and row.lo is not None and row.hi is not None and not row.lo <= none <= row.hi


def _figure(scale: str, value: float | None) -> str:
    if value is None:
        return ""
    if scale == "rd":
        return fixed(100 * value, 1, plus=True)
    if scale in RATIOS:
        return fixed(value, 2)
    return significant(value, 2 if scale == "mean_diff_gbp" else 3, plus=True)


UNITS = {"rd": " percentage points", "rmst_diff": " days", "mean_diff_gbp": " GBP"}


def told(run: Gathered) -> list[Told]:
    """Every estimate of a run, as it may be shown, in its order."""
    table = run.table("ev_estimates")
    if not table.height:
        return []
    rows = [Estimate(**row) for row in table.select(list(SCHEMA)).iter_rows(named=True)]
    return [_told(row, run) for row in rows]


def _told(row: Estimate, run: Gathered) -> Told:
    a, b = _arms(row, run)
    why_not = _why_not(row, run)
    if not why_not and row.method in _FROM_COUNTS:
        row, why_not = _again(row, a, b, run.study.estimates.confidence)
    if why_not:
        row = replace(row, est=None, lo=None, hi=None, se=None, p=None, e_value=None)
    return Told(row, a, b, why_not)


def _arms(row: Estimate, run: Gathered) -> tuple[Shown, Shown]:
    """What is known of each arm: people with the outcome of all; events, or people, of what is no share."""
    kinds = {one.id: one.kind for one in run.study.outcomes}
    if row.events_a is None or row.events_b is None or kinds.get(row.outcome) in _AMOUNTS:
        a, b = counts((row.n_a, row.n_b), run.profile)
    elif kinds.get(row.outcome) in _SHARES and _is_part(row):
        a, b = shares(((row.events_a, row.n_a), (row.events_b, row.n_b)), run.profile)
    else:
        a, b = counts((row.events_a, row.events_b), run.profile)
    return a, b


def _is_part(row: Estimate) -> bool:
    """Whether those with the outcome are some of the people; in a design within people they need not be."""
    return (row.events_a or 0) <= (row.n_a or 0) and (row.events_b or 0) <= (row.n_b or 0)


def _why_not(row: Estimate, run: Gathered) -> str:
    few = range(run.profile.hide_from, run.profile.hide_to + 1)
    if row.est is None:
        return row.reason or "not estimated"
    if any(n is not None and n in few for n in (row.n_a, row.n_b, row.events_a, row.events_b)):
        return f"not shown: {run.profile.few} people or events in an arm"
    if row.n_a is not None and row.n_b is not None and row.n_a + row.n_b - 2 < LEAST_FREEDOM:
        return "not shown: too few people for a model"
    return ""


def _again(row: Estimate, a: Shown, b: Shown, confidence: float) -> tuple[Estimate, str]:
    """The same from released counts, by the same estimator."""
    if a.n is None or b.n is None or not a.of or not b.of:
        return row, "not shown: few are with or without the outcome in an arm"
    made = _risks(a.n, a.of, b.n, b.of, confidence)[row.scale]
    why_not = (made.reason or "") if made.est is None else ""
    return replace(row, est=made.est, lo=made.lo, hi=made.hi, se=made.se, p=made.p), why_not


@lru_cache(maxsize=1024)
def _risks(n_a: int, of_a: int, n_b: int, of_b: int, confidence: float) -> dict[str, Estimate]:
    """Difference and ratio of the risks of so many people, by scale."""
    size = of_a + of_b
    value = np.concatenate([np.arange(of_a) < n_a, np.arange(of_b) < n_b]).astype(np.int64)
    people = pl.DataFrame({"person_key": np.arange(size), "o_it": value}).with_columns(
        pl.when(pl.col("person_key") < of_a).then(pl.lit("a")).otherwise(pl.lit("b")).alias("arm"),
        pl.lit(0).alias("o_it_st"),
        cluster_key=pl.col("person_key"),
    )
    return {one.scale: one for one in risks(people, Asked("it", "a", "b", confidence=confidence))}


METHODS = {
    "risk_newcombe": "as observed",
    "risk_score": "as observed",
    "risk_cluster_robust": "as observed, errors by cluster",
    "risk_robust_poisson": "as observed, errors by cluster",
    "rate_robust_poisson": "as observed",
    "aalen_johansen": "as observed",
    "aalen_johansen_rmst": "as observed",
    "aalen_johansen_censoring_weights": "as observed, weighted for who left",
    "aalen_johansen_censoring_weights_rmst": "as observed, weighted for who left",
    "mean_robust": "as observed",
    "wild_cluster_bootstrap": "as observed, errors by few clusters",
    "did_group_time": "against units that had not started yet",
    "did_group_time_randomisation_inference": "against units that had not started yet",
    "sccs_conditional_poisson": "within each person",
    "time_varying_robust_poisson": "by the days spent in each arm",
    "none": "no estimate",
}


def method_words(method: str) -> str:
    """How an estimate was made."""
    if method in METHODS:
        return METHODS[method]
    if method.startswith(("ipt_weighted", "weighted")):
        rest = method.removeprefix("ipt_weighted").removeprefix("weighted").strip("_")
        rest = rest.removesuffix("att").removesuffix("ate").removeprefix("aalen_johansen").strip("_")
        return f"weighted to be alike{f' ({plain(rest)})' if rest else ''}"
    return plain(method)


def best(rows: list[Told], outcome: str, scales: tuple[str, ...]) -> Told | None:
    """The estimate of an outcome that answers best: weighted before plain, scales in their order."""
    found = [one for one in rows if one.row.outcome == outcome and one.is_main and not one.why_not]
    ranked = [one for scale in scales for one in _weighted_first(found) if one.row.scale == scale]
    return ranked[0] if ranked else None


def _weighted_first(rows: list[Told]) -> Iterator[Told]:
    yield from sorted(rows, key=lambda one: not one.is_weighted)


def confidence_of(run: Gathered) -> str:
    """How sure an interval is, such as `95%`."""
    return f"{run.study.estimates.confidence:.0%}"


def as_cells(one: Told) -> dict[str, Any]:
    """The figures of an estimate for a picture."""
    row = one.row
    return {"est": round(row.est or 0, 2), "lo": round(row.lo or 0, 2), "hi": round(row.hi or 0, 2)}
