"""The passes by key, strongest first: which tokens must be equal, and what else must hold.

A table of facts; `candidates`, `compare` and `duplicates` turn it into SQL. Adding a pass is adding a row.
What no pass links is left to the model, see `residual`.
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
    " or x.tok_forename3 = y.tok_forename3 or x.tok_forename_soundex = y.tok_forename_soundex"
    " or x.tok_forename_end = y.tok_forename_end",
    "surname_same": "x.tok_surname = y.tok_surname or x.tok_previous_surname = y.tok_surname"
    " or x.tok_surname = y.tok_previous_surname",
    "surname_close": "x.tok_surname4 = y.tok_surname4 or x.tok_surname_soundex = y.tok_surname_soundex"
    " or x.tok_surname_end = y.tok_surname_end",
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
    guard: Chance | None = None
    despite: tuple[str, ...] = ()


def _same(
    name: str,
    stage: str,
    level: Level,
    *columns: str,
    when: str = "true",
    guard: Chance | None = None,
    despite: tuple[str, ...] = (),
) -> Pass:
    """A pass that compares like with like."""
    return Pass(name, stage, level, columns, columns, when, guard, despite)


_F, _S, _DOB = "tok_forename", "tok_surname", "tok_dob"
_TWIN = ("forename",)
_ANY_FIELD = "dob_same or forename_same or surname_same"
_FULL_NAME = Chance((_F, _S), _DOB, 0.01)

# Exact keys only: whoever has an error in a name or a birthday is left to the model.
PASSES: tuple[Pass, ...] = (
    _same("nhs", "0", "strict", "sid_nhs", when=_ANY_FIELD, despite=_TWIN),
    _same("upn", "0", "strict", "sid_upn", when=_ANY_FIELD, despite=_TWIN),
    _same("pnc", "0", "strict", "sid_pnc", when=_ANY_FIELD, despite=_TWIN),
    _same("postcode", "1", "strict", "k01"),
    Pass("previous postcode", "1", "strict", ("k01",), ("k02",)),
    _same("sector", "1", "strict", "k03"),
    Pass("previous surname, sector", "1", "main", ("k03",), ("k04",)),
    _same("nickname, sector", "1", "main", "k05"),
    _same("name and birthday", "2", "main", "k06", guard=_FULL_NAME),
)

# Within one supplier: two records of one person.
_TWO_FIELDS = f"{FORENAME_ALIKE} and ({SURNAME_ALIKE} or dob_same)"
DUPLICATES: tuple[Pass, ...] = (
    _same("duplicate: postcode", "D", "strict", "k01"),
    _same("duplicate: sector", "D", "strict", "k03"),
    _same("duplicate: nhs", "D", "strict", "sid_nhs", when=_TWO_FIELDS),
    _same("duplicate: upn", "D", "strict", "sid_upn", when=_TWO_FIELDS),
    _same("duplicate: pnc", "D", "strict", "sid_pnc", when=_TWO_FIELDS),
    _same("duplicate: name and birthday", "D", "main", "k06", guard=Chance((_F, _S), _DOB, 0.005)),
)


def rules_version() -> str:
    """Names this table of passes: equal text, equal rules."""
    rules = repr((PASSES, DUPLICATES, AGREEMENTS, CONTRADICTIONS, BIRTH_YEARS_APART))
    return f"keys-{hashlib.sha256(rules.encode()).hexdigest()[:8]}"
