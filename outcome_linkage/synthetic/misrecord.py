"""How identity errors change what is written down: typing errors, swapped parts, lost accents.

Works on whole columns; the random choices come in as arrays, one entry per record, so that every row of a
record carries the same error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from anyascii import anyascii

from outcome_linkage.synthetic.faults import (
    EVERYONE_TIMES,
    EXTRA_TYPOS,
    IDENTITY_ERRORS,
    MINORITY_TIMES,
    MOBILE_TIMES,
)
from outcome_linkage.synthetic.randomness import Flags, Floats, Ints, Random

_LETTERS: Final = pl.Series(list("aeiourstlnmdhcpbgk"))


@dataclass(frozen=True)
class Errors:
    """For each record: which errors it has, where and how it is mistyped. `equal`: alike for everybody."""

    has: dict[str, Flags]
    kind: Ints
    place: Floats
    letter: Ints
    equal: bool

    def take(self, rows: Ints) -> Errors:
        """The errors of the records at `rows`."""
        has = {name: flags[rows] for name, flags in self.has.items()}
        return Errors(has, self.kind[rows], self.place[rows], self.letter[rows], self.equal)


def draw_errors(
    random: Random, sector: str, minority: Flags, mobile: Flags, *, equal_errors: bool = False
) -> Errors:
    """Independent errors for each record, more often for minority ethnic and mobile people.

    With `equal_errors` the chance of every error is the same for everybody: those that only some names can
    suffer give way to more typing errors.
    """
    size = len(minority)
    times = np.where(minority, MINORITY_TIMES, 1.0) * np.where(mobile, MOBILE_TIMES, 1.0)
    if equal_errors:
        times = np.full(size, EVERYONE_TIMES)
    has = {}
    for error in IDENTITY_ERRORS:
        rate = float(getattr(error, sector))
        if equal_errors and error.by_name:
            rate = 0.0
        elif equal_errors and error.name.endswith("name_typo"):
            rate += EXTRA_TYPOS
        chance = np.minimum(rate * times, max(rate, 0.98)) if error.unequal else rate
        has[error.name] = random.random(size) < chance
    kind, place = random.integers(0, 4, size), random.random(size)
    return Errors(has, kind, place, random.integers(0, len(_LETTERS), size), equal_errors)


def mistype(values: pl.Series, errors: Errors, which: Flags) -> pl.Series:
    """Where `which`, one character left out, doubled, exchanged with the next, or replaced."""
    rows = np.flatnonzero(which)
    frame = pl.DataFrame(
        {
            "text": values.gather(rows),
            "kind": errors.kind[rows],
            "place": errors.place[rows],
            "letter": _LETTERS.gather(errors.letter[rows]),
        }
    )
    text, length = pl.col("text"), pl.col("text").str.len_chars().cast(pl.Int64)
    at = (pl.col("place") * (length - 1)).floor().cast(pl.Int64).clip(0, None)
    head, here, after = text.str.slice(0, at), text.str.slice(at, 1), text.str.slice(at + 1, 1)
    tail = text.str.slice(at + 1, length)
    written = frame.select(
        pl.when(length < 3)
        .then(text + "e")
        .when(pl.col("kind") == 0)
        .then(head + tail)
        .when(pl.col("kind") == 1)
        .then(head + here + here + tail)
        .when((pl.col("kind") == 2) & (here.str.to_lowercase() != after.str.to_lowercase()))
        .then(head + after + here + text.str.slice(at + 2, length))
        .otherwise(head + pl.col("letter") + tail)
    ).to_series()
    return values.scatter(rows, written)


def mistype_postcode(values: pl.Series, errors: Errors, which: Flags) -> pl.Series:
    """Where `which`, the last or the next-to-last letter is another one."""
    rows = np.flatnonzero(which)
    last = pl.Series(np.array(list("ABDEFGHJLNPQRSTUWXYZ"))[errors.letter[rows]])
    text = values.gather(rows)
    ends = pl.DataFrame({"text": text, "last": last, "kind": errors.kind[rows] % 2})
    changed = (
        pl.when(pl.col("kind") == 0)
        .then(pl.col("text").str.slice(0, 7) + pl.col("last"))
        .otherwise(pl.col("text").str.slice(0, 6) + pl.col("last") + pl.col("text").str.slice(7, 1))
    )
    return values.scatter(rows, ends.select(changed).to_series())


def without_accents(values: pl.Series, which: Flags) -> pl.Series:
    """Where `which`, plain letters only."""
    rows = np.flatnonzero(which & values.str.contains(r"[^\x00-\x7f]").to_numpy())
    plain = [anyascii(name) for name in values.gather(rows).to_list()]
    return values.scatter(rows, pl.Series(plain, dtype=pl.String))


def alternative(
    table: Sequence[Sequence[str]], code: Ints, errors: Errors, values: pl.Series, which: Flags
) -> pl.Series:
    """Where `which`, one of the other forms that `table` holds for the name `code`, if it holds any."""
    number = np.array([len(forms) for forms in table])
    flat = pl.Series([form for forms in table for form in forms], dtype=pl.String)
    rows = np.flatnonzero(which & (number[code] > 0))
    start = np.cumsum(number) - number
    nth = (errors.place[rows] * number[code[rows]]).astype(np.int64)
    return values.scatter(rows, flat.gather(start[code[rows]] + nth))


def misdate(birth: Ints, errors: Errors) -> pl.Series:
    """Dates of birth as written: day and month exchanged, a part wrong, 1 January, or none."""
    date = pl.Series(birth.astype("datetime64[D]"))
    frame = pl.DataFrame(
        {
            "date": date,
            "shift": errors.kind,
            **{name: errors.has[name] for name in errors.has if name.startswith("dob_")},
        }
    )
    day, month, year = (pl.col("date").dt.day(), pl.col("date").dt.month(), pl.col("date").dt.year())
    exchanged = pl.when(day <= 12).then(pl.date(year, day, month)).otherwise(pl.col("date"))
    other_day = pl.when(day > 14).then(day - 10).otherwise(day + 10)
    other_year = year - pl.col("shift") % 2 - 1
    wrong = (
        pl.when(pl.col("shift") < 2)
        .then(pl.date(year, month, other_day))
        .otherwise(pl.date(other_year, month, pl.min_horizontal(day, pl.lit(28))))
    )
    return frame.select(
        pl.when("dob_missing")
        .then(None)
        .when("dob_first_of_january")
        .then(pl.date(year, 1, 1))
        .when("dob_one_part")
        .then(wrong)
        .when("dob_day_month")
        .then(exchanged)
        .otherwise("date")
        .alias("dob")
    ).to_series()
