"""Who is on a supplier's books, under which id, and what the books say of them.

A record is a row: one per person, a few people have two. Errors are drawn per record and stay with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic import codes
from outcome_linkage.synthetic.identifiers import nhs_numbers, pnc_ids, upns
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.misrecord import (
    Errors,
    draw_errors,
    misdate,
)
from outcome_linkage.synthetic.randomness import Ints, Random, scramble
from outcome_linkage.synthetic.window import ICB, NEVER, POLICE, VOLUNTARY, WINDOW_START, YEAR

_ID_START: Final = {
    ICB: "P",
    POLICE: "N",
    VOLUNTARY: "SHV",
    "bristol": "BRS",
    "north_somerset": "NSM",
    "south_gloucestershire": "SGL",
}
_SECOND: Final = 50_000_000
_LEA: Final = (801, 802, 803, 800)  # in the order of places.AUTHORITIES


def sector_of(supplier: str) -> str:
    """health, local_authority or police; a voluntary organisation keeps its books as a council does."""
    return {ICB: "health", POLICE: "police"}.get(supplier, "local_authority")


@dataclass(frozen=True)
class Books:
    """A supplier's records of one block.

    `records`: who, original_id, known (first day), nth (0, or 1 for a second record of the same person), dob,
    sex, ethnic (in the sector's codes), nhs_number, upn, pnc_id. `errors` are those of each record.
    """

    supplier: str
    records: pl.DataFrame
    errors: Errors

    def ids(self, random: Random, who: Ints) -> pl.Series:
        """The row of `records` under which each event of `who` is filed; a second record gets a few."""
        first = np.full(int(self.records["who"].to_numpy().max(initial=0)) + 2, -1, dtype=np.int64)
        second = first.copy()
        rows, nth = np.arange(self.records.height), self.records["nth"].to_numpy()
        people = self.records["who"].to_numpy()
        first[people[nth == 0]] = rows[nth == 0]
        second[people[nth == 1]] = rows[nth == 1]
        use_second = (second[who] >= 0) & (random.random(len(who)) < 0.4)
        return pl.Series("record", np.where(use_second, second[who], first[who]))


def books(lives: Lives, supplier: str, known: pl.DataFrame, *, equal_errors: bool, shelf: str = "") -> Books:
    """The records of the people in `known` (who, known: first day), in order of who.

    Each `shelf` of a supplier has errors of its own; nobody may stand on two.
    """
    sector = sector_of(supplier)
    random = lives.block.random(f"books {supplier}{shelf}")
    people = known.sort("who")
    minority = ~lives.people["ethnic"].is_in(["WBRI", "WIRI"]).gather(people["who"]).to_numpy()
    mobile = lives.mobile[people["who"].to_numpy()]
    drawn = draw_errors(random, sector, minority, mobile, equal_errors=equal_errors)
    again = np.flatnonzero(drawn.has["second_record"])
    other = draw_errors(random, sector, minority[again], mobile[again], equal_errors=equal_errors)
    rows = pl.concat(
        [people.with_columns(nth=pl.lit(0)), people[again].with_columns(nth=pl.lit(1))], how="vertical"
    ).with_row_index("row")
    order = rows.sort("who", "nth")["row"].to_numpy()
    errors = _joined(drawn, other).take(order)
    records = rows[order].select("who", "known", "nth")
    return Books(supplier, _described(lives, supplier, records, errors), errors)


def together(held: Sequence[Books]) -> Books:
    """The records of several shelves of one supplier, to file events under."""
    first, *others = held
    for book in others:
        records = pl.concat([first.records, book.records])
        first = Books(first.supplier, records, _joined(first.errors, book.errors))
    return first


def _joined(one: Errors, other: Errors) -> Errors:
    return Errors(
        {name: np.concatenate([one.has[name], other.has[name]]) for name in one.has},
        np.concatenate([one.kind, other.kind]),
        np.concatenate([one.place, other.place]),
        np.concatenate([one.letter, other.letter]),
        one.equal,
    )


def _described(lives: Lives, supplier: str, records: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    who, sector = records["who"].to_numpy(), sector_of(supplier)
    return records.with_columns(
        _original_ids(lives, supplier, records),
        misdate(lives.column("birth")[who], errors),
        _sex(lives, who, sector, errors),
        _ethnic(lives, who, sector, errors),
        _kept(nhs_numbers(_other_person(lives, who, errors)), errors, "nhs_number"),
        _kept(_upns(lives, who), errors, "upn"),
        _kept(_pnc_ids(lives, who), errors, "pnc_id"),
    )


def _original_ids(lives: Lives, supplier: str, records: pl.DataFrame) -> pl.Series:
    number = lives.block.first + records["who"].to_numpy() + records["nth"].to_numpy() * _SECOND
    text = pl.Series(scramble(number, 100_000_000, 48_271_693, 11_400_714)).cast(pl.String).str.zfill(8)
    return (pl.Series([_ID_START[supplier]]) + text).alias("original_id")


def _sex(lives: Lives, who: Ints, sector: str, errors: Errors) -> pl.Series:
    female = lives.people["female"].to_numpy()[who] ^ errors.has["sex_wrong"]
    code = np.where(errors.has["sex_missing"], 2, np.where(female, 0, 1))
    return pl.Series(codes.SEX[sector]).gather(code).alias("sex")


def _ethnic(lives: Lives, who: Ints, sector: str, errors: Errors) -> pl.Series:
    told = lives.people["ethnic"].gather(who).replace_strict(codes.BY_SECTOR[sector], return_dtype=pl.String)
    rows = np.flatnonzero(errors.has["ethnic_missing"])
    return told.scatter(rows, codes.NOT_KNOWN[sector]).alias("ethnic")


def _other_person(lives: Lives, who: Ints, errors: Errors) -> Ints:
    """The person whose NHS number is written down: now and then that of the next one in the list."""
    person = lives.block.first + who
    return np.where(errors.has["nhs_number_of_another"], person + 1, person)


def _upns(lives: Lives, who: Ints) -> pl.Series:
    """UPNs of those who were at school in the window; null for all others."""
    birth = lives.column("birth")[who]
    started = (birth + 4.6 * YEAR) // YEAR + 1970
    at_school = (birth > WINDOW_START - 17 * YEAR) & (started < 2027)
    authority = np.array(_LEA)[lives.places.authority[lives.column("home_area")[who]]]
    numbers = upns(lives.block.first + who, started.astype(np.int64), authority)
    return pl.select(pl.when(pl.Series(at_school)).then(numbers)).to_series()


def _pnc_ids(lives: Lives, who: Ints) -> pl.Series:
    """PNC ids of those who were ever a suspect."""
    first = np.full(lives.people.height, NEVER, dtype=np.int64)
    suspect = lives.events("police_suspect")
    np.minimum.at(first, suspect["who"].to_numpy(), suspect["day"].to_numpy())
    year = (1970 + first[who] // YEAR).astype(np.int64)
    numbers = pnc_ids(lives.block.first + who, np.where(first[who] < NEVER, year, 2000))
    return pl.select(pl.when(pl.Series(first[who] < NEVER)).then(numbers)).to_series()


def _kept(values: pl.Series, errors: Errors, name: str) -> pl.Series:
    missing = pl.Series(errors.has[f"{name}_missing"])
    return pl.select(pl.when(~missing).then(values).alias(name)).to_series()
