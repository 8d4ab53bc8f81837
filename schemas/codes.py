"""Year-aware code lists, read from `reference/code_lists.csv`.

A code holds from `first_year` to `last_year`, both inclusive, either of which may be open. A year is
the calendar year in which the collection year ends: the SSDA903 return of 2024/25 is 2025.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

CODE_LISTS = Path(__file__).parents[1] / "reference" / "code_lists.csv"


class Code(NamedTuple):
    """One value of a code list, with the collection years in which it was in use."""

    code: str
    meaning: str
    first_year: int | None
    last_year: int | None
    status: str
    source: str

    def holds_in(self, year: int | None) -> bool:
        """Whether the code was in use in `year`; without a year, whether it ever was."""
        if year is None:
            return True
        return (self.first_year or year) <= year <= (self.last_year or year)


@cache
def code_lists() -> dict[str, tuple[Code, ...]]:
    """Every code list by name, in the order of the file."""
    lists: dict[str, list[Code]] = {}
    with CODE_LISTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = Code(
                row["code"],
                row["meaning"],
                int(row["first_year"]) if row["first_year"] else None,
                int(row["last_year"]) if row["last_year"] else None,
                row["status"],
                row["source"],
            )
            lists.setdefault(row["list"], []).append(code)
    return {name: tuple(codes) for name, codes in lists.items()}


def codes(name: str, year: int | None = None) -> list[str]:
    """The values of list `name` in use in collection `year`, or in any year without one.

    Raises KeyError for a list that does not exist.
    """
    return sorted({code.code for code in code_lists()[name] if code.holds_in(year)})
