"""What is done to a copy of a record before it is planted: declared kinds of damage, and traps.

A table of facts. Each kind says where the parts of the planted identity come from: the record that is
copied (`source`), another one (`donor`), a value that nobody has (`OTHER`), or nowhere (`MISSING`). What is
not named comes from the source. `planting` turns a kind into tokens: without the linkage key none can be
made, so each must be a token that some record already has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal, NamedTuple


class Ref(NamedTuple):
    """A part of the identity of one of the two records."""

    row: Literal["source", "donor"]
    part: str


class Nothing(NamedTuple):
    """No value of any record."""

    kind: Literal["missing", "other"]


Origin = Ref | Nothing
MISSING, OTHER = Nothing("missing"), Nothing("other")


class Planted(NamedTuple):
    """One kind. `eligible`: SQL on the source s; `donor`: SQL on s and the donor d.

    `donor_shares`: a token that the donor has in common with the source. `birth_month`: SQL for the planted
    month of birth. `is_trap`: another person, who must not be linked.
    """

    name: str
    parts: Mapping[str, Origin] = {}
    donor: str = "true"
    donor_shares: str | None = None
    eligible: str = "true"
    birth_month: str = "s.birth_month"
    is_trap: bool = False


def _from_donor(*parts: str) -> dict[str, Origin]:
    return {part: Ref("donor", part) for part in parts}


_HOME = _from_donor("postcode", "house_number", "street", "uprn")
_NO_HOME: dict[str, Origin] = dict.fromkeys(
    ("postcode", "previous_postcode", "house_number", "street", "uprn"), MISSING
)
_NO_PREVIOUS: dict[str, Origin] = {"previous_postcode": MISSING}
_ELSEWHERE = "d.tok_postcode_sector <> s.tok_postcode_sector"
_OTHER_SURNAME = "d.tok_surname4 <> s.tok_surname4 and d.tok_surname_soundex <> s.tok_surname_soundex"
_OTHER_FORENAME = (
    "d.tok_forename_canonical <> s.tok_forename_canonical and d.tok_forename3 <> s.tok_forename3"
    " and d.tok_forename_soundex <> s.tok_forename_soundex and d.tok_forename_end <> s.tok_forename_end"
    " and d.tok_forename <> s.tok_surname"
    " and d.sex = s.sex"
)
# Day and month cannot be read from tokens: another month of the same year stands for the exchanged one.
_OTHER_MONTH = "make_date(year(s.birth_month), 1 + (month(s.birth_month) + 4) % 12, 1)"
_DOB_WRONG: dict[str, Origin] = dict.fromkeys(("dob", "dob_sorted", "dob_year_day", "dob_month_day"), OTHER)
# In its middle: it sounds and ends as before.
_MISSPELT: dict[str, Origin] = {
    **dict.fromkeys(("forename", "forename_canonical", "forename3"), OTHER),
    "forename_soundex": Ref("source", "forename_soundex"),
    "forename_end": Ref("source", "forename_end"),
}

DAMAGE: tuple[Planted, ...] = (
    Planted("nothing changed"),
    Planted("moved house", {**_HOME, **_NO_PREVIOUS}, donor=_ELSEWHERE),
    Planted(
        "moved house, previous postcode kept",
        {**_HOME, "previous_postcode": Ref("source", "postcode")},
        donor=_ELSEWHERE,
    ),
    Planted("surname changed", {**_from_donor("surname"), "previous_surname": MISSING}, donor=_OTHER_SURNAME),
    Planted(
        "surname changed, previous surname kept",
        {**_from_donor("surname"), "previous_surname": Ref("source", "surname")},
        donor=_OTHER_SURNAME,
    ),
    Planted(
        "moved house and surname changed",
        {**_HOME, **_NO_PREVIOUS, **_from_donor("surname"), "previous_surname": MISSING},
        donor=f"{_ELSEWHERE} and {_OTHER_SURNAME}",
    ),
    Planted(
        "day and month of birth swapped",
        {**_DOB_WRONG, "dob_sorted": Ref("source", "dob_sorted")},
        birth_month=_OTHER_MONTH,
    ),
    Planted("day of birth wrong", _DOB_WRONG),
    Planted(
        "month of birth wrong",
        {**_DOB_WRONG, "dob_year_day": Ref("source", "dob_year_day")},
        birth_month=_OTHER_MONTH,
    ),
    Planted(
        "year of birth wrong",
        {**_DOB_WRONG, "dob_month_day": Ref("source", "dob_month_day")},
        birth_month="(s.birth_month - interval 1 year)::date",
    ),
    Planted(
        "nickname",
        {**_from_donor("forename"), "forename_canonical": Ref("source", "forename_canonical")},
        donor="d.tok_forename <> s.tok_forename",
        donor_shares="tok_forename_canonical",
        eligible="s.has_nickname",
    ),
    Planted(
        "forename misspelt, same sound",
        _MISSPELT,
    ),
    Planted(
        "surname misspelt at its end",
        {
            **dict.fromkeys(("surname", "surname_soundex"), OTHER),
            "surname4": Ref("source", "surname4"),
        },
    ),
    Planted(
        "forename and surname swapped",
        {"forename": Ref("source", "surname"), "surname": Ref("source", "forename")},
    ),
    Planted(
        "forename misspelt and moved house",
        {
            **_HOME,
            **_NO_PREVIOUS,
            **_MISSPELT,
        },
        donor=_ELSEWHERE,
    ),
    Planted("day of birth wrong and moved house", {**_HOME, **_NO_PREVIOUS, **_DOB_WRONG}, donor=_ELSEWHERE),
    Planted("address missing", _NO_HOME),
    Planted("birthday missing", {"dob": MISSING}, birth_month="null::date"),
)

TRAPS: tuple[Planted, ...] = (
    Planted("twin", _from_donor("forename"), donor=_OTHER_FORENAME, is_trap=True),
    Planted(
        "brother or sister",
        {**_from_donor("forename"), **_DOB_WRONG},
        donor=_OTHER_FORENAME,
        birth_month="(s.birth_month - interval 27 month)::date",
        is_trap=True,
    ),
    Planted(
        "parent of the same name in one home",
        _DOB_WRONG,
        birth_month="(s.birth_month - interval 29 year)::date",
        is_trap=True,
    ),
    # Where dates of birth are guessed it is 1 January: the commonest date of that month by far. Only of names
    # so common that strangers are expected to share both: else it would be the same person who moved.
    Planted(
        "namesake born on 1 January",
        {**_HOME, **_NO_PREVIOUS, "previous_surname": MISSING},
        donor=_ELSEWHERE,
        eligible="s.has_guessed_birthday and s.strangers >= 0.01",
        is_trap=True,
    ),
)

KINDS: tuple[Planted, ...] = (*DAMAGE, *TRAPS)


def damage_version() -> str:
    """Names this table of kinds: figures of planted records can be compared only where it is equal."""
    return hashlib.sha256(repr(KINDS).encode()).hexdigest()[:8]
