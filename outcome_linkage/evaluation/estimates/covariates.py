"""Covariates as numbers: what propensity, censoring and balance are computed from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.sample import Floats, Ints, floats


def terms(rows: pl.DataFrame, covariates: Sequence[str]) -> dict[str, Floats]:
    """Columns of numbers by name: `x_<id>` or any other column of the frame.

    Text and booleans become an indicator for each value but the commonest; numbers are standardised. A
    missing value is a level of its own, or the mean with an indicator beside it. Constant columns are left
    out.
    """
    found: dict[str, Floats] = {}
    for name in covariates:
        column = rows[name]
        made = _number(column) if column.dtype.is_numeric() else _levels(column)
        found.update({f"{name}{level}": values for level, values in made if np.any(values != values[:1])})
    return found


def matrix(rows: pl.DataFrame, covariates: Sequence[str]) -> Floats:
    """The terms and a constant, without those that others add up to."""
    columns = [np.ones(len(rows))]
    for values in terms(rows, covariates).values():
        others = np.column_stack(columns)
        left = values - others @ np.linalg.lstsq(others, values, rcond=None)[0]
        if (left**2).mean() > 1e-9 * max(float((values**2).mean()), 1e-12):
            columns.append(values)
    return np.column_stack(columns)


def kinds(rows: pl.DataFrame, covariates: Sequence[str]) -> tuple[Floats, Ints]:
    """The matrix of people who differ, one row for each kind, and the kind of each row.

    A regression on kinds, each as often as it occurs, is the regression on people; it costs little where
    covariates are groups and whole numbers.
    """
    if not covariates:
        return np.ones((1, 1)), np.zeros(len(rows), dtype=np.int64)
    people = rows.select(covariates)
    found = people.unique(maintain_order=True)
    numbered = found.with_row_index("_kind")
    place = people.join(numbered, on=list(covariates), how="left", nulls_equal=True, maintain_order="left")
    return matrix(found, covariates), place["_kind"].to_numpy().astype(np.int64)


def _number(column: pl.Series) -> Iterator[tuple[str, Floats]]:
    known = floats(column.drop_nulls())
    middle = float(known.mean()) if len(known) else 0.0
    values = floats(column.cast(pl.Float64).fill_null(middle))
    spread = float(values.std())
    yield "", (values - middle) / (spread if spread > 0 else 1.0)
    if column.null_count():
        yield "=missing", column.is_null().to_numpy().astype(np.float64)


def _levels(column: pl.Series) -> Iterator[tuple[str, Floats]]:
    text = column.cast(pl.String).fill_null("missing").alias("level")
    counts = text.value_counts(name="n").sort(["n", "level"], descending=[True, False])
    for level in counts["level"].to_list()[1:]:
        yield f"={level}", (text == level).to_numpy().astype(np.float64)
