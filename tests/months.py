"""Deliveries of many months for tests: so many rows in each month, judged as the pipeline judges them."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from tests.factories import delivery, judged, rows

FIRST = date(2023, 1, 1)


def month(number: int) -> date:
    """The month with this number, 0 being January 2023."""
    return date(FIRST.year + number // 12, 1 + number % 12, 1)


def last_day(number: int) -> date:
    """The last day of that month."""
    first = month(number)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def of_months(table: str, counts: Sequence[int], first: int = 0, **columns: Any) -> pl.DataFrame:
    """A table with so many rows in each month from month `first` on, spread over its days.

    A keyword replaces a column; a function of the number of rows may stand for a list.
    """
    day = CONTRACTS[table].dated_by
    assert day is not None
    days = [
        month(first + at).replace(day=1 + i * last_day(first + at).day // n)
        for at, n in enumerate(counts)
        for i in range(n)
    ]
    made = {name: values(len(days)) if callable(values) else values for name, values in columns.items()}
    dates = {
        name: None if column.nullable else days
        for name, column in CONTRACTS[table].columns.items()
        if column.kind == "date"
    }
    return rows(table, len(days), **{**dates, day: days, **made})


def send(
    home: Home,
    supplier: str,
    tables: Mapping[str, pl.DataFrame],
    months: tuple[int, int],
    folder: Path,
    modes: Mapping[str, str] | None = None,
) -> DeliveryId:
    """Deliver the tables as complete for months `months`, both inclusive, and judge them."""
    covers = month(months[0]), last_day(months[1])
    period = f"{month(months[1] + 1):%Y-%m}"
    return judged(delivery(folder, supplier, period, tables, covers=covers, modes=modes), home)


def by_chance(mean: float, months: int, seed: int) -> list[int]:
    """Rows by month that only chance makes differ."""
    return [int(n) for n in np.random.default_rng(seed).poisson(mean, months)]


def some(share: float, value: Any, other: Any = None, seed: int = 0) -> Any:
    """A column that holds `value` in this share of its rows, and `other` in the rest."""

    def values(n: int) -> list[Any]:
        return [value if chance < share else other for chance in np.random.default_rng(seed).random(n)]

    return values


def faulty(home: Home, folder: Path) -> Home:
    """Three years of three suppliers of which the last month is wrong in many ways."""
    then, now = (0, 33), (34, 34)
    police, board = "avon_somerset_police", "bnssg_icb"
    exclusions = [n for year in range(3) for n in (25, 24, 30, 22, 26, 28, 16, 0, 24, 32, 30, 20)]
    for months, last in ((then, False), (now, True)):
        of = months[1] - months[0] + 1
        first = months[0]

        def usual(
            table: str, mean: float, seed: int, of: int = of, first: int = first, **columns: Any
        ) -> Any:
            return of_months(table, by_chance(mean, of, seed), first, **columns)

        outcome = some(0.9 if last else 0.1, "18", "16", 5)
        tables = {
            "police_incidents": usual("police_incidents", 14 if last else 62, 1),
            "police_crimes": usual("police_crimes", 80, 2, outcome_type=outcome),
            "police_missing_reports": usual("police_missing_reports", 30, 3),
            "police_custody_arrests": usual("police_custody_arrests", 45, 4),
            "police_stop_searches": usual("police_stop_searches", 25, 5),
        }
        send(home, police, tables, months, folder)
        complaint = some(0.45 if last else 0.97, "248062006", seed=6)
        category = some(0.2 if last else 0.004, "9", "1", 7)
        tables = {
            "ecds_attendances": usual(
                "ecds_attendances", 120, 8, chief_complaint=complaint, attendance_category=category
            ),
            "apc_episodes": usual("apc_episodes", 15, 9),
            "mhsds_referrals": usual("mhsds_referrals", 25, 10),
            "mhsds_care_contacts": of_months(
                "mhsds_care_contacts", [0] if last else by_chance(60, of, 11), first
            ),
            "gp_events": usual("gp_events", 50, 12),
            "deaths": usual("deaths", 9, 13),
        }
        send(home, board, tables, months, folder)
        broken = {"start_date": pl.lit("no day")} if last else {}
        help_given = usual("early_help_episodes", 40, 14).with_columns(**broken)
        councils = {
            "school_exclusions": of_months("school_exclusions", exclusions[first : first + of], first),
            "early_help_episodes": help_given,
        }
        send(home, "bristol", councils, months, folder)
    return home
