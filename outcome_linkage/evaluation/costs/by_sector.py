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
    **dict.fromkeys(("n", "n_users"), pl.Int64),
    **dict.fromkeys(("units", "units_pp"), pl.Float64),
    **dict.fromkeys(("unit", "unit_cost_id"), pl.String),
    "unit_cost_base": pl.Float64,
    **dict.fromkeys(("price_year_from", "index_id", "index_vintage"), pl.String),
    **dict.fromkeys(("factor", "cost_pp", "lo", "hi", "discount_rate"), pl.Float64),
    **dict.fromkeys(("discounted", "blocks_release"), pl.Boolean),
    "reason": pl.String,
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
        status = f"price is {'a PLACEHOLDER' if cost.status == 'placeholder' else cost.status}."
        index = "index is a PLACEHOLDER." if change.blocks_release else None
        reasons = (status if cost.blocks_release else None, index, change.warning)
        rows.append(
            {
                "resource": item.resource,
                "sector": item.sector,
                "unit": cost.unit,
                "unit_cost_id": cost.id,
                "unit_cost_base": cost.base,
                "price_year_from": cost.price_year,
                "index_id": change.index_id,
                "index_vintage": change.vintage,
                "factor": change.factor,
                **{name: getattr(cost, name) * change.factor for name in ("low", "base", "high")},
                "blocks_release": cost.blocks_release or change.blocks_release,
                "reason": " ".join(words for words in reasons if words) or None,
            }
        )
    schema = {"index_id": pl.String, "index_vintage": pl.String, "reason": pl.String}
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


def cost_table(
    people: pl.DataFrame,
    uses: pl.DataFrame,
    prices: Priced,
    rates: Sequence[float],
    known: pl.DataFrame,
    arms: Sequence[str],
) -> pl.DataFrame:
    """`ev_costs`: one row for each of `arms`, item and yearly rate of discounting.

    `people`: person_key, arm, one row each; `known`: person_key, resource, a row for each resource whose use
    could be seen. Means are over those `n` people; `lo` and `hi` are the mean cost at the low and the high
    price. `blocks_release` with its `reason`: the price, or the index, is not verified.
    """
    every = pl.DataFrame({"arm": arms}).join(prices.table, how="cross")
    tables = [_table(people, known, costed(uses, prices, rate), every, rate) for rate in dict.fromkeys(rates)]
    return pl.concat(tables)


def _table(
    people: pl.DataFrame, known: pl.DataFrame, costs: pl.DataFrame, every: pl.DataFrame, rate: float
) -> pl.DataFrame:
    by = ["arm", "resource"]
    could_be_seen = known.join(people.select("person_key", "arm"), on="person_key", how="inner")
    sizes = could_be_seen.group_by(by).agg(pl.len().alias("n"))
    used = (
        could_be_seen.join(costs, on=["person_key", "resource"], how="inner", maintain_order="right")
        .group_by(by, maintain_order=True)
        .agg(
            pl.col("person_key").n_unique().alias("n_users"),
            pl.col("units").sum().cast(pl.Float64),
            pl.col("cost_gbp", "cost_low", "cost_high").sum(),
        )
    )
    per_person = {"units_pp": "units", "cost_pp": "cost_gbp", "lo": "cost_low", "hi": "cost_high"}
    return (
        every.join(sizes, on=by, how="left")
        .join(used, on=by, how="left")
        .with_columns(pl.col("n", "n_users", "units", "cost_gbp", "cost_low", "cost_high").fill_null(0))
        .with_columns(
            **{
                name: pl.when(pl.col("n") > 0).then(pl.col(column) / pl.col("n"))
                for name, column in per_person.items()
            },
            discount_rate=pl.lit(rate),
            discounted=pl.lit(rate > 0),
        )
        .select(pl.col(name).cast(kind) for name, kind in COSTS.items())
        .sort("arm", "sector", "resource")
    )
