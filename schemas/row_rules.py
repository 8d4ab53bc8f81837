"""Rules that rows of several tables keep: what their columns may not say together."""

from __future__ import annotations

import polars as pl

from schemas.contract import RowRule


def ends_before_it_begins(first: str, last: str) -> RowRule:
    """The last day lies before the first; that both are one day is legal."""
    return RowRule("ends_before_it_begins", last, lambda: pl.col(last) < pl.col(first))


def has_no_date(*days: str) -> RowRule:
    """None of the days is known, so that nothing can be said of when it was; the first is at fault."""
    return RowRule("has_no_date", days[0], lambda: pl.all_horizontal(pl.col(name).is_null() for name in days))
