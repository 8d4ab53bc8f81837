"""Ids as a spreadsheet leaves them: what can be put right, and what has been lost.

An id that has lost digits would make one person of two, so a column with such ids refuses the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from outcome_linkage.delivery.encoding.dates import look_up
from outcome_linkage.delivery.encoding.rekey import tidy_ids
from outcome_linkage.delivery.formats import RawTable, sum_of
from outcome_linkage.delivery.refusal import RawInputRefused

NUMBERS = ("nhs_number", "uprn")
"""Identifiers that are whole numbers: `.0` at their end means nothing."""
_SCIENTIFIC = r"^(\d)(?:\.(\d+))?E\+?(\d+)$"


def with_whole_ids(table: RawTable, columns: Sequence[str]) -> RawTable:
    """The table with ids in scientific notation written out, where every digit is there.

    Raises RawInputRefused, naming column and count, where digits have been lost.
    """
    for name in [name for name in columns if name in table.frame.columns]:
        ids = table.frame[name]
        scientific = ids.str.to_uppercase().str.contains(_SCIENTIFIC).fill_null(False)
        if scientific.any():
            written = _written_out(ids.filter(scientific).unique())
            lost = ids.filter(scientific).is_in(written.filter(written["number"].is_null())["id"].implode())
            if lost.any():
                raise _lost_digits(table, name, int(lost.sum()))
            found = look_up(ids, written["id"], written["number"])
            table = _with_column(
                table, found.zip_with(found.is_not_null(), ids), "id_written_out", scientific
            )
    for name in [name for name in NUMBERS if name in table.frame.columns]:
        table = replace(table, frame=table.frame.with_columns(pl.col(name).str.replace(r"^(\d+)\.0$", "$1")))
    return table


def with_noughts(table: RawTable, known: pl.Series) -> RawTable:
    """The table with the leading noughts that its record_keys have lost, as `known` (the ids of the people of
    the same return) has them.

    Only where no id of the table begins with a nought, so that a program took them all, and only for an id
    that is not itself known and without noughts is one known id alone.
    """
    ids = tidy_ids(table.frame["record_key"])
    whole = tidy_ids(known).drop_nulls().unique().rename("whole")
    if ids.str.starts_with("0").any() or not whole.str.starts_with("0").any():
        return table
    short = pl.DataFrame({"whole": whole, "short": whole.str.strip_chars_start("0")})
    short = short.filter(~pl.col("short").is_duplicated() & ~pl.col("short").is_in(whole.implode()))
    found = look_up(ids, short["short"], short["whole"])
    return _with_column(
        table,
        found.zip_with(found.is_not_null(), table.frame["record_key"]),
        "nought_restored",
        found.is_not_null(),
    )


def _written_out(ids: pl.Series) -> pl.DataFrame:
    """Each id and the number that it is; null where its digits do not reach down to the ones."""
    upper = pl.col("id").str.to_uppercase()
    first, digits = upper.str.extract(_SCIENTIFIC, 1), upper.str.extract(_SCIENTIFIC, 2).fill_null("")
    power = upper.str.extract(_SCIENTIFIC, 3).cast(pl.Int64, strict=False)
    return (
        ids.rename("id")
        .to_frame()
        .select("id", number=pl.when(digits.str.len_chars() == power).then(first + digits))
    )


def _with_column(table: RawTable, values: pl.Series, repair: str, repaired: pl.Series) -> RawTable:
    count = int(repaired.sum())
    repairs = sum_of([table.repairs, {repair: count}]) if count else table.repairs
    return replace(table, frame=table.frame.with_columns(values), repairs=repairs)


def _lost_digits(table: RawTable, column: str, count: int) -> RawInputRefused:
    letters = {layout.columns[column] for layout in table.layouts if column in layout.columns}
    return RawInputRefused(
        "ids_lost_digits",
        expected=f"ids in full in {column}",
        found=f"{count} in scientific notation, which a spreadsheet has shortened",
        where=", ".join(source.name for source in table.sources)
        + "".join(f", column {x}" for x in sorted(letters)),
        todo="Export from your system again, and do not save the file in a spreadsheet.",
    )
