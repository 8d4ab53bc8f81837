"""The rows that validation is measured on: invented episodes of care, with some faults of each kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

TABLE, YEAR, SEED = "ssda903_episodes", 2024, 1
FAULTY, REPEATED, UNREADABLE = 500, 1_000, 5_000
"""One row in so many has a fault of one kind, repeats the row before it, or has no date that can be read."""
NO_URN = "XXXXXXX"
"""What the return itself says of a place that others than Ofsted inspect."""


def landing(folder: Path) -> Path:
    """Where the delivery has landed."""
    return folder / "landing" / "bristol" / "2024-05" / "001"


def episodes(start: int, rows: int) -> pl.DataFrame:
    """Invented rows of the table, four to a child, the same each time; `dec` is text, as markers make it."""
    import numpy as np
    import polars as pl

    from schemas.catalogue import CONTRACTS

    random = np.random.default_rng([SEED, start])

    def some(values: list[str] | None, missing: float) -> pl.Series:
        picked = pl.Series([None, *(values or [])], dtype=pl.String)
        chosen = random.integers(1, len(picked), rows) * (random.random(rows) >= missing)
        return picked.gather(chosen)

    children = [random.bytes(16).hex() for _ in range(-(-rows // 4))]
    number = pl.int_range(rows, eager=True)
    since = number % 4 * 700 + pl.Series(random.integers(0, 600, rows))
    began = (pl.Series([date(2012, 1, 1)]).cast(pl.Int32) + since).cast(pl.Int32)
    areas = [f"E01{n:06d}" for n in range(14_370, 14_700)]
    values = {
        "record_key": pl.Series(children).gather(number // 4),
        "decom": began.cast(pl.Date),
        "dec": (began + 400).cast(pl.Int32).cast(pl.Date).dt.to_string("%Y-%m-%d"),
        "home_lsoa21": some(areas, 0.1),
        "pl_lsoa21": some(areas, 0.1),
        "urn": some([f"SC{n:06d}" for n in range(400_000, 400_900)], 0.3),
    }
    columns = CONTRACTS[TABLE].columns
    coded = {
        name: some(column.codes(YEAR), 0.4 * column.nullable)
        for name, column in columns.items()
        if column.kind == "code"
    }
    return spoilt(pl.DataFrame({name: {**values, **coded}[name] for name in columns}))


def spoilt(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with a few faults of each kind: values, copies, and rows that contradict another."""
    import polars as pl

    row = pl.int_range(pl.len())
    faults = {
        "place": pl.lit("ZZ"),
        "ls": pl.lit(None, pl.String),
        "home_lsoa21": pl.lit("somewhere"),
        "record_key": pl.lit("X12"),
    }
    bad = [
        pl.when(row % FAULTY == number).then(value).otherwise(pl.col(name)).alias(name)
        for number, (name, value) in enumerate(faults.items(), 10)
    ]
    marked = pl.when(row % UNREADABLE == 20).then(pl.lit("#UNREADABLE")).otherwise("dec").alias("dec")
    repeats = row % REPEATED == 1
    again = [
        pl.when(repeats).then(pl.col(name).shift(1)).otherwise(name).alias(name) for name in frame.columns
    ]
    differs = pl.when(row % (2 * REPEATED) == 1).then(pl.lit(NO_URN)).otherwise("urn").alias("urn")
    return frame.with_columns(bad).with_columns(marked).with_columns(again).with_columns(differs)
