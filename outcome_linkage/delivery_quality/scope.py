"""What a delivered table speaks for: the months that it covers as a whole, or else itself.

A month of an event belongs to the last delivery that covers it. A table whose rows have no day, or that
does not say what it covers, is compared with the deliveries before it: yearly ones by their collection
year, so that a return that was sent again stands in for the first one.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.manifest import DeliveredTable, DeliveryId

MOST_MONTHS = 120
"""Months further back than this many are not measured."""
By = Literal["month", "delivery"]


@dataclass(frozen=True)
class Scope:
    """`day` is the column that dates a row, None where the table is measured as a whole.

    `months` are the first days of the months covered, `delivered` the month of the delivery, `until` the
    last day that is covered, and `days` how many are (0: not said). `name` is the return or period of the
    delivery.
    """

    delivered: date
    until: date
    days: int
    name: str
    day: str | None = None
    months: tuple[date, ...] = ()

    @property
    def by(self) -> By:
        """What a figure of the table is for."""
        return "month" if self.day else "delivery"


def scope_of(delivery: DeliveryId, table: DeliveredTable, contract: Contract) -> Scope:
    """What one table of a delivery speaks for."""
    delivered = date.fromisoformat(f"{delivery.period}-01")
    is_yearly = table.mode == "period" and table.collection_year is not None
    name = str(table.collection_year) if is_yearly else delivery.period
    if table.covers_from is None or table.covers_to is None:
        return Scope(delivered, month_end(delivered), 0, name)
    days = (table.covers_to - table.covers_from).days + 1
    months = _whole_months(table.covers_from, table.covers_to)
    if contract.dated_by is None or not months:
        return Scope(delivered, table.covers_to, days, name)
    return Scope(delivered, table.covers_to, days, name, contract.dated_by, months)


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _whole_months(first: date, last: date) -> tuple[date, ...]:
    """The months that lie within two days, both inclusive, oldest first."""
    found: list[date] = []
    month = last.replace(day=1) if last == month_end(last) else _before(last)
    while month >= first and len(found) < MOST_MONTHS:
        found.append(month)
        month = _before(month)
    return tuple(reversed(found))


def _before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
