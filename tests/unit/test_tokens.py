"""Tokens: the contract's columns, nulls, domains, vectors."""

from __future__ import annotations

import hashlib
import hmac

import polars as pl
import pytest

from outcome_linkage.linkage import tokens
from outcome_linkage.linkage.tokens import IDENTITY_COLUMNS, TOKEN_COLUMNS, TOKENS, key_version, tokenise
from schemas.catalogue import CONTRACTS

KEY = b"a linkage key for tests, 32 bytes"
PERSON = {
    "forename": "Zoë",
    "surname": "O'Brien-Smith",
    "dob": "2010-02-03",
    "postcode": "bs8 1th",
    "address_line_1": "Flat 2, 14b High Street",
}


def one(**identity: str | None) -> dict[str, int | None]:
    return tokenise(pl.DataFrame([identity], schema_overrides=dict.fromkeys(identity, pl.String)), KEY).row(
        0, named=True
    )


def by_hand(message: str) -> int:
    digest = hmac.new(KEY, message.encode(), hashlib.sha256).hexdigest()[:16]
    return int.from_bytes(bytes.fromhex(digest), "big", signed=True)


def test_the_contract_and_the_encoder_name_the_same_columns_in_the_same_order() -> None:
    tables = CONTRACTS["link_tokens"].columns
    assert tuple(name for name, column in tables.items() if column.kind == "token") == TOKEN_COLUMNS


def test_a_token_is_the_head_of_an_hmac_of_domain_and_normalised_value() -> None:
    person = one(**PERSON)
    assert person["tok_forename"] == by_hand("name|ZOE")
    assert person["tok_postcode_sector"] == by_hand("sector|BS81")
    assert person["k06"] == by_hand("name+dob|ZOE|OBRIENSMITH|2010-02-03")


@pytest.mark.parametrize("key", [b"k" * 32, b"k" * 64, b"k" * 65, b"k" * 200])
def test_a_key_of_any_length(key: bytes) -> None:
    digest = hmac.new(key, b"name|LEE", hashlib.sha256).digest()[:8]
    token = tokenise(pl.DataFrame({"surname": ["Lee"]}), key)["tok_surname"].item()
    assert token == int.from_bytes(digest, "big", signed=True)


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("tok_forename3", "forename3|ZOE"),
        ("tok_surname4", "surname4|OBRI"),
        ("tok_forename_end", "forename_end|ZOE"),
        ("tok_surname_end", "surname_end|MITH"),
        ("tok_surname_soundex", "soundex|O165"),
        ("tok_dob_sorted", "dob_sorted|2010-02-03"),
        ("tok_dob_year_day", "dob_year_day|2010-03"),
        ("tok_dob_month_day", "dob_month_day|02-03"),
        ("tok_house_number", "house_number|14B"),
        ("tok_street", "street|HIGH"),
    ],
)
def test_derived_tokens(token: str, message: str) -> None:
    assert one(**PERSON)[token] == by_hand(message)


def test_one_identifier_gives_only_its_own_tokens() -> None:
    present = {name for name, token in one(surname="Smith").items() if token is not None}
    assert present == {"tok_surname", "tok_surname4", "tok_surname_end", "tok_surname_soundex"}


def test_a_link_key_is_null_as_soon_as_one_part_is() -> None:
    person = one(**{**PERSON, "postcode": "ZZ99 3VZ"})
    assert person["k01"] is None and person["k03"] is None
    assert person["k06"] is not None


def test_nothing_gives_nothing() -> None:
    nothing = tokenise(pl.DataFrame({"forename": [None, "", "unknown"]}), KEY)
    assert nothing.shape == (3, len(TOKEN_COLUMNS))
    assert nothing.null_count().row(0) == (3,) * len(TOKEN_COLUMNS)


def test_no_rows_give_no_rows_with_every_column() -> None:
    empty = tokenise(pl.DataFrame(schema=dict.fromkeys(IDENTITY_COLUMNS, pl.String)), KEY)
    assert empty.schema == dict.fromkeys(TOKEN_COLUMNS, pl.Int64())
    assert empty.height == 0


def test_rows_keep_their_order_and_raw_values_stay_as_they_were() -> None:
    raw = pl.DataFrame({"surname": ["Łos", None, "Adams", "Łos"]})
    tokenised = tokenise(raw, KEY)["tok_surname"].to_list()
    assert tokenised == [by_hand("name|LOS"), None, by_hand("name|ADAMS"), by_hand("name|LOS")]
    assert raw["surname"].to_list() == ["Łos", None, "Adams", "Łos"]


def test_swapped_names_previous_surnames_and_postcodes_meet_in_one_domain() -> None:
    usual = one(forename="Ann", surname="Lee", dob="2001-05-06", postcode="BS1 1AA")
    swapped = one(forename="Lee", surname="Ann", dob="2001-05-06", postcode="BS1 1AB")
    married = one(
        forename="Ann", surname="Hill", previous_surname="Lee", dob="2001-05-06", postcode="BS1 1AA"
    )
    moved = one(forename="Ann", surname="Lee", dob="2001-05-06", previous_postcode="BS1 1AA")
    assert usual["k03"] == married["k04"]
    assert (usual["tok_forename"], usual["tok_surname"]) == (swapped["tok_surname"], swapped["tok_forename"])
    assert usual["tok_surname"] == married["tok_previous_surname"]
    assert usual["k01"] == moved["k02"]
    assert usual["tok_forename_soundex"] == swapped["tok_surname_soundex"]


def test_day_and_month_swapped_give_one_sorted_token() -> None:
    assert one(dob="2001-05-06")["tok_dob_sorted"] == one(dob="2001-06-05")["tok_dob_sorted"]
    assert one(dob="2001-05-06")["tok_dob"] != one(dob="2001-06-05")["tok_dob"]


def test_vectors_hold_every_token_of_a_person_who_cannot_exist() -> None:
    vectors = tokens.test_vectors(KEY)
    assert tuple(vectors) == TOKEN_COLUMNS
    assert all(isinstance(token, int) for token in vectors.values())
    assert vectors["tok_forename"] == by_hand("name|ZZTESTA")
    assert vectors != tokens.test_vectors(b"another linkage key of 32 bytes..")


def test_key_version_tells_keys_apart() -> None:
    assert len(key_version(KEY)) == 8
    assert key_version(KEY) != key_version(b"another linkage key of 32 bytes..")


def test_each_name_of_a_token_and_its_parts_are_known() -> None:
    known = {*tokens.NORMALISED, *tokens.DERIVED}
    assert {part for token in TOKENS for part in token.parts} <= known
    assert {part.of for part in tokens.NORMALISED.values()} <= set(IDENTITY_COLUMNS)
    assert {part.of for part in tokens.DERIVED.values()} <= set(tokens.NORMALISED)
