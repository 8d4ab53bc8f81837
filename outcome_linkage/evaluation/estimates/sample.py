"""The people of two arms as arrays: who counts, what was seen, and who belongs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OBSERVED, PARTLY_COVERED = 0, 3
FEW = 40
"""Fewer clusters than this are dealt with by permutation or the wild bootstrap (evaluation.md, B5)."""
SAME = ("cluster_key", "match_set", "person_key")
"""What makes rows alike, the widest first: the unit of assignment, the matched set, the person."""


@dataclass(frozen=True)
class Sample:
    """Rows of two arms. `treated` is 1 in arm a; `cluster` numbers those that belong together from 0.

    `frame` holds the rows themselves in the same order; `pdays` is person-days at risk, 1 where not given.
    """

    value: Floats
    treated: Floats
    weight: Floats
    pdays: Floats
    cluster: Ints
    clustered_by: str | None
    frame: pl.DataFrame

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return int(self.cluster.max()) + 1 if len(self.cluster) else 0

    @property
    def few(self) -> bool:
        """Whether there are too few clusters for large-sample errors."""
        return self.clustered_by == "cluster_key" and self.clusters < FEW

    @property
    def weighted(self) -> bool:
        """Whether some rows count more than others."""
        return bool(len(self.weight)) and not bool(np.all(self.weight == self.weight[0]))

    def counts(self, with_events: bool = True, with_days: bool = False) -> dict[str, Any]:
        """Rows, events and person-days by arm, unweighted."""
        found: dict[str, Any] = {}
        for arm, here in (("a", self.treated == 1), ("b", self.treated == 0)):
            found[f"n_{arm}"] = int(here.sum())
            if with_events:
                found[f"events_{arm}"] = int(self.value[here].sum())
            if with_days:
                found[f"pdays_{arm}"] = int(self.pdays[here].sum())
        return found


def sample(frame: pl.DataFrame, asked: Asked, *, person_time: bool = False, partly: bool = False) -> Sample:
    """The rows of both arms with a value.

    `frame` has the columns of `ev_person`. Values of status 3 count only with `partly`, for rates and
    counts. With `person_time`, rows without days at risk are left out. Raises `CannotEstimate` if an arm is
    empty, or if follow-up is incomplete and `partly` is not set: those in whom something was seen would
    stay, the others go.
    """
    value, status, days = (f"o_{asked.outcome}{ending}" for ending in ("", "_st", "_pt"))
    rows = in_arms(frame, asked)
    if status in rows.columns:
        if not partly and (n := rows.filter(pl.col(status) == PARTLY_COVERED).height):
            raise CannotEstimate(
                f"{n} people were followed for part of the window only; a share of the others would be "
                "too high. Use the cumulative incidence."
            )
        allowed = [OBSERVED, PARTLY_COVERED] if partly else [OBSERVED]
        rows = rows.filter(pl.col(status).is_in(allowed))
    rows = rows.filter(pl.col(value).is_not_null())
    if person_time:
        rows = rows.filter(pl.col(days) > 0)
    return of_rows(rows, asked, rows[value], rows[days] if person_time else None)


def in_arms(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """The rows of both arms, without clones that left theirs: those that stayed stand for them."""
    rows, weight = frame.filter(pl.col("arm").is_in([asked.a, asked.b])), f"o_{asked.outcome}_w"
    if weight not in rows.columns:
        return rows
    if len(rows.filter(pl.col(weight).is_null() & (pl.col(f"o_{asked.outcome}_pt") > 0))):
        raise CannotEstimate(
            "covariates tell almost completely who keeps to an arm: nobody stands for others."
        )
    return rows.filter(pl.col(weight) > 0)


def of_rows(rows: pl.DataFrame, asked: Asked, value: pl.Series, pdays: pl.Series | None = None) -> Sample:
    """The sample of these rows. Raises `CannotEstimate` if an arm is empty."""
    treated = (rows["arm"] == asked.a).to_numpy().astype(np.float64)
    for arm, n in ((asked.a, treated.sum()), (asked.b, len(treated) - treated.sum())):
        if n == 0:
            raise CannotEstimate(f"arm `{arm}` has nobody with a value.")
    cluster, by = clusters_of(rows)
    if by is not None and int(cluster.max()) == 0:
        raise CannotEstimate(
            "all people belong to one cluster or matched set: what is due to it cannot be told apart."
        )
    ones = np.ones(len(rows))
    days = ones if pdays is None else floats(pdays)
    return Sample(floats(value), treated, own_weights(rows, asked.outcome), days, cluster, by, rows)


def own_weights(rows: pl.DataFrame, outcome: str | None = None) -> Floats:
    """What each row counts from matching and, for clones, from the others' leaving their arm; else 1.

    Of an outcome clones have a weight of its own, as its time may end before that of the person.
    """
    found, own = np.ones(len(rows)), f"o_{outcome}_w"
    for name in ("match_weight", own if own in rows.columns else "assignment_weight"):
        if name in rows.columns:
            found = found * floats(rows[name].fill_null(1))
    return found


def clusters_of(rows: pl.DataFrame) -> tuple[Ints, str | None]:
    """A number for each row, equal for rows that belong together, and the column that says so (None: no row
    does).
    """
    for name in SAME:
        if name in rows.columns and rows[name].null_count() == 0 and rows[name].n_unique() < len(rows):
            return rows[name].rank("dense").to_numpy().astype(np.int64) - 1, name
    return np.arange(len(rows), dtype=np.int64), None


def floats(values: pl.Series) -> Floats:
    """A column as numbers."""
    return np.asarray(values.cast(pl.Float64).to_numpy(), dtype=np.float64)


def summed(values: Floats, by: Ints) -> Floats:
    """Sums by cluster."""
    found: Any = np.bincount(by, weights=values)
    return np.asarray(found, dtype=np.float64)
