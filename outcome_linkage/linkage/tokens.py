"""The tokens of a person's identifiers: what each is made of, and how it is hashed.

A token is the first 16 hex digits of HMAC-SHA256(linkage key, domain | value) as a signed 64-bit integer.
Two tokens can be compared only within one domain. Only `encode`, at the supplier, has the key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import polars as pl
from jellyfish import soundex

from outcome_linkage.linkage import forenames, normalise

Recipe = Callable[[pl.Series], pl.Series]


class Part(NamedTuple):
    """A value to be hashed: `recipe` applied to what `of` names."""

    of: str
    recipe: Recipe


class Token(NamedTuple):
    """One token: the parts in order, joined by `|`. Null as soon as one part is null."""

    name: str
    domain: str
    parts: tuple[str, ...]


def _head(letters: int) -> Recipe:
    return lambda values: values.str.head(letters)


def _tail(letters: int) -> Recipe:
    return lambda values: values.str.tail(letters)


def _soundex(values: pl.Series) -> pl.Series:
    return values.map_elements(soundex, return_dtype=pl.String)


def _rearranged(pattern: str) -> Recipe:
    """Year $1, month $2 and day $3 of an ISO date put together otherwise."""
    return lambda dates: dates.str.replace(r"^(\d{4})-(\d\d)-(\d\d)$", pattern)


def _day_month_sorted(dates: pl.Series) -> pl.Series:
    either = pl.DataFrame({"as_is": dates, "swapped": _rearranged("${1}-${3}-${2}")(dates)})
    earlier = pl.min_horizontal("as_is", "swapped")
    return either.select(earlier).to_series()


# Normalised values, each read from an identity column.
NORMALISED: dict[str, Part] = {
    "forename": Part("forename", normalise.forename),
    "surname": Part("surname", normalise.surname),
    "previous_surname": Part("previous_surname", normalise.surname),
    "dob": Part("dob", normalise.date_of_birth),
    "postcode": Part("postcode", normalise.postcode),
    "previous_postcode": Part("previous_postcode", normalise.postcode),
    "house_number": Part("address_line_1", normalise.house_number),
    "street": Part("address_line_1", normalise.street),
    "uprn": Part("uprn", normalise.uprn),
    "nhs_number": Part("nhs_number", normalise.nhs_number),
    "upn": Part("upn", normalise.upn),
    "pnc_id": Part("pnc_id", normalise.pnc_id),
}

# Values derived from a normalised one.
DERIVED: dict[str, Part] = {
    "forename_canonical": Part("forename", forenames.canonical),
    "forename3": Part("forename", _head(3)),
    "forename_end": Part("forename", _tail(3)),
    "forename_soundex": Part("forename", _soundex),
    "surname4": Part("surname", _head(4)),
    "surname_end": Part("surname", _tail(4)),
    "surname_soundex": Part("surname", _soundex),
    "dob_sorted": Part("dob", _day_month_sorted),
    "dob_year_day": Part("dob", _rearranged("${1}-${3}")),
    "dob_month_day": Part("dob", _rearranged("${2}-${3}")),
    "sector": Part("postcode", normalise.postcode_sector),
    "street_soundex": Part("street", _soundex),
}

# Forename and surname share a domain, and so do their soundexes: a swap of the two is seen.
FIELD_TOKENS: tuple[Token, ...] = (
    Token("tok_forename", "name", ("forename",)),
    Token("tok_forename_canonical", f"canonical:{forenames.fingerprint()}", ("forename_canonical",)),
    Token("tok_forename3", "forename3", ("forename3",)),
    Token("tok_forename_end", "forename_end", ("forename_end",)),
    Token("tok_forename_soundex", "soundex", ("forename_soundex",)),
    Token("tok_surname", "name", ("surname",)),
    Token("tok_surname4", "surname4", ("surname4",)),
    Token("tok_surname_end", "surname_end", ("surname_end",)),
    Token("tok_surname_soundex", "soundex", ("surname_soundex",)),
    Token("tok_previous_surname", "name", ("previous_surname",)),
    Token("tok_dob", "dob", ("dob",)),
    Token("tok_dob_sorted", "dob_sorted", ("dob_sorted",)),
    Token("tok_dob_year_day", "dob_year_day", ("dob_year_day",)),
    Token("tok_dob_month_day", "dob_month_day", ("dob_month_day",)),
    Token("tok_postcode", "postcode", ("postcode",)),
    Token("tok_previous_postcode", "postcode", ("previous_postcode",)),
    Token("tok_postcode_sector", "sector", ("sector",)),
    Token("tok_house_number", "house_number", ("house_number",)),
    Token("tok_street", "street", ("street",)),
    Token("tok_street_soundex", "street_soundex", ("street_soundex",)),
    Token("tok_uprn", "uprn", ("uprn",)),
    Token("sid_nhs", "nhs_number", ("nhs_number",)),
    Token("sid_upn", "upn", ("upn",)),
    Token("sid_pnc", "pnc_id", ("pnc_id",)),
)

# Keys of one domain are joined to each other: a surname to a previous one, a postcode to an earlier one.
LINK_KEYS: tuple[Token, ...] = (
    Token("k01", "name+dob+postcode", ("forename", "surname", "dob", "postcode")),
    Token("k02", "name+dob+postcode", ("forename", "surname", "dob", "previous_postcode")),
    Token("k03", "name+dob+sector", ("forename", "surname", "dob", "sector")),
    Token("k04", "name+dob+sector", ("forename", "previous_surname", "dob", "sector")),
    Token("k05", "nickname+dob+sector", ("forename_canonical", "surname", "dob", "sector")),
    Token("k06", "name+dob", ("forename", "surname", "dob")),
)

TOKENS = FIELD_TOKENS + LINK_KEYS
TOKEN_COLUMNS: tuple[str, ...] = tuple(token.name for token in TOKENS)


def fields_of(token: Token) -> tuple[str, ...]:
    """The fields of a supplier's file that a token is made of, each once."""
    values = (DERIVED[part].of if part in DERIVED else part for part in token.parts)
    return tuple(dict.fromkeys(NORMALISED[value].of for value in values))


# In the order of a supplier's file; those without a token are passed on by `encode` in coarser form.
IDENTITY_COLUMNS: tuple[str, ...] = (
    *("forename", "surname", "previous_surname", "dob", "sex", "ethnic_group", "postcode"),
    *("previous_postcode", "address_line_1", "uprn", "nhs_number", "upn", "pnc_id"),
    *("valid_from", "valid_to"),
)

# No person's: no postcode area ZZ, no local authority 000, no PNC letter I, NHS numbers kept for tests.
IMPOSSIBLE_PERSON: dict[str, str] = {
    "forename": "ZZTESTA",
    "surname": "ZZTESTB",
    "previous_surname": "ZZTESTC",
    "dob": "2099-12-31",
    "postcode": "ZZ1 1ZZ",
    "previous_postcode": "ZZ2 2ZZ",
    "address_line_1": "99999 ZZTESTD STREET",
    "uprn": "999999999999",
    "nhs_number": "9990000018",
    "upn": "A000000000000",
    "pnc_id": "1900/9999999I",
}


def tokenise(identity: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Token columns (`TOKEN_COLUMNS`, Int64) of raw identity columns, row for row.

    `identity` holds any of `IDENTITY_COLUMNS` as String, `dob` as ISO text; others are ignored. What is
    missing, a placeholder or invalid gives null tokens.
    """
    parts = _parts(identity)
    tokens = [_hashed(parts, token, key) for token in TOKENS]
    return pl.DataFrame(tokens)


def key_version(key: bytes) -> str:
    """Eight hex digits that tell one linkage key from another without revealing it."""
    return hmac.digest(key, b"key version", "sha256").hex()[:8]


def test_vectors(key: bytes) -> dict[str, int]:
    """Every token of a person who cannot exist: equal vectors mean equal key and equal rules."""
    return dict(_test_vectors(key))


@lru_cache(maxsize=1)
def _test_vectors(key: bytes) -> dict[str, int]:
    row = tokenise(pl.DataFrame([IMPOSSIBLE_PERSON]), key).row(0, named=True)
    return {name: int(token) for name, token in row.items()}


def _parts(identity: pl.DataFrame) -> pl.DataFrame:
    """One String column per part, row for row; each recipe runs on the distinct raw values only."""
    parts: list[pl.DataFrame] = []
    for column in dict.fromkeys(part.of for part in NORMALISED.values()):
        raw = identity[column] if column in identity.columns else _nulls(column, identity.height)
        distinct = pl.DataFrame({"raw": raw.cast(pl.String).unique()})
        known = distinct.with_columns(_recipes(distinct["raw"], column))
        rows = raw.cast(pl.String).to_frame("raw")
        parts.append(
            rows.join(known, on="raw", how="left", nulls_equal=True, maintain_order="left").drop("raw")
        )
    return pl.concat(parts, how="horizontal")


def _recipes(raw: pl.Series, column: str) -> list[pl.Series]:
    normalised = {name: part.recipe(raw) for name, part in NORMALISED.items() if part.of == column}
    derived = {
        name: part.recipe(normalised[part.of]) for name, part in DERIVED.items() if part.of in normalised
    }
    return [values.alias(name) for name, values in (normalised | derived).items()]


def _hashed(parts: pl.DataFrame, token: Token, key: bytes) -> pl.Series:
    """The token of each row; distinct values are hashed once."""
    message = pl.concat_str(pl.lit(token.domain), *token.parts, separator="|")
    messages = parts.select(message.alias("message"))
    distinct = messages.unique().drop_nulls()
    heads = _hmac_heads(key, distinct["message"].cast(pl.Binary).to_list())
    hashes = pl.Series(token.name, np.frombuffer(heads, ">i8").astype(np.int64), dtype=pl.Int64)
    known = distinct.with_columns(hashes)
    return messages.join(known, on="message", how="left", maintain_order="left")[token.name]


def _hmac_heads(key: bytes, messages: list[bytes]) -> bytes:
    """The first 8 bytes of the HMAC-SHA256 (RFC 2104) of each message, one after the other.

    `hmac.digest` hashes the key's two blocks anew for each message; copying them takes half the time.
    """
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
    heads = []
    for message in messages:
        within, around = inner.copy(), outer.copy()
        within.update(message)
        around.update(within.digest())
        heads.append(around.digest()[:8])
    return b"".join(heads)


def _nulls(column: str, height: int) -> pl.Series:
    return pl.Series(column, [None], dtype=pl.String).new_from_index(0, height)
