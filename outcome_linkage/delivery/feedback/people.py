"""The same faults person by person, as a caseworker mends them: by the supplier's own record_key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Person:
    """One record_key, how many things are wrong in its rows, and each of them once, in words."""

    record_key: str
    faults: int
    lines: tuple[str, ...]
    original_id: str | None = None


def people(cells: pl.DataFrame, ids: pl.DataFrame | None) -> list[Person]:
    """Everybody with a fault to mend, the most faults first. `cells` are those of the pack, in its order.

    `ids` is the supplier's own map of `record_key` to `original_id`.
    """
    named = cells.drop_nulls("record_key")
    if ids is None:
        named = named.with_columns(original_id=pl.lit(None, pl.String))
    else:
        named = named.join(ids.unique("record_key"), on="record_key", how="left", maintain_order="left")
    columns = ["table", "column", "what", "letter", "sheet_row"]
    grouped = named.group_by("record_key", maintain_order=True).agg(pl.col("original_id").first(), *columns)
    found = [
        Person(row["record_key"], len(row["what"]), tuple(_lines(row, columns)), row["original_id"])
        for row in grouped.iter_rows(named=True)
    ]
    return sorted(found, key=lambda person: (-person.faults, person.record_key))


def _lines(row: dict[str, list[object]], columns: list[str]) -> Iterable[str]:
    """`table, column (cell): what`, each once and in order."""
    for table, column, what, letter, sheet_row in zip(*(row[name] for name in columns), strict=True):
        single = letter and "," not in str(letter)
        cell = (f"{letter}{sheet_row}" if single else f"row {sheet_row}") if sheet_row else ""
        place = f"{table}, {column or 'whole row'}" + (f" ({cell})" if cell else "")
        yield f"{place}: {what}".removesuffix(".")
