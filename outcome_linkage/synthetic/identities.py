"""The identity rows of a supplier: each record under each name and at each address, errors and all."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.misrecord import (
    Errors,
    alternative,
    mistype,
    mistype_postcode,
    without_accents,
)
from outcome_linkage.synthetic.names import load_names
from outcome_linkage.synthetic.records import Books

IDENTITY: Final = (
    "record_key",
    "forename",
    "surname",
    "previous_surname",
    "dob",
    "sex",
    "ethnic_group",
    "postcode",
    "previous_postcode",
    "address_line_1",
    "uprn",
    "nhs_number",
    "upn",
    "pnc_id",
    "valid_from",
    "valid_to",
)


def identities(lives: Lives, held: Books, addresses: pl.DataFrame) -> pl.DataFrame:
    """The identity rows of a supplier: IDENTITY as text, and since, until, known (days) to cut deliveries by.

    `addresses`: record (row of the books), who, since, until, dwelling, former (the dwelling before, -1
    none), renamed (whether the stay lies after a change of surname), known (the day from which the supplier
    knows it). valid_from and valid_to are left to whoever cuts the delivery.
    """
    record = addresses["record"].to_numpy()
    errors = held.errors.take(record)
    names = _names(lives, addresses, errors)
    record_columns = held.records[record].select(
        pl.col("original_id").alias("record_key"),
        pl.col("dob").dt.to_string("%Y-%m-%d"),
        "sex",
        pl.col("ethnic").alias("ethnic_group"),
        "nhs_number",
        "upn",
        "pnc_id",
    )
    times = addresses.select("since", "until", "known")
    return pl.concat([record_columns, names, _addresses(lives, addresses, errors), times], how="horizontal")


def _names(lives: Lives, addresses: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    names, people = load_names(), lives.people[addresses["who"].to_numpy()]
    code = people["forename"].to_numpy()
    table = pl.Series(names.forenames)
    forename = table.gather(code)
    middle = people["middle"].to_numpy()
    has = errors.has
    second = table.gather(np.maximum(middle, 0))
    used = has["forename_middle_used"] & (middle >= 0)
    both = has["forename_two_names"] & (middle >= 0) & ~used
    forename = alternative(names.nicknames, code, errors, forename, has["forename_nickname"])
    forename = alternative(names.spellings, code, errors, forename, has["forename_spelling"])
    forename = pl.select(
        pl.when(pl.Series(used))
        .then(second)
        .when(pl.Series(both))
        .then(forename + " " + second)
        .otherwise(forename)
    ).to_series()
    forename = mistype(without_accents(forename, has["accents_dropped"]), errors, has["forename_typo"])
    surname, previous = _surnames(people, addresses, errors)
    surname = mistype(without_accents(surname, has["accents_dropped"]), errors, has["surname_typo"])
    swapped = pl.Series(has["names_swapped"])
    return pl.select(
        pl.when(swapped).then(surname).otherwise(forename).alias("forename"),
        pl.when(swapped).then(forename).otherwise(surname).alias("surname"),
        previous.alias("previous_surname"),
    )


def _surnames(people: pl.DataFrame, addresses: pl.DataFrame, errors: Errors) -> tuple[pl.Series, pl.Series]:
    """The surname of each row, and the previous one where it is known."""
    table = pl.Series(load_names().surnames)
    first, second = table.gather(people["surname"]), people["hyphenated"].to_numpy()
    hyphen = pl.select(
        pl.when(pl.Series(second >= 0))
        .then(first + "-" + table.gather(np.maximum(second, 0)))
        .otherwise(first)
    ).to_series()
    one_part = pl.Series(errors.has["surname_one_part"])
    born = pl.select(pl.when(one_part).then(first).otherwise(hyphen)).to_series()
    taken = table.gather(people["new_surname"])
    current = addresses["renamed"] & ~pl.Series(errors.has["surname_out_of_date"])
    return (
        pl.select(pl.when(current).then(taken).otherwise(born)).to_series(),
        pl.select(pl.when(current).then(born)).to_series(),
    )


def _addresses(lives: Lives, addresses: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    dwelling, former = addresses["dwelling"].to_numpy(), addresses["former"].to_numpy()
    has = errors.has
    built = lives.residences.dwellings
    elsewhere = (dwelling + 1) % built.height if errors.equal else dwelling
    old = has["address_out_of_date"]
    dwelling = np.where(old, np.where(former >= 0, former, elsewhere), dwelling)
    former = np.where(old, -1, former)
    postcodes = lives.postcodes
    postcode = postcodes.gather(built["postcode"].gather(dwelling))
    postcode = mistype_postcode(postcode, errors, has["postcode_typo"])
    previous = postcodes.gather(built["postcode"].gather(np.maximum(former, 0)))
    remembered = pl.Series((former >= 0) & (errors.place < 0.4))
    gone = {name: pl.Series(has[f"{name}_missing"]) for name in ("postcode", "address_line", "uprn")}
    return pl.select(
        pl.when(~gone["postcode"]).then(postcode).alias("postcode"),
        pl.when(remembered).then(previous).alias("previous_postcode"),
        pl.when(~gone["address_line"]).then(built["address_line_1"].gather(dwelling)).alias("address_line_1"),
        pl.when(~gone["uprn"]).then(built["uprn"].gather(dwelling)).alias("uprn"),
    )


def named_stays(lives: Lives) -> pl.DataFrame:
    """The stays of everyone, cut where a surname changes: who, since, until, dwelling, former, renamed."""
    stays = lives.residences.stays.with_columns(
        former=pl.col("dwelling").shift(1).over("who").fill_null(-1),
        change=lives.people["renamed"].gather(lives.residences.stays["who"]),
    )
    before = stays.filter(pl.col("since") < pl.col("change")).with_columns(
        until=pl.min_horizontal("until", pl.col("change") - 1), renamed=pl.lit(False)
    )
    after = stays.filter(pl.col("until") >= pl.col("change")).with_columns(
        since=pl.max_horizontal("since", "change"), renamed=pl.lit(True)
    )
    return pl.concat([before, after]).drop("change").sort("who", "since")
