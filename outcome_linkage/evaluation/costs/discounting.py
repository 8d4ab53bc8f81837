"""Later costs and effects count less."""

from __future__ import annotations

import polars as pl

DAYS_OF_A_YEAR = 365


def discount_factor(day: pl.Expr, rate: float) -> pl.Expr:
    """`1 / (1 + rate) ** years` with whole years of 365 days after index (HM Treasury, Green Book 2022,
    annex 6).

    1 for days before the first anniversary, those before index among them.
    """
    years = (day.clip(lower_bound=0) // DAYS_OF_A_YEAR).cast(pl.Float64)
    return pl.lit(1.0 + rate).pow(-years)
