"""Which offending values may be shown: codes, and only those that can be nothing else.

A value of a column of any other kind is never shown. One of a code column is shown when it is a code of that
column in some other year, or is so short that it names nobody: up to three letters and digits, but letters
alone only up to two. Everything else is told by its shape.
"""

from __future__ import annotations

import re

import polars as pl

from outcome_linkage.delivery.contract import Column, Contract
from outcome_linkage.delivery.encoding.convert import UNREADABLE

_SHORT = re.compile(r"(?=[A-Za-z]*\d)[A-Za-z0-9]{1,3}|[A-Za-z]{1,2}", re.ASCII)
REASON = "not_in_code_list"


def shown(value: str, column: Column) -> str | None:
    """The value if it may be shown, else its shape; null for the marker of a value left out at source."""
    if column.kind == "code" and (value in (column.codes() or ()) or _SHORT.fullmatch(value)):
        return value
    return _shape(value)


def shown_codes(faults: pl.DataFrame, table: pl.LazyFrame, contract: Contract) -> pl.DataFrame:
    """`faults` (`row`, `column`, `problem`) with `code`: what stands there, where it may be shown; else null.

    `table` is the delivered table. Only wrong codes of code columns are read.
    """
    wrong = faults.filter(pl.col("problem") == REASON).select("row", "column").unique()
    rows = table.with_row_index("row", 1)
    found = [pl.DataFrame(schema={"row": pl.Int64, "column": pl.String, "code": pl.String})]
    for (name,), of_column in wrong.partition_by("column", as_dict=True).items():
        column = contract.columns.get(str(name))
        if column is not None and column.kind == "code":
            values = rows.filter(pl.col("row").is_in(of_column["row"].implode())).select(
                pl.col("row").cast(pl.Int64), column=pl.lit(name), code=pl.col(str(name)).cast(pl.String)
            )
            found.append(_told(values.collect(), column))
    return faults.join(pl.concat(found), on=["row", "column"], how="left", maintain_order="left")


def _told(values: pl.DataFrame, column: Column) -> pl.DataFrame:
    distinct = values["code"].drop_nulls().unique()
    told = pl.Series([shown(value, column) for value in distinct], dtype=pl.String)
    return values.with_columns(
        code=pl.col("code").replace_strict(distinct, told, default=None, return_dtype=pl.String)
    )


def _shape(value: str) -> str | None:
    """What kinds of characters, and about how many: never which."""
    if value == UNREADABLE:
        return None
    kinds = [
        name
        for name, holds in (("letters", str.isalpha), ("digits", str.isdigit))
        if any(holds(character) for character in value)
    ]
    if any(not character.isalnum() for character in value):
        kinds.append("signs")
    return f"({len(value)} characters: {' and '.join(kinds) or 'blanks'})"
