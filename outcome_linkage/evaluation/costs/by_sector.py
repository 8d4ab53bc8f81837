"""What each person's use of services costs, by sector; and `ev_costs`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from outcome_linkage.evaluation.costs.discounting import discount_factor
from outcome_linkage.evaluation.costs.prices import PriceList, PriceListRefused
from outcome_linkage.evaluation.costs.uprating import uprating
from outcome_linkage.evaluation.spec.costs import Item

COSTS: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("arm", "sector", "resource"), pl.String),
    "n_users": pl.Int64,
    **dict.fromkeys(("units", "units_pp"), pl.Float64),
    "unit_cost_id": pl.String,
    "unit_cost_base": pl.Float64,
    **dict.fromkeys(("price_year_from", "index_id", "index_vintage"), pl.String),
    **dict.fromkeys(("factor", "cost_pp", "lo", "hi"), pl.Float64),
    "discounted": pl.Boolean,
}
"""Columns and types of `ev_costs`, without those that every table has."""


@dataclass(frozen=True)
class Priced:
    """Items with their prices in the study's year, what to beware of, and what blocks a release."""

    table: pl.DataFrame
    warnings: tuple[str, ...]
    blocking: tuple[str, ...]


def priced(items: Sequence[Item], prices: PriceList, price_year: str) -> Priced:
    """The items of a study. Raises `PriceListRefused` for an unknown unit cost or a year without an index."""
    rows, warnings, blocking = [], [], list(prices.blocking(_known(items, prices)))
    for item in items:
        cost = prices.costs[item.unit_cost]
        change = uprating(prices, item.sector, cost.price_year, price_year)
        if change.warning:
            warnings.append(f"{item.unit_cost}: {change.warning}")
        if change.blocks_release and change.index_id:
            blocking.append(change.index_id)
        rows.append(
            {
                "resource": item.resource,
                "sector": item.sector,
                "unit_cost_id": cost.id,
                "unit_cost_base": cost.base,
                "price_year_from": cost.price_year,
                "index_id": change.index_id,
                "index_vintage": change.vintage,
                "factor": change.factor,
                **{name: getattr(cost, name) * change.factor for name in ("low", "base", "high")},
            }
        )
    schema = {"index_id": pl.String, "index_vintage": pl.String}
    return Priced(
        pl.DataFrame(rows, schema_overrides=schema), tuple(warnings), tuple(dict.fromkeys(blocking))
    )


def _known(items: Sequence[Item], prices: PriceList) -> list[str]:
    missing = [item.unit_cost for item in items if item.unit_cost not in prices.costs]
    if missing:
        raise PriceListRefused(f"there is no unit cost {', '.join(missing)} in unit_costs.csv.")
    return [item.unit_cost for item in items]


def costed(uses: pl.DataFrame, prices: Priced, rate: float) -> pl.DataFrame:
    """Each use with `cost_gbp`, `cost_low`, `cost_high` discounted, and `cost_undiscounted`.

    `uses`: person_key, resource, day from index, units; other columns stay. Rows of resources that are not
    paid for are left out.
    """
    prices_only = prices.table.select("resource", "sector", "unit_cost_id", "low", "base", "high")
    factor = discount_factor(pl.col("day"), rate)
    return uses.join(prices_only, on="resource", how="inner", maintain_order="left").select(
        *uses.columns,
        "sector",
        "unit_cost_id",
        (pl.col("units") * pl.col("base") * factor).alias("cost_gbp"),
        (pl.col("units") * pl.col("low") * factor).alias("cost_low"),
        (pl.col("units") * pl.col("high") * factor).alias("cost_high"),
        (pl.col("units") * pl.col("base")).alias("cost_undiscounted"),
    )


def by_person(
    costs: pl.DataFrame, sectors: Sequence[str], keys: Sequence[str] = ("person_key",)
) -> pl.DataFrame:
    """`k_<sector>`, `k_total` and the same undiscounted with `_u`; one row for each person with any cost.

    With `("person_key", "period")` as keys, the columns of `ev_period`. Who has no row costs 0 if covered:
    the caller knows.
    """
    sums = [
        pl.col(column).filter(pl.col("sector") == sector).sum().alias(f"k_{sector}{ending}")
        for column, ending in (("cost_gbp", ""), ("cost_undiscounted", "_u"))
        for sector in sectors
    ]
    totals = [
        pl.sum_horizontal(f"k_{sector}{ending}" for sector in sectors).alias(f"k_total{ending}")
        for ending in ("", "_u")
    ]
    return costs.group_by(keys).agg(sums).with_columns(totals).sort(keys)


def cost_table(people: pl.DataFrame, uses: pl.DataFrame, prices: Priced, rate: float) -> pl.DataFrame:
    """`ev_costs`: one row for each arm and item, discounted and not.

    `people`: person_key, arm, one row each. `lo` and `hi` are the mean cost at the low and the high price.
    """
    tables = [_table(people, costed(uses, prices, yearly), prices, yearly > 0) for yearly in (rate, 0.0)]
    return pl.concat(tables if rate > 0 else tables[:1])


def _table(people: pl.DataFrame, costs: pl.DataFrame, prices: Priced, discounted: bool) -> pl.DataFrame:
    sizes = people.group_by("arm").agg(pl.len().alias("people"))
    used = (
        costs.join(people.select("person_key", "arm"), on="person_key", how="inner")
        .group_by("arm", "resource")
        .agg(
            pl.col("person_key").n_unique().alias("n_users"),
            pl.col("units").sum().cast(pl.Float64),
            pl.col("cost_gbp", "cost_low", "cost_high").sum(),
        )
    )
    per_person = {"units_pp": "units", "cost_pp": "cost_gbp", "lo": "cost_low", "hi": "cost_high"}
    return (
        sizes.join(prices.table, how="cross")
        .join(used, on=["arm", "resource"], how="left")
        .with_columns(pl.col("n_users", "units", "cost_gbp", "cost_low", "cost_high").fill_null(0))
        .with_columns(
            **{name: pl.col(column) / pl.col("people") for name, column in per_person.items()},
            discounted=pl.lit(discounted),
        )
        .select(pl.col(name).cast(kind) for name, kind in COSTS.items())
        .sort("arm", "sector", "resource")
    )
