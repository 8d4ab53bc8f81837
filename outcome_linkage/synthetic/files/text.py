"""Days, months and flags as the text of raw files, and the columns that every record of a person brings."""

from __future__ import annotations

from typing import Final

import polars as pl

from outcome_linkage.synthetic.people import Block
from outcome_linkage.synthetic.records import Books

ISO: Final = "%Y-%m-%d"
BRITISH: Final = "%d/%m/%Y"
Tables = dict[str, pl.DataFrame]


def dates(days: pl.Expr, style: str = ISO) -> pl.Expr:
    """Days since 1970 as written dates; null stays null."""
    return days.cast(pl.Int32).cast(pl.Date).dt.to_string(style)


def dates_up_to(days: pl.Expr, last: int, style: str = ISO) -> pl.Expr:
    """As `dates`, null for what lies after `last`: it has not happened yet."""
    return dates(pl.when(days <= last).then(days), style)


def flags(values: pl.Expr) -> pl.Expr:
    """Booleans as 1 and 0."""
    return values.cast(pl.Int8).cast(pl.String)


def clock(minutes: pl.Expr) -> pl.Expr:
    """Minutes of a day as hours and minutes."""
    return pl.format(
        "{}:{}",
        (minutes // 60).cast(pl.String).str.zfill(2),
        (minutes % 60).cast(pl.String).str.zfill(2),
    )


def event_ids(block: Block, prefix: str, number: pl.Expr) -> pl.Expr:
    """Ids of events, unique over all blocks: the prefix, three digits of the block, seven of the number."""
    return pl.lit(f"{prefix}{block.number:03d}") + number.cast(pl.String).str.zfill(7)


def filed(block: Block, held: Books, events: pl.DataFrame, table: str) -> pl.DataFrame:
    """Events (who, …) with the columns of the record under which they are filed: record_key, dob (ISO),
    birth_month, sex, ethnic."""
    row = held.ids(block.random(f"filed {held.supplier} {table}"), events["who"].to_numpy())
    about = held.records[row].select(
        pl.col("original_id").alias("record_key"),
        pl.col("dob").dt.to_string(ISO),
        pl.col("dob").dt.to_string("%Y-%m").alias("birth_month"),
        "sex",
        "ethnic",
        "upn",
    )
    return pl.concat([events, about], how="horizontal")
