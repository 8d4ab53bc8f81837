"""When things happen: the study window, and which delivery holds which stretch of it.

Days are integers since 1970-01-01 while the region is being invented, and dates only when written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

Days = npt.NDArray[np.int32]
YEAR: Final = 365.25
NEVER: Final = 10_000_000


def day(when: date) -> int:
    """Days from 1970-01-01 to `when`."""
    return (when - date(1970, 1, 1)).days


def day_in_week(days: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """0 for a Monday, 6 for a Sunday; 1970-01-01 was a Thursday."""
    return (days + 3) % 7


def year_of(days: pl.Expr) -> pl.Expr:
    """The collection year of each day: the calendar year in which it ends, on 31 March."""
    date = days.cast(pl.Int32).cast(pl.Date)
    return date.dt.year() + (date.dt.month() > 3).cast(pl.Int32)


WINDOW_START: Final = day(date(2019, 4, 1))
WINDOW_END: Final = day(date(2026, 10, 31))
CHILDREN_BORN_FROM: Final = day(date(2001, 4, 1))
ADULT: Final = 18

LOCAL_AUTHORITIES: Final[Mapping[str, str]] = {
    "bristol": "E06000023",
    "north_somerset": "E06000024",
    "south_gloucestershire": "E06000025",
}
OUTSIDE: Final = "E06000022"
POLICE: Final = "avon_somerset_police"
ICB: Final = "bnssg_icb"
VOLUNTARY: Final = "safe_harbour"


@dataclass(frozen=True)
class DeliveryPlan:
    """One delivery: what a supplier sends in `period`, complete from `start` to `end` (inclusive days)."""

    supplier: str
    period: str
    start: int
    end: int
    collection_year: int | None = None

    @property
    def number(self) -> int:
        """0 for a supplier's first delivery, 1 for its second."""
        return [plan for plan in DELIVERIES if plan.supplier == self.supplier].index(self)


def _return(supplier: str, year: int) -> DeliveryPlan:
    """The statutory returns of collection `year`, handed in the following July."""
    start, end = day(date(year - 1, 4, 1)), day(date(year, 3, 31))
    return DeliveryPlan(supplier, f"{year}-07", start, end, year)


def _monthly(supplier: str) -> tuple[DeliveryPlan, DeliveryPlan]:
    """The history up to September 2026, then October 2026."""
    october = day(date(2026, 10, 1))
    return (
        DeliveryPlan(supplier, "2026-10", WINDOW_START, october - 1),
        DeliveryPlan(supplier, "2026-11", october, WINDOW_END),
    )


DELIVERIES: Final[tuple[DeliveryPlan, ...]] = (
    *(_return(supplier, year) for supplier in LOCAL_AUTHORITIES for year in (2025, 2026)),
    *_monthly(POLICE),
    *_monthly(ICB),
    DeliveryPlan(VOLUNTARY, "2026-11", WINDOW_START, WINDOW_END),
)


def plans(supplier: str) -> tuple[DeliveryPlan, ...]:
    """The deliveries of one supplier, oldest first."""
    return tuple(plan for plan in DELIVERIES if plan.supplier == supplier)
