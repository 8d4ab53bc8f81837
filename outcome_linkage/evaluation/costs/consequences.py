"""`ev_consequences`: costs and outcomes of each arm side by side, in natural units, without a summary."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

CONSEQUENCES: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("arm", "outcome"), pl.String),
    **dict.fromkeys(("n", "n_known"), pl.Int64),
    **dict.fromkeys(("total", "per_person"), pl.Float64),
}
"""Columns and types of `ev_consequences`, without those that every table has."""


def consequences(people: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """One row for each arm and column of `ev_person`: `o_<id>` or `k_<sector>`.

    `n` people, of whom `n_known` have a value; its sum, and its mean over those. Null where nobody has one.
    """
    return (
        people.select("arm", *(pl.col(column).cast(pl.Float64) for column in columns))
        .unpivot(index="arm", variable_name="outcome", value_name="value")
        .group_by("arm", "outcome")
        .agg(
            pl.len().alias("n"),
            pl.col("value").count().alias("n_known"),
            pl.when(pl.col("value").count() > 0).then(pl.col("value").sum()).alias("total"),
            pl.col("value").mean().alias("per_person"),
        )
        .select(pl.col(name).cast(kind) for name, kind in CONSEQUENCES.items())
        .sort("outcome", "arm")
    )
