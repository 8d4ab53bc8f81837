"""The rows of one contract as they will be delivered, column by column, from the supplier's text."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from outcome_linkage.delivery.contract import Column, Contract
from outcome_linkage.delivery.encoding.areas import small_areas
from outcome_linkage.delivery.encoding.convert import convert, text_of
from outcome_linkage.delivery.encoding.rekey import event_ids, household_tokens, id_space, record_keys

AREA_FROM = {"lsoa21": "postcode", "home_lsoa21": "home_post", "pl_lsoa21": "pl_post"}
"""A column of a contract that holds a small area: the raw column that holds its postcode."""
DERIVED_FROM = {**AREA_FROM, "birth_month": "dob", "household_token": "uprn"}
"""A column of a contract that can be worked out: the raw column that it comes from."""


@dataclass(frozen=True)
class Payload:
    """A table as it will be delivered. `unreadable` and `without_area` count values by column.

    Without an area is a postcode that the lookup does not hold; the column is null there.
    """

    frame: pl.DataFrame
    unreadable: dict[str, int] = field(default_factory=dict)
    without_area: dict[str, int] = field(default_factory=dict)


def encode_rows(
    raw: pl.DataFrame,
    contract: Contract,
    *,
    secret: bytes,
    supplier: str,
    id_system: str | None,
    postcodes: pl.DataFrame | None,
) -> Payload:
    """Every row of `raw`, in the columns of `contract`.

    Ids are re-keyed under `secret`, `birth_month` comes from `dob` and areas from postcodes where the raw
    file does not hold them, and what cannot be read becomes a marker (see `convert`).
    """
    columns, unreadable, without_area = [], {}, {}
    for name, column in contract.columns.items():
        if column.kind in ("hex", "id", "token"):
            columns.append(_hashed(raw, column, secret, supplier, id_space(supplier, id_system)))
            continue
        converted = convert(_source(raw, column), column)
        values, unreadable[name] = converted.values, converted.unreadable
        if name in AREA_FROM:
            values, without_area[name] = _with_areas(values, raw, name, postcodes)
        columns.append(values)
    return Payload(_discreet(pl.DataFrame(columns), contract), _seen(unreadable), _seen(without_area))


def _discreet(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The rows without the values that would say too much of a person (see `RowRule`)."""
    for rule in contract.row_rules:
        if rule.personal:
            kept = pl.when(~rule.broken().fill_null(False)).then(rule.column)
            rows = rows.with_columns(kept.alias(rule.column))
    return rows


def _hashed(raw: pl.DataFrame, column: Column, secret: bytes, supplier: str, space: str) -> pl.Series:
    if column.kind == "token":  # an address is the same in every system
        uprns = text_of(raw, DERIVED_FROM[column.name])
        return household_tokens(uprns, secret, supplier).rename(column.name)
    if column.kind == "hex":
        return record_keys(text_of(raw, column.name), secret, space)
    return event_ids(text_of(raw, column.name), secret, space, column.name)


def _source(raw: pl.DataFrame, column: Column) -> pl.Series:
    """The column's own text; a month of birth falls back on the date of birth, row by row."""
    own = text_of(raw, column.name)
    if column.kind != "month" or column.name not in DERIVED_FROM:
        return own
    return own.zip_with(own.is_not_null(), text_of(raw, DERIVED_FROM[column.name]))


def _with_areas(
    values: pl.Series, raw: pl.DataFrame, name: str, postcodes: pl.DataFrame | None
) -> tuple[pl.Series, int]:
    """The areas that the raw file holds, else those of its postcodes; and postcodes without one."""
    source = text_of(raw, AREA_FROM[name])
    areas = values.zip_with(values.is_not_null(), small_areas(source, postcodes))
    return areas, int((source.is_not_null() & areas.is_null()).sum())


def _seen(counts: dict[str, int]) -> dict[str, int]:
    return {name: n for name, n in counts.items() if n}
