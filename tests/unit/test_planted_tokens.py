"""Planted tokens are those that the encoder would have made, or equal to nobody's.

Each kind of damage is done to raw identifiers too, and encoded with a key. The planted row must then hold the
encoder's token wherever it copies one; where it has none to copy, the encoder's token must be equal to no
token of either record, so that nothing could have been joined by it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from outcome_linkage.linkage.tokens import TOKENS, tokenise
from outcome_linkage.linkage_quality.damage import KINDS, Planted
from outcome_linkage.linkage_quality.planting import planted_tokens

pytestmark = pytest.mark.slow
KEY = b"a linkage key for tests, 32 bytes"
Raw = Mapping[str, str | None]
SOURCE: Raw = {
    "forename": "Jonathan",
    "surname": "Walker",
    "previous_surname": "Hartley",
    "dob": "2004-03-07",
    "postcode": "BS1 4AA",
    "previous_postcode": "BS8 2BB",
    "address_line_1": "12 Oak Street",
    "uprn": "100121212121",
}
DONOR: Raw = {
    "forename": "Marcus",
    "surname": "Dunmore",
    "previous_surname": None,
    "dob": "1999-11-23",
    "postcode": "BS5 9QQ",
    "previous_postcode": "BS3 1CC",
    "address_line_1": "47 Elm Road",
    "uprn": "100131313131",
}
HOME = {name: DONOR[name] for name in ("postcode", "address_line_1", "uprn")}
MOVED = {**HOME, "previous_postcode": None}
NO_HOME = dict.fromkeys(("postcode", "previous_postcode", "address_line_1", "uprn"))
DONE: dict[str, Raw] = {
    "nothing changed": {},
    "moved house": MOVED,
    "moved house, previous postcode kept": {**HOME, "previous_postcode": SOURCE["postcode"]},
    "surname changed": {"surname": "Dunmore", "previous_surname": None},
    "surname changed, previous surname kept": {"surname": "Dunmore", "previous_surname": "Walker"},
    "moved house and surname changed": {**MOVED, "surname": "Dunmore", "previous_surname": None},
    "day and month of birth swapped": {"dob": "2004-07-03"},
    "day of birth wrong": {"dob": "2004-03-17"},
    "month of birth wrong": {"dob": "2004-08-07"},
    "year of birth wrong": {"dob": "2003-03-07"},
    "nickname": {"forename": "Johnny"},
    "forename misspelt, same sound": {"forename": "Jhonathan"},
    "surname misspelt at its end": {"surname": "Walkep"},
    "forename and surname swapped": {"forename": "Walker", "surname": "Jonathan"},
    "forename misspelt and moved house": {**MOVED, "forename": "Jhonathan"},
    "day of birth wrong and moved house": {**MOVED, "dob": "2004-03-17"},
    "address missing": NO_HOME,
    "birthday missing": {"dob": None},
    "twin": {"forename": "Marcus"},
    "brother or sister": {"forename": "Marcus", "dob": "2001-12-19"},
    "parent of the same name in one home": {"dob": "1975-09-28"},
    "namesake born on 1 January": {**MOVED, "previous_surname": None},
}
DOMAINS = {token.name: token.domain for token in TOKENS}


def _tokens(raw: Raw) -> dict[str, int | None]:
    return tokenise(pl.DataFrame([raw], schema=dict.fromkeys(raw, pl.String)), KEY).row(0, named=True)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_planted_tokens_are_the_encoders_or_nobodys(kind: Planted) -> None:
    """For every kind of damage and every token."""
    donor = {**DONOR, "forename": "Johnny"} if kind.donor_shares else DONOR
    rows = {"s": _tokens(SOURCE), "d": _tokens(donor)}
    true = _tokens({**SOURCE, **DONE[kind.name]})
    for column, sql in planted_tokens(kind.parts).items():
        row, _, name = sql.partition(".")
        if row in rows:
            assert rows[row][name] == true[column], column
        elif true[column] is not None:
            comparable = [
                rows[side][other]
                for side in ("s", "d")
                for other, domain in DOMAINS.items()
                if domain == DOMAINS[column]
            ]
            assert true[column] not in comparable, column
        else:
            assert sql == "null::bigint", column


def test_every_kind_is_tried() -> None:
    assert set(DONE) == {kind.name for kind in KINDS}
