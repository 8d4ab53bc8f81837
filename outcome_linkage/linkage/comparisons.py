"""What the model compares of two records: a table of facts, from the most telling level to the least.

The model scores what the keys leave. `model` turns the table into Splink's settings and finds the weights;
adding a comparison or a level is adding a row. Conditions are over `<column>_l` and `<column>_r`.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Level(NamedTuple):
    """One degree of agreement. `frequency`: the token whose rarity adds to the weight of an exact match."""

    name: str
    when: str
    frequency: str | None = None


class Comparison(NamedTuple):
    """Levels are tried in order; `missing` is neither for nor against; what fits no level is `different`."""

    name: str
    missing: str
    levels: tuple[Level, ...]


DIFFERENT = "different"
MISSING = "missing"


def _same(*columns: str) -> str:
    return " and ".join(f"{column}_l = {column}_r" for column in columns)


def _crossed(one: str, other: str) -> str:
    return f"({one}_l = {other}_r or {other}_l = {one}_r)"


def _either(*conditions: str) -> str:
    return " or ".join(conditions)


def _unknown(column: str) -> str:
    return f"({column}_l is null or {column}_r is null)"


_FORENAME, _SURNAME, _DOB, _POSTCODE = "tok_forename", "tok_surname", "tok_dob", "tok_postcode"
_NUMBER, _STREET = _same("tok_house_number"), _either(_same("tok_street"), _same("tok_street_soundex"))
_HOUSE, _UPRN, _SECTOR = _same("tok_house_number", "tok_street"), _same("tok_uprn"), "tok_postcode_sector"
_PART_OF_ADDRESS = f"({_NUMBER} or {_STREET})"

COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "forename",
        _unknown(_FORENAME),
        (
            Level("same", _same(_FORENAME), _FORENAME),
            Level("nickname", _same("tok_forename_canonical")),
            Level("swapped with the surname", _crossed(_FORENAME, _SURNAME)),
            Level("begins or sounds alike", _either(_same("tok_forename3"), _same("tok_forename_soundex"))),
            Level("ends alike", _same("tok_forename_end")),
        ),
    ),
    Comparison(
        "surname",
        _unknown(_SURNAME),
        (
            Level("same", _same(_SURNAME), _SURNAME),
            Level("the previous one", _crossed("tok_previous_surname", _SURNAME)),
            Level("swapped with the forename", _crossed(_SURNAME, _FORENAME)),
            Level("begins or sounds alike", _either(_same("tok_surname4"), _same("tok_surname_soundex"))),
            Level("ends alike", _same("tok_surname_end")),
        ),
    ),
    Comparison(
        "birthday",
        _unknown(_DOB),
        (
            Level("same", _same(_DOB), _DOB),
            Level("day and month swapped", _same("tok_dob_sorted")),
            Level(
                "two parts of three",
                _either(_same("tok_dob_year_day"), _same("tok_dob_month_day"), _same("birth_month")),
            ),
        ),
    ),
    Comparison(
        "place",
        f"{_unknown(_POSTCODE)} and not coalesce({_UPRN}, false) and not coalesce({_HOUSE}, false)",
        (
            Level("same address", f"({_UPRN}) or ({_same(_POSTCODE)} and {_HOUSE})"),
            Level("same postcode and house or street", f"{_same(_POSTCODE)} and {_PART_OF_ADDRESS}"),
            Level("same postcode", _same(_POSTCODE), _POSTCODE),
            Level("the previous postcode", _crossed("tok_previous_postcode", _POSTCODE)),
            Level("same house and street", _HOUSE),
            Level("same sector and house or street", f"{_same(_SECTOR)} and {_PART_OF_ADDRESS}"),
            Level("same sector", _same(_SECTOR)),
            Level("same street", _STREET),
        ),
    ),
    Comparison("sex", "(sex_l = 'unknown' or sex_r = 'unknown')", (Level("same", _same("sex")),)),
)

# What the comparisons read.
COLUMNS: tuple[str, ...] = (
    *("tok_forename", "tok_forename_canonical", "tok_forename3", "tok_forename_end"),
    "tok_forename_soundex",
    *("tok_surname", "tok_surname4", "tok_surname_end", "tok_surname_soundex", "tok_previous_surname"),
    *("tok_dob", "tok_dob_sorted", "tok_dob_year_day", "tok_dob_month_day", "birth_month"),
    *("tok_postcode", "tok_previous_postcode", "tok_postcode_sector", "tok_house_number", "tok_street"),
    *("tok_street_soundex", "tok_uprn", "sex"),
)
FREQUENCIES: tuple[str, ...] = tuple(
    level.frequency for comparison in COMPARISONS for level in comparison.levels if level.frequency
)


def names_of(comparison: Comparison) -> tuple[str, ...]:
    """The names of its levels as Splink numbers them: 0 is `different`, the first level the highest."""
    return (DIFFERENT, *(level.name for level in reversed(comparison.levels)))


def comparisons_version() -> str:
    """Names this table: a model trained on another one cannot be used."""
    return hashlib.sha256(repr(COMPARISONS).encode()).hexdigest()[:8]
