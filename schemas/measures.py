"""What the scores of questionnaires may be, read from `reference/measure_scales.csv`.

A questionnaire has a total, subscales, or both; each has its own lowest and highest score.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.contract import RowRule

MEASURE_SCALES = Path(__file__).parents[1] / "reference" / "measure_scales.csv"


class Scale(NamedTuple):
    """One scale of a questionnaire; `better` says whether lower or higher scores are better."""

    instrument: str
    scale: str
    low: float
    high: float
    better: str
    status: str
    source: str


@cache
def measure_scales() -> tuple[Scale, ...]:
    """Every scale, in the order of the file."""
    with MEASURE_SCALES.open(encoding="utf-8", newline="") as file:
        return tuple(
            Scale(
                row["instrument"],
                row["scale"],
                float(row["low"]),
                float(row["high"]),
                row["better"],
                row["status"],
                row["source"],
            )
            for row in csv.DictReader(file)
        )


def _bound(which: str) -> pl.Expr:
    """The lowest or highest score of the row's scale; null where the questionnaire has no such scale."""
    bounds = {f"{s.instrument} {s.scale}": getattr(s, which) for s in measure_scales()}
    named = pl.concat_str(["instrument", "scale"], separator=" ")
    return named.replace_strict(bounds, default=None, return_dtype=pl.Float64)


ROW_RULES = (
    RowRule(
        "scale_of_another_instrument",
        "scale",
        lambda: pl.col("instrument").is_not_null() & pl.col("scale").is_not_null() & _bound("low").is_null(),
    ),
    RowRule(
        "score_out_of_range", "score", lambda: ~pl.col("score").is_between(_bound("low"), _bound("high"))
    ),
)
"""A score stands on a scale that its questionnaire has, and within it."""
