"""What a personal identifier in clear looks like: detectors that count, and never return, what they find.

Every detector takes distinct texts with the number of rows that hold each (columns `value`, `n`) and
returns a number of rows. Names of people are not detected: the allow-list of columns stops those. Which
column is looked at for what is decided in `privacy`.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from scipy.special import bdtrc
from stdnum.gb import upn

CHANCE = 0.001
NHS_BY_CHANCE = 1 / 11
# Of numbers that run on within one month (20240501, 20240502, …) 31 in 100 are dates.
DATE_BY_CHANCE = 0.31

_EMAIL = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|"
    "EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|"
    "LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|"
    "SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_EDGE = r"(?:^|[^0-9A-Za-z])", r"(?:[^0-9A-Za-z]|$)"
_POSTCODE = rf"(?i){_EDGE[0]}(?:{_AREAS})[0-9][0-9A-HJKMNP-Y]?[ _-]*[0-9][ABD-HJLNP-UW-Z]{{2}}{_EDGE[1]}"
_UPN = rf"(?i){_EDGE[0]}([A-HJ-NP-RT-Z][0-9]{{11}}[0-9A-HJ-NP-RT-Z]){_EDGE[1]}"

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d{2}"
_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_BETWEEN = r"[-/._ ]"
FULL_DATE = (
    r"(?i)(?:^|\D)(?:"
    rf"{_YEAR}{_BETWEEN}(?:{_MONTH}|{_NAME}){_BETWEEN}{_DAY}|"
    rf"{_DAY}{_BETWEEN}{_DAY}{_BETWEEN}{_YEAR}|"
    rf"{_DAY}(?:st|nd|rd|th)?[-/. ]?{_NAME}[-/., ]*(?:{_YEAR}|\d{{2}})|"
    rf"{_NAME}[-/. ]{_DAY}(?:st|nd|rd|th)?,?[-/. ]{_YEAR}|"
    rf"{_DAY}/{_DAY}/\d{{2}}"
    r")(?:\D|$)"
)
_EIGHT_DIGITS = (r"^(\d{4})(\d{2})(\d{2})$", r"^(\d{2})(\d{2})(\d{4})$")
_SPACED_TEN = r"\b(\d{3})[ -](\d{3})[ -](\d{4})\b"


def _rows(texts: pl.DataFrame, found: pl.Expr) -> int:
    return int(texts.filter(found)["n"].sum())


def emails(texts: pl.DataFrame) -> int:
    """Rows that hold an e-mail address."""
    return _rows(texts, pl.col("value").str.contains(_EMAIL))


def postcodes(texts: pl.DataFrame) -> int:
    """Rows that hold a full postcode of a postcode area that exists."""
    return _rows(texts, pl.col("value").str.contains(_POSTCODE))


def full_dates(texts: pl.DataFrame) -> int:
    """Rows that hold a date with its day, in any usual way of writing one with separators."""
    return _rows(texts, pl.col("value").str.contains(FULL_DATE))


def upns(texts: pl.DataFrame) -> int:
    """Rows that hold a unique pupil number with the right check letter, permanent or temporary."""
    shaped = texts.with_columns(pl.col("value").str.extract(_UPN).str.to_uppercase()).drop_nulls()
    right = [upn.calc_check_digit(value[1:]) == value[0] for value in shaped["value"].to_list()]
    return int(shaped.filter(pl.Series(right, dtype=pl.Boolean))["n"].sum())


def nhs_numbers(texts: pl.DataFrame) -> int:
    """Rows with a ten-digit number that passes the NHS check digit, if more pass than chance explains.

    Judged on distinct numbers, as one frequent code is one draw. One in eleven passes by chance, so that
    ids of ten digits give 0. SNOMED CT concepts (`00` before the check digit) are left out.
    """
    plain = pl.col("value").str.replace_all(_SPACED_TEN, "$1$2$3")
    runs = (
        texts.filter(plain.str.contains(r"\d{10}"))
        .select(plain.str.extract_all(r"\d+").alias("value"), "n")
        .explode("value")
        .filter(pl.col("value").str.len_chars() == 10, pl.col("value").str.slice(7, 2) != "00")
        .group_by("value")
        .agg(pl.col("n").sum())
    )
    return beyond_chance(runs, _passes_nhs_check(), NHS_BY_CHANCE)


def _passes_nhs_check() -> pl.Expr:
    """Modulus 11: digits weighted 10 to 1 from the left (NHS Data Dictionary, NHS NUMBER)."""
    number = pl.col("value").cast(pl.Int64)
    weighted = (number // 10**place % 10 * (place + 1) for place in range(10))
    return pl.sum_horizontal(*weighted) % 11 == 0


def compact_dates(texts: pl.DataFrame) -> int:
    """Rows with eight digits that are a date, if more of such numbers are dates than ids would be."""
    eight = texts.filter(pl.col("value").str.contains(r"^\d{8}$"))
    return beyond_chance(eight, _is_date(*_EIGHT_DIGITS), DATE_BY_CHANCE)


def _is_date(year_first: str, day_first: str) -> pl.Expr:
    value = pl.col("value")
    iso = value.str.replace(year_first, "$1-$2-$3"), value.str.replace(day_first, "$3-$2-$1")
    days = (text.str.to_date("%Y-%m-%d", strict=False) for text in iso)
    return pl.any_horizontal(*(day.dt.year().is_between(1900, 2049) for day in days)).fill_null(False)


def beyond_chance(distinct: pl.DataFrame, passes: pl.Expr, by_chance: float, alarm: float = CHANCE) -> int:
    """Rows whose value passes a check, or 0 where chance explains how many distinct values do.

    One-sided exact binomial test of the share of distinct values against `by_chance`, at level `alarm`;
    `bdtrc` is its p-value and loads in a fraction of the time of `scipy.stats`.
    """
    passing = distinct.filter(passes)
    if passing.is_empty():
        return 0
    p_value = bdtrc(passing.height - 1, distinct.height, by_chance)
    return int(passing["n"].sum()) if p_value < alarm else 0


POINT_RULES: dict[str, Callable[[pl.DataFrame], int]] = {
    "email": emails,
    "postcode": postcodes,
    "upn": upns,
    "full_date_of_birth": full_dates,
}
"""One such value is enough."""

SHARE_RULES: dict[str, Callable[[pl.DataFrame], int]] = {
    "nhs_numbers": nhs_numbers,
    "full_date_of_birth": compact_dates,
}
"""Only a share beyond chance counts."""
