"""Tiny tables for rules, written as text: what a rule is given, and which rows it must flag.

A block is a table: its name, a line of columns, a line for each row. `child`, `person` or `patient` becomes
a record_key; a row that must be flagged ends in `<-`. What is not written is null. Tables of the year before
are named `last_year.<table>`, what was sent before `so_far.<table>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.rules.bench import LAST_YEAR, SO_FAR, Delivered, Inputs
from schemas.catalogue import CONTRACTS
from schemas.contract import Column
from tests.factories import key

PEOPLE = ("child", "person", "patient")
FLAG = "<-"
YEAR, PERIOD = 2024, "2024-07"


@dataclass(frozen=True)
class Table:
    """One block: the rows of `table`, in `schema` of the bench, and the numbers of those to be flagged."""

    schema: str
    table: str
    frame: pl.DataFrame
    flagged: tuple[int, ...]


def tables(example: str) -> list[Table]:
    """The blocks of an example, which an empty line parts."""
    blocks = "\n".join(line.strip() for line in example.strip().splitlines()).split("\n\n")
    return [_table(block.splitlines()) for block in blocks]


def inputs(found: list[Table], folder: Path, year: int | None = YEAR) -> Inputs:
    """The tables laid out as a delivery of `PERIOD`; what it holds was also sent so far."""
    own = {t.table: _sql(t, folder) for t in found if not t.schema}
    so_far = own | {t.table: _sql(t, folder) for t in found if t.schema == SO_FAR}
    return Inputs(
        period=PERIOD,
        delivered={name: Delivered(sql, year, CONTRACTS[name].has_person) for name, sql in own.items()},
        last_year={t.table: _sql(t, folder) for t in found if t.schema == LAST_YEAR},
        so_far=so_far,
    )


def _table(lines: list[str]) -> Table:
    schema, _, name = lines[0].rpartition(".")
    columns = CONTRACTS[name].columns
    head, *body = (_cells(line) for line in lines[1:])
    rows = [dict(zip(head, cells, strict=False)) for cells in body]
    flagged = tuple(number for number, cells in enumerate(body, 1) if cells[-1] == FLAG)
    values = {name: [_value(row, column) for row in rows] for name, column in columns.items()}
    unknown = set(head) - set(columns) - set(PEOPLE)
    assert not unknown, f"{name} has no column {unknown}"
    return Table(schema, name, _typed(values, columns), flagged)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _value(row: Mapping[str, str], column: Column) -> str | None:
    if column.name == "record_key":
        return key(next(row[name] for name in PEOPLE if name in row))
    text = row.get(column.name, "")
    if not text or text == FLAG:
        return None
    codes = column.codes()
    assert codes is None or text in codes, f"{text} is not a code of {column.name}"
    return text


def _typed(values: Mapping[str, list[str | None]], columns: Mapping[str, Column]) -> pl.DataFrame:
    text = pl.DataFrame(values, schema=dict.fromkeys(values, pl.String))
    return text.select(_as(column) for column in columns.values())


def _as(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    if column.dtype == pl.Boolean:
        return text == "yes"
    return text.str.to_date("%Y-%m-%d") if column.dtype == pl.Date else text.cast(column.dtype)


def _sql(table: Table, folder: Path) -> str:
    path = folder / f"{table.schema}.{table.table}.parquet"
    named = table.frame.with_row_index("_row", 1).with_columns(
        pl.col("_row").cast(pl.Int64), pl.lit(f"{table.table}.parquet").alias("_file")
    )
    named.write_parquet(path)
    return f"select * from read_parquet('{path}')"
