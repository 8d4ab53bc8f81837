"""Which term a school census is of: as its own `schoolcensus` table says, else the names of its files.

A word such as `summer` counts only where it stands alone: `summerhalfterm2sessiondetailsonroll` is no term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from outcome_linkage.delivery.reading.parts import Part, names_of, refused

_TERM = re.compile(r"(?<![a-z])(aut|spr|sum)(?:umn|ing|mer)?(?![a-z])", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?:[-_](?:20)?(\d{2}))?(?!\d)")


@dataclass(frozen=True)
class Term:
    """A census: `code` is AUT, SPR or SUM; `year` is that in which its school year ends."""

    code: str
    year: int


def term_of(parts: Sequence[Part], census: pl.DataFrame | None, year: int | None) -> Term:
    """The one term of all files. `census` has the text columns term and year of the `schoolcensus` table,
    `year` is the school year if it was given.

    Raises RawInputRefused where there is no term or more than one, or no year.
    """
    said = _in_table(census) or {_in_name(part.title) for part in parts}
    codes = {code for code, _ in said if code}
    years = {year} if year else {ends for _, ends in said if ends}
    if len(codes) == 1 and len(years) == 1:
        return Term(codes.pop(), years.pop())
    raise refused(
        names_of(parts),
        "no_term",
        "one term (autumn, spring or summer) and year, in the schoolcensus file or the name of every file",
        f"{len(codes)} terms and {len(years)} years",
        "Encode one term at a time; name files such as 2025_spring_pupilonroll.csv, or give --year.",
    )


def _in_table(census: pl.DataFrame | None) -> set[tuple[str | None, int | None]]:
    if census is None or not {"term", "year"} <= set(census.columns):
        return set()
    rows = census.select("term", "year").drop_nulls().unique().rows()
    return {_meant(f"{year} {term}") for term, year in rows}


def _in_name(title: str) -> tuple[str | None, int | None]:
    return _meant(title)


def _meant(text: str) -> tuple[str | None, int | None]:
    """Term and school year of a text: the year alone is that of the census, `2024-25` the school year."""
    terms = {match[1].upper() for match in _TERM.finditer(text)}
    code = terms.pop() if len(terms) == 1 else None
    years = {_school_year(match, code) for match in _YEAR.finditer(text)}
    return code, years.pop() if len(years) == 1 else None


def _school_year(match: re.Match[str], code: str | None) -> int:
    first, second = int(match[1]), match[2]
    if second is not None and int(second) == (first + 1) % 100:
        return first + 1
    return first + (code == "AUT")
