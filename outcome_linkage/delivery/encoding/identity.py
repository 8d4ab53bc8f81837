"""Who the people in a raw file are, as rows of `link_tokens`. Identifiers come in; tokens go out."""

from __future__ import annotations

import polars as pl

from outcome_linkage.delivery.contract import Column, Contract
from outcome_linkage.delivery.encoding import harmonise
from outcome_linkage.delivery.encoding.areas import about_areas, small_areas
from outcome_linkage.delivery.encoding.convert import convert, text_of
from outcome_linkage.delivery.encoding.dates import to_dates
from outcome_linkage.delivery.encoding.payload import Payload
from outcome_linkage.delivery.encoding.rekey import record_keys
from outcome_linkage.linkage.tokens import key_version, tokenise

# What tells one person from another.
IDENTIFYING = (
    "forename",
    "surname",
    "previous_surname",
    "dob",
    "postcode",
    "previous_postcode",
    "address_line_1",
    "uprn",
    "nhs_number",
    "upn",
    "pnc_id",
)
# What many share, and when it held. The last four are worked out from the others where they can be.
DESCRIBING = (
    "sex",
    "ethnic_group",
    "lsoa21",
    "valid_from",
    "valid_to",
    "birth_month",
    "la_code",
    "imd_quintile",
    "ethnicity5",
)
# Where a payload table holds ethnic group; what an officer observed comes last.
ETHNIC_COLUMNS = (
    "ethnic",
    "ethnicity",
    "ethnos",
    "ethnic_category",
    "self_defined_ethnicity",
    "observed_ethnicity",
)


def link_tokens(
    identity: pl.DataFrame,
    *,
    key: bytes,
    secret: bytes,
    space: str,
    postcodes: pl.DataFrame | None,
    contract: Contract,
) -> Payload:
    """One row per distinct row of `identity`, in the columns of `contract`, in a fixed order.

    `identity` is text: record_key as the supplier knows it and any of IDENTIFYING, DESCRIBING and
    ETHNIC_COLUMNS. Dates of birth that cannot be read are counted and null.
    """
    people = identity.unique(maintain_order=True)
    dob = to_dates(text_of(people, "dob"))
    in_clear = _in_clear(people, dob, contract, postcodes).with_columns(
        record_key=record_keys(people["record_key"], secret, space),
        key_version=pl.lit(key_version(key)),
    )
    identifiers = people.select(name for name in people.columns if name in IDENTIFYING).with_columns(
        dob=dob.dt.to_string("%Y-%m-%d"), sex=in_clear["sex"]
    )
    rows = pl.concat([in_clear, tokenise(identifiers, key)], how="horizontal")
    unreadable = text_of(people, "dob").count() - dob.count()
    return Payload(in_order(rows.select(list(contract.columns))), {"dob": unreadable} if unreadable else {})


def merge(held: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of link_tokens that a delivery holds already, and new ones; each row once."""
    as_text = [name for name in rows.columns if held[name].dtype != rows[name].dtype]
    return in_order(
        pl.concat([frame.with_columns(pl.col(as_text).cast(pl.String)) for frame in (held, rows)])
    )


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Distinct rows of link_tokens by record_key: an order that says nothing of the raw file's."""
    return rows.unique().sort(pl.all(), nulls_last=False)


def _in_clear(
    people: pl.DataFrame, dob: pl.Series, contract: Contract, postcodes: pl.DataFrame | None
) -> pl.DataFrame:
    """The columns that are no tokens, but for the keys. What cannot be worked out is taken as given."""
    lsoa = text_of(people, "lsoa21")
    lsoa = lsoa.zip_with(lsoa.is_not_null(), small_areas(text_of(people, "postcode"), postcodes))
    derived = about_areas(lsoa).with_columns(
        birth_month=dob.dt.month_start(), ethnicity5=harmonise.ethnicity5(_ethnic_group(people))
    )
    given = {name: _given(people, contract.columns[name]) for name in derived.columns}
    return derived.with_columns(pl.col(name).fill_null(given[name]) for name in given).with_columns(
        convert(text_of(people, "valid_from"), contract.columns["valid_from"]).values,
        convert(text_of(people, "valid_to"), contract.columns["valid_to"]).values,
        sex=harmonise.sex(text_of(people, "sex")),
    )


def _given(people: pl.DataFrame, column: Column) -> pl.Series:
    return convert(text_of(people, column.name), column).values.cast(column.dtype, strict=False)


def _ethnic_group(people: pl.DataFrame) -> pl.Series:
    """The first of the columns that may hold it, row by row."""
    group, *others = (text_of(people, name) for name in ("ethnic_group", *ETHNIC_COLUMNS))
    for other in others:
        group = group.zip_with(group.is_not_null(), other)
    return group
