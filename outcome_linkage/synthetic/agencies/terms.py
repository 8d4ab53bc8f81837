"""The terms of a school year, and the census of each. Dates are the same in every year, near those in use."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from outcome_linkage.synthetic.window import day

FIRST_YEAR, LAST_YEAR = 2019, 2026  # school years by the year in which they end
# Term: months and days of its start, end and census, the year before the school year ends or that year.
_TERMS: Final = (
    ("AUT", -1, (9, 2), (12, 20), (10, 6), 142),
    ("SPR", 0, (1, 5), (3, 31), (1, 19), 112),
    ("SUM", 0, (4, 17), (7, 21), (5, 18), 124),
)


def terms() -> pl.DataFrame:
    """Every term: year, term, start, end, census (days), possible (half-days)."""
    return pl.DataFrame(
        [
            {
                "year": year,
                "term": term,
                "start": day(date(year + shift, *start)),
                "end": day(date(year + shift, *end)),
                "census": day(date(year + shift, *census)),
                "possible": possible,
            }
            for year in range(FIRST_YEAR, LAST_YEAR + 1)
            for term, shift, start, end, census, possible in _TERMS
        ]
    )
