"""The passes of the linkage, strongest first: which tokens must be equal, and what else must hold.

A table of facts; `candidates`, `compare` and `duplicates` turn it into SQL. Adding a pass is adding a row.
"""

from __future__ import annotations

import hashlib
from typing import Literal, NamedTuple

Level = Literal["strict", "main", "broad"]

LEVELS: tuple[Level, ...] = ("strict", "main", "broad")

# What the tokens of two records say of each other, best of all pairs of their rows (x and y). A sum that
# is null because a token is missing counts as not equal.
AGREEMENTS: dict[str, str] = {
    "forename_same": "x.tok_forename = y.tok_forename",
    "forename_close": "x.tok_forename_canonical = y.tok_forename_canonical"
    " or x.tok_forename3 = y.tok_forename3 or x.tok_forename_soundex = y.tok_forename_soundex",
    "surname_same": "x.tok_surname = y.tok_surname or x.tok_previous_surname = y.tok_surname"
    " or x.tok_surname = y.tok_previous_surname",
    "surname_close": "x.tok_surname4 = y.tok_surname4 or x.tok_surname_soundex = y.tok_surname_soundex",
    "names_swapped": "(x.tok_forename = y.tok_surname and x.tok_surname_soundex = y.tok_forename_soundex)"
    " or (x.tok_surname = y.tok_forename and x.tok_forename_soundex = y.tok_surname_soundex)",
    "dob_same": "x.tok_dob = y.tok_dob",
    "dob_one_error": "x.tok_dob_sorted = y.tok_dob_sorted or x.tok_dob_year_day = y.tok_dob_year_day"
    " or x.tok_dob_month_day = y.tok_dob_month_day or x.birth_month = y.birth_month",
    "place_same": "x.tok_postcode_sector = y.tok_postcode_sector or x.tok_postcode = y.tok_previous_postcode"
    " or x.tok_previous_postcode = y.tok_postcode or x.tok_uprn = y.tok_uprn"
    " or (x.tok_house_number = y.tok_house_number and x.tok_street = y.tok_street)",
    "strong_id_same": "x.sid_nhs = y.sid_nhs or x.sid_upn = y.sid_upn or x.sid_pnc = y.sid_pnc",
    "forename_known": "x.tok_forename is not null and y.tok_forename is not null",
    "dob_known": "x.tok_dob is not null and y.tok_dob is not null",
    "sex_same": "x.sex = y.sex and x.sex <> 'unknown'",
    "sex_known": "x.sex <> 'unknown' and y.sex <> 'unknown'",
    "nhs_same": "x.sid_nhs = y.sid_nhs",
    "nhs_known": "x.sid_nhs is not null and y.sid_nhs is not null",
}
BIRTH_YEARS_APART = "abs(year(x.birth_month) - year(y.birth_month))"

FORENAME_ALIKE = "(forename_same or forename_close or names_swapped)"
SURNAME_ALIKE = "(surname_same or surname_close or names_swapped)"
DOB_ALIKE = "(dob_same or dob_one_error)"

# Each refuses a pair, unless the pass says that it links despite it.
CONTRADICTIONS: dict[str, str] = {
    "nhs_number": "nhs_known and not nhs_same",
    "sex": "sex_known and not sex_same"
    " and not (dob_same and (names_swapped or (forename_same and (surname_same or strong_id_same))))",
    # a mistyped figure of the year is forgiven where a father and son of one name could not be meant
    "birth_year": "birth_years_apart > 1 and not (forename_same and surname_same"
    " and (strong_id_same or (dob_one_error and birth_years_apart <= 10)))",
    # twins and brothers: the same surname, birthday and home, another forename
    "forename": f"forename_known and not {FORENAME_ALIKE}",
}


class Chance(NamedTuple):
    """A pair counts only if few would share its values by chance.

    `names` and `dob` are token columns. In a supplier with n records, expected = records with these names x
    (records with this date + 1) / (n + 10,000), on the worse of both sides, must not exceed `at_most`.
    """

    names: tuple[str, ...]
    dob: str
    at_most: float


class Household(NamedTuple):
    """A pass counts only if people who share a home do not share its key.

    People whose key another person of the same supplier has too, plus three (the upper 95% bound when none
    is seen), must not exceed `at_most` of the links that the pass adds to those of the other passes.
    """

    at_most: float = 0.1


class Pass(NamedTuple):
    """Records of two suppliers whose `left` and `right` columns are equal, and unique on both sides.

    `when` must hold of AGREEMENTS; `despite` names CONTRADICTIONS that do not refuse the pair.
    """

    name: str
    stage: str
    level: Level
    left: tuple[str, ...]
    right: tuple[str, ...]
    when: str = "true"
    guard: Chance | Household | None = None
    despite: tuple[str, ...] = ()


def _same(
    name: str,
    stage: str,
    level: Level,
    *columns: str,
    when: str = "true",
    guard: Chance | Household | None = None,
    despite: tuple[str, ...] = (),
) -> Pass:
    """A pass that compares like with like."""
    return Pass(name, stage, level, columns, columns, when, guard, despite)


_F, _S, _C = "tok_forename", "tok_surname", "tok_forename_canonical"
_DOB, _POSTCODE, _HOME = "tok_dob", "tok_postcode", Household()
_LETTERS, _HOUSE = ("tok_forename3", "tok_surname4"), ("tok_house_number", "tok_street")
_TWIN, _KIN = ("forename",), ("birth_year",)
_ANY_FIELD = "dob_same or forename_same or surname_same"
_UNNAMED = f"({FORENAME_ALIKE} or not forename_known)"
_NAMESAKE = f"{FORENAME_ALIKE} or ({_UNNAMED} and {SURNAME_ALIKE})"
_ABOUT_AS_OLD = f"{DOB_ALIKE} or not dob_known or birth_years_apart <= 1"


def _few(*names: str, dob: str = _DOB) -> Chance:
    return Chance(names, dob, 0.01)


_FULL_NAME = _few(_F, _S)

PASSES: tuple[Pass, ...] = (
    _same("nhs", "0", "strict", "sid_nhs", when=_ANY_FIELD, despite=_TWIN),
    _same("upn", "0", "strict", "sid_upn", when=_ANY_FIELD, despite=_TWIN),
    _same("pnc", "0", "strict", "sid_pnc", when=_ANY_FIELD, despite=_TWIN),
    _same("postcode", "1", "strict", "k01"),
    Pass("previous postcode", "1", "strict", ("k01",), ("k02",)),
    _same("sector", "1", "strict", "k03"),
    Pass("previous surname, sector", "1", "main", ("k03",), ("k04",)),
    Pass("swapped names, sector", "1", "main", ("k03",), ("k05",)),
    _same("nickname, sector", "1", "main", "k06"),
    _same("first letters, sector", "1", "main", "k07"),
    _same("soundex, sector", "1", "main", "k08"),
    _same("name and birthday", "2", "main", "k13", guard=_FULL_NAME),
    Pass("previous surname", "2", "main", ("k13",), ("k14",), guard=_FULL_NAME),
    Pass("swapped names", "2", "main", (_F, _S, _DOB), (_S, _F, _DOB), guard=_FULL_NAME),
    _same("nickname and birthday", "2", "main", _C, _S, _DOB, guard=_few(_C, _S)),
    _same("name and postcode", "3", "main", "k12", when=DOB_ALIKE),
    _same("day and month swapped", "3", "main", "k15", guard=_few(_F, _S, dob="tok_dob_sorted")),
    _same("address", "1", "main", "k11", when=_NAMESAKE),
    _same("birthday and postcode", "1", "main", _DOB, _POSTCODE, when=_NAMESAKE),
    _same("forename, sector", "1", "broad", "k09"),
    _same("surname, sector", "1", "broad", "k10", when=_UNNAMED),
    *(
        _same(f"name, {part}", "3", "broad", _F, _S, column, guard=_few(_F, _S, dob=column))
        for part, column in (
            ("year and day", "tok_dob_year_day"),
            ("month and day", "tok_dob_month_day"),
            ("year and month", "birth_month"),
        )
    ),
    _same("name, postcode and age", "3", "broad", "k12", when=_ABOUT_AS_OLD),
    _same("name, address and age", "3", "broad", _F, _S, *_HOUSE, when=_ABOUT_AS_OLD),
    _same("first letters, postcode and age", "3", "broad", *_LETTERS, _POSTCODE, when=_ABOUT_AS_OLD),
    _same("forename and birthday", "2", "broad", _F, _DOB, guard=_few(_F)),
    _same("surname and birthday", "2", "broad", _S, _DOB, when=_UNNAMED, guard=_few(_S)),
    # only among people of whom no two share a home; see Household
    _same("address alone", "1", "broad", "k11", guard=_HOME, despite=_TWIN),
    _same("birthday and postcode alone", "1", "broad", _DOB, _POSTCODE, guard=_HOME, despite=_TWIN),
    _same("name and postcode alone", "3", "broad", "k12", guard=_HOME, despite=_KIN),
    _same("forename and home", "3", "broad", _F, _POSTCODE, "tok_house_number", guard=_HOME, despite=_KIN),
    _same("first letters and street", "3", "broad", *_LETTERS, "tok_street", guard=_HOME, despite=_KIN),
)

# Within one supplier: two records of one person.
_TWO_FIELDS = f"{FORENAME_ALIKE} and ({SURNAME_ALIKE} or dob_same)"
DUPLICATES: tuple[Pass, ...] = (
    _same("duplicate: postcode", "D", "strict", "k01"),
    _same("duplicate: sector", "D", "strict", "k03"),
    _same("duplicate: nickname, sector", "D", "main", "k06"),
    _same("duplicate: name and postcode", "D", "main", "k12", when=f"{DOB_ALIKE} or birth_years_apart <= 1"),
    _same("duplicate: forename, sector", "D", "main", "k09", when=SURNAME_ALIKE),
    _same("duplicate: nhs", "D", "strict", "sid_nhs", when=_TWO_FIELDS),
    _same("duplicate: upn", "D", "strict", "sid_upn", when=_TWO_FIELDS),
    _same("duplicate: pnc", "D", "strict", "sid_pnc", when=_TWO_FIELDS),
    _same("duplicate: name and birthday", "D", "main", "k13", guard=Chance((_F, _S), "tok_dob", 0.005)),
)


def model_version() -> str:
    """Names this table of passes: equal text, equal rules."""
    rules = repr((PASSES, DUPLICATES, AGREEMENTS, CONTRADICTIONS, BIRTH_YEARS_APART))
    return f"keys-{hashlib.sha256(rules.encode()).hexdigest()[:8]}"
