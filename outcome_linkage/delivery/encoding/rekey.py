"""A supplier's own ids under a keyed hash that only this supplier can compute."""

from __future__ import annotations

import hmac

import polars as pl

from outcome_linkage.delivery.encoding.dates import look_up
from outcome_linkage.linkage import normalise

_HEX_DIGITS = 32


def tidy_ids(values: pl.Series) -> pl.Series:
    """Ids as they are compared: trimmed, upper case. Leading noughts stay.

    Where every id ends in `.0`, a program has read them as numbers, and the ending goes.
    """
    tidy = values.str.strip_chars().str.to_uppercase()
    as_numbers = tidy.str.contains(r"^\d+\.0$").all(ignore_nulls=True) and tidy.count() > 0
    return tidy.str.strip_suffix(".0") if as_numbers else tidy


def id_space(supplier: str, id_system: str | None) -> str:
    """Whose ids they are: where two systems of a supplier give the same id, they need not mean the same."""
    return f"{supplier}/{id_system}" if id_system else supplier


def record_keys(values: pl.Series, secret: bytes, space: str) -> pl.Series:
    """record_key = first 32 hex digits of HMAC-SHA256(record secret, `id_space` | id); null stays null."""
    return _hashed(tidy_ids(values), secret, f"{space}|")


def event_ids(values: pl.Series, secret: bytes, space: str, column: str) -> pl.Series:
    """Ids of events, hashed with what they name: `linked_crime_id` names a crime as `crime_id` does."""
    return _hashed(tidy_ids(values), secret, f"{space}|{column.removeprefix('linked_')}|")


def household_tokens(uprns: pl.Series, secret: bytes, supplier: str) -> pl.Series:
    """An address as a signed 64-bit number, under the record secret and not the linkage key.

    It travels with payload, so nobody who holds the linkage key may be able to compute it.
    """
    hashed = _hashed(normalise.uprn(uprns), secret, f"{supplier}|household|")
    unsigned = hashed.str.head(16).str.to_integer(base=16, dtype=pl.UInt64)
    return unsigned.reinterpret(signed=True).rename(uprns.name)


def _hashed(values: pl.Series, secret: bytes, prefix: str) -> pl.Series:
    distinct = values.drop_nulls().unique()
    digests = [
        hmac.digest(secret, (prefix + value).encode(), "sha256").hex()[:_HEX_DIGITS]
        for value in distinct.to_list()
    ]
    return look_up(values, distinct, pl.Series(digests, dtype=pl.String))
