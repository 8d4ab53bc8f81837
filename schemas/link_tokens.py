"""Keyed tokens of a person's identifiers, made by our encoder on the supplier's premises only.

Several rows may describe one record_key, each valid for a while. What each token is made of stands in
`outcome_linkage.linkage.tokens`; a test holds the two lists together.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract import Contract
from schemas.fields import LOCAL_AUTHORITY, code, day, month, number, pattern, record_key, token


class LinkTokens(pa.DataFrameModel):
    """One row per person and period of validity of their identifiers."""

    record_key: pl.String = record_key()
    key_version: pl.String = pattern(r"^[0-9a-f]{8}$", "Fingerprint of the linkage key", False)
    valid_from: pl.Date = day("First day on which these identifiers held; null: not known")
    valid_to: pl.Date = day("Last day on which these identifiers held; null: still do")
    sex: pl.String = code("person.sex", "Sex as the supplier records it, harmonised")
    birth_month: pl.Date = month("Month of birth")
    la_code: pl.String = pattern(LOCAL_AUTHORITY, "Local authority of residence")
    imd_quintile: pl.Int8 = number("Deprivation quintile of residence, 1 most deprived", 1, 5, "quintile")
    ethnicity5: pl.String = code("person.ethnicity5", "Ethnic group of five")
    tok_forename: pl.Int64 = token("Forename")
    tok_forename_canonical: pl.Int64 = token("Forename, nickname resolved")
    tok_forename3: pl.Int64 = token("First three letters of the forename")
    tok_forename_end: pl.Int64 = token("Last three letters of the forename")
    tok_forename_soundex: pl.Int64 = token("Soundex of the forename")
    tok_surname: pl.Int64 = token("Surname")
    tok_surname4: pl.Int64 = token("First four letters of the surname")
    tok_surname_end: pl.Int64 = token("Last four letters of the surname")
    tok_surname_soundex: pl.Int64 = token("Soundex of the surname")
    tok_previous_surname: pl.Int64 = token("Previous surname")
    tok_dob: pl.Int64 = token("Date of birth")
    tok_dob_sorted: pl.Int64 = token("Date of birth with day and month in order of size")
    tok_dob_year_day: pl.Int64 = token("Year and day of birth")
    tok_dob_month_day: pl.Int64 = token("Month and day of birth")
    tok_postcode: pl.Int64 = token("Postcode")
    tok_previous_postcode: pl.Int64 = token("Previous postcode")
    tok_postcode_sector: pl.Int64 = token("Postcode sector")
    tok_house_number: pl.Int64 = token("House number")
    tok_street: pl.Int64 = token("First word of the street")
    tok_street_soundex: pl.Int64 = token("Soundex of the first word of the street")
    tok_uprn: pl.Int64 = token("Unique property reference number")
    sid_nhs: pl.Int64 = token("NHS number")
    sid_upn: pl.Int64 = token("Unique pupil number")
    sid_pnc: pl.Int64 = token("Police national computer id")
    k01: pl.Int64 = token("Link key: forename, surname, birthday and postcode")
    k02: pl.Int64 = token("Link key: as k01, with the previous postcode")
    k03: pl.Int64 = token("Link key: forename, surname, birthday and sector")
    k04: pl.Int64 = token("Link key: as k03, with the previous surname")
    k05: pl.Int64 = token("Link key: as k03, with the nickname resolved")
    k06: pl.Int64 = token("Link key: forename, surname and birthday")


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "link_tokens",
        "linkage",
        LinkTokens,
        (),
        "snapshot",
        restricted=True,
        caveat="A supplier gives `encode` the fields forename, surname, previous_surname, dob, sex, "
        "ethnic_group, postcode, previous_postcode, address_line_1, uprn, nhs_number, upn, pnc_id, "
        "valid_from and valid_to, as far as it holds them; only what is made of them leaves its premises.",
    ),
)
