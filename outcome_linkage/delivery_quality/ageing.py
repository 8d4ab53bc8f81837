"""What comes to be known only later, such as the outcome of a crime: a month is judged by months of its age.

A delivery that covers many months fills the newest of them least. How much is usual says what deliveries
before filled in months that were as new to them then.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

import polars as pl

from outcome_linkage.delivery.contract import Contract

Later = Set[tuple[str, str]]
"""Tables and their columns."""
FILLS = 0.05
"""Rise of the share filled in of a month from which a column counts as filled in later; our own rule."""
YOUNG = 12
"""Months within which such a column may still be filled in; our own rule."""
_COLUMN = ("supplier", "table", "item")
_SERIES = (*_COLUMN, "lag")
_JUDGED = ("centre", "low", "high", "state")


def later_days(contracts: Mapping[str, Contract]) -> Later:
    """Days that need not be known yet, of tables that another day dates."""
    return {
        (contract.name, column.name)
        for contract in contracts.values()
        for column in contract.columns.values()
        if contract.dated_by
        and column.kind == "date"
        and column.nullable
        and column.name != contract.dated_by
    }


def filled_by_age(every: pl.DataFrame) -> pl.DataFrame:
    """Shares filled in by month, as each delivery told them, once for each month and age.

    The age stands where other measures have a code, so that each age is a series of its own.
    """
    place = pl.concat_str("period", "number", separator="/")
    lines = every.filter(measure="complete", by="month").with_columns(code=pl.col("age").cast(pl.String))
    return lines.filter(place == place.max().over(*_COLUMN, "at", "age"))


def filled_later(every: pl.DataFrame, later: Later) -> pl.DataFrame:
    """Columns (`supplier`, `table`, `item`) of which a later delivery filled more of a month, and `later`."""
    filled = filled_by_age(every).with_columns(share=pl.col("n") / pl.col("of"))
    told = (
        filled.sort("age").group_by(*_COLUMN, "at").agg(rise=pl.col("share").last() - pl.col("share").first())
    )
    rose = told.filter(pl.col("rise") > FILLS).select(_COLUMN)
    named = pl.DataFrame(sorted(later), schema={"table": pl.String, "item": pl.String}, orient="row")
    listed = filled.join(named, on=("table", "item"), how="semi").select(_COLUMN)
    return pl.concat([rose, listed]).unique()


def at_its_age(
    points: pl.DataFrame, same: pl.DataFrame, placed: pl.DataFrame, late: pl.DataFrame
) -> pl.DataFrame:
    """`points`, with the bounds of `same`, points by age, for the age of each.

    Where too few deliveries tell of that age, a column that fills in later has no bounds while it is young.
    """
    ages = placed.filter(measure="complete", by="month").select(*_SERIES, "age")
    known = same.filter(pl.col("state") != "young").with_columns(age=pl.col("code").cast(pl.Int64))
    joined = (
        points.join(ages, on=_SERIES, how="left", maintain_order="left")
        .join(
            known.select(*_SERIES, "age", *_JUDGED), on=(*_SERIES, "age"), how="left", maintain_order="left"
        )
        .join(late.with_columns(is_late=True), on=_COLUMN, how="left", maintain_order="left")
    )
    has_same = pl.col("state_right").is_not_null()
    open_still = pl.col("is_late").fill_null(False) & (pl.col("age") < YOUNG)
    otherwise = {name: pl.lit("young") if name == "state" else pl.lit(None) for name in _JUDGED}
    return joined.with_columns(
        pl.when(has_same)
        .then(pl.col(f"{name}_right"))
        .when(open_still)
        .then(otherwise[name])
        .otherwise(pl.col(name))
        .alias(name)
        for name in _JUDGED
    ).select(points.columns)
