"""The collection year of a raw file: the calendar year in which it ends. SSDA903 2023/24 is 2024."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from outcome_linkage.delivery.reading.parts import Part, names_of, refused

_YEAR_OR_SPAN = re.compile(r"(?<!\d)(20\d{2})(?:[-_](?:20)?(\d{2}))?(?!\d)")
_LAST_MONTH = 12


def year_in_name(title: str) -> int | None:
    """The year that a file's name gives, if it can mean only one. `title` is the name without its suffix.

    `2024` is 2024; `2023-24`, `2023_2024` are 2024. `2011-12` may be a month: None.
    """
    years = {_meant(match) for match in _YEAR_OR_SPAN.finditer(title)}
    return years.pop() if len(years) == 1 else None


def collection_year(parts: Sequence[Part], given: int | None) -> int:
    """The year given, else the one that the names of all files agree on.

    Raises RawInputRefused when there is no such year.
    """
    if given is not None:
        return given
    years = {year_in_name(part.title) for part in parts}
    if len(years) == 1 and (year := years.pop()) is not None:
        return year
    raise refused(
        names_of(parts),
        "no_collection_year",
        "one collection year, the same in the name of every file",
        "none, or more than one",
        "Say which with --year (the year in which it ends: 2024 for 2023/24).",
    )


def return_covers(year: int) -> tuple[date, date]:
    """First and last day of the year that a statutory social-care return is about: 1 April to 31 March."""
    return date(year - 1, 4, 1), date(year, 3, 31)


def _meant(match: re.Match[str]) -> int | None:
    first, second = int(match[1]), match[2]
    if second is None:
        return first
    follows = int(second) == (first + 1) % 100
    spelt_out = len(match[0]) > len("2023-24")
    return first + 1 if follows and (spelt_out or int(second) > _LAST_MONTH) else None
