"""Estimates made again from released counts, or moved to what these give."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import isclose

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.e_value import e_value
from outcome_linkage.evaluation.estimates.estimate import RATIOS, Asked, Estimate
from outcome_linkage.evaluation.estimates.risk import risks
from outcome_linkage.linkage_quality.released import Shown
from outcome_linkage.release.profiles import Profile

_Side = tuple[int | None, int | None, int | None]


def why_few(profile: Profile) -> str:
    """Why an estimate is not shown: one remark for all, so that it does not tell nobody from few."""
    return f"not shown: 0 to {profile.hide_to} people or events in a part of an arm"


def from_counts(
    row: Estimate, a: Shown, b: Shown, confidence: float, profile: Profile
) -> tuple[Estimate, str]:
    """The same from released counts, by the same estimator; or why not."""
    if a.n is None or b.n is None or not a.of or not b.of:
        return row, why_few(profile)
    made = _risks(a.n, a.of, b.n, b.of, confidence)[row.scale]
    why_not = why_few(profile) if made.est is None else ""
    row = replace(row, est=made.est, lo=made.lo, hi=made.hi, se=made.se, p=made.p)
    return _with_e_value(row), why_not


def is_plain(row: Estimate) -> bool:
    """Whether an estimate is what the counts of its row give, whatever its errors."""
    a, b = (row.events_a, row.n_a, row.pdays_a), (row.events_b, row.n_b, row.pdays_b)
    counted = _of_counts(row.scale, a, b)
    return counted is not None and row.est is not None and isclose(row.est, counted, abs_tol=1e-6)


def moved(row: Estimate, a: Shown, b: Shown, profile: Profile) -> tuple[Estimate, str]:
    """The same of released counts, with its interval moved as far; person-days are as they were."""
    made = _of_counts(row.scale, (a.n, a.of, row.pdays_a), (b.n, b.of, row.pdays_b))
    if made is None or row.est is None or row.lo is None or row.hi is None:
        return row, why_few(profile)
    if row.scale in RATIOS:
        by = made / row.est if row.est else 1.0
        return _with_e_value(replace(row, est=made, lo=row.lo * by, hi=row.hi * by)), ""
    by = made - row.est
    return replace(row, est=made, lo=row.lo + by, hi=row.hi + by), ""


def _with_e_value(row: Estimate) -> Estimate:
    """The same, with the E-value of its new figure where it is a ratio."""
    return replace(row, e_value=e_value(row.est) if row.scale in RATIOS and row.est is not None else None)


def _of_counts(scale: str, a: _Side, b: _Side) -> float | None:
    """A difference or ratio of risks, or a ratio of rates, of (events, people, person-days) on each side."""
    over = {"rd": 1, "rr": 1, "irr": 2}.get(scale)
    if over is None or a[0] is None or b[0] is None or not a[over] or not b[over]:
        return None
    first, second = a[0] / (a[over] or 1), b[0] / (b[over] or 1)
    if scale == "rd":
        return first - second
    return first / second if second else None


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
