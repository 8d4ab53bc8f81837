"""Identifiers with valid check digits that belong to nobody.

NHS numbers start with 9, and none has been issued in that range (England and Wales use 4, 6 and 7, Scotland
0 to 3, Northern Ireland 3: from general knowledge). UPNs name school numbers below 1000, which no school
has; PNC ids have a serial above 9,000,000, more than a year's; UPRNs start with 99. All are one-to-one with
the person or dwelling number.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.randomness import Ints, scramble

_UPN_LETTERS: Final = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"))
_PNC_LETTERS: Final = np.array(list("ZABCDEFGHJKLMNPQRTUVWXY"))
_LARGE: Final = 10_000_000


def _digits(number: Ints, width: int) -> Ints:
    """The decimal digits of each number, most significant first: shape (n, width)."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (number[:, None] // powers) % 10


def nhs_numbers(person: Ints) -> pl.Series:
    """A ten-digit number with a valid modulus-11 check digit for each of up to ten million people."""
    stem = 9_000_000_000 // 100 + scramble(person, _LARGE, 7_368_787, 4_271_809)
    base = stem * 10 + person % 7
    base += _check_nhs(base) == 10  # the last digit has weight 2, so that one more is never 10 again
    return pl.Series(base * 10 + _check_nhs(base)).cast(pl.String)


def _check_nhs(base: Ints) -> Ints:
    remainder = (_digits(base, 9) * np.arange(10, 1, -1)).sum(axis=1) % 11
    return (11 - remainder) % 11


def upns(person: Ints, school_year: Ints, authority: Ints) -> pl.Series:
    """A 13-character UPN: check letter, `authority` (801 to 803), school, two-digit year, serial."""
    serial = scramble(person, _LARGE, 3_816_277, 1_234_577) % 1_000_000
    number = authority * 10**9 + (serial // 1000) * 10**5 + (school_year % 100) * 1000 + serial % 1000
    letter = _UPN_LETTERS[(_digits(number, 12) * np.arange(2, 14)).sum(axis=1) % 23]
    return pl.Series(letter.astype(str)) + pl.Series(number).cast(pl.String)


def pnc_ids(person: Ints, year: Ints) -> pl.Series:
    """A PNC id `YYYY/NNNNNNNX`, its letter computed from the two-digit year and the serial."""
    serial = 9_000_000 + scramble(person, 1_000_000, 591_557, 203_807) % 1_000_000
    letter = _PNC_LETTERS[((year % 100) * _LARGE + serial) % 23]
    text = pl.Series(serial).cast(pl.String).str.zfill(7)
    return pl.Series(year).cast(pl.String) + "/" + text + pl.Series(letter.astype(str))


def uprns(dwelling: Ints) -> pl.Series:
    """A twelve-digit property reference for each dwelling number below ten thousand million."""
    return pl.Series(990_000_000_000 + dwelling).cast(pl.String)
