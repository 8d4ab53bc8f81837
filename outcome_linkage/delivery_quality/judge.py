"""The history judged: every figure of the last two years with its bounds, as one table."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from outcome_linkage.delivery_quality.ageing import Later, at_its_age, filled_by_age, filled_later
from outcome_linkage.delivery_quality.bounds import REACH, WINDOW, Bounds, Kind, Matrix, bounds, median
from outcome_linkage.delivery_quality.drift import BY_CHANCE, SLACK, drift
from outcome_linkage.delivery_quality.history import current

SHOWN = 24
"""Figures of each series that are judged and shown: two years of months."""
_WIDTH = SHOWN + WINDOW
LEAST = {"month": 12, "delivery": 3}
"""Figures before it that one must have to be judged: a year of months, or three deliveries."""


@dataclass(frozen=True)
class Measure:
    """What is judged. `low`, `high`: on which side of its bounds a figure is told; `slack`: see `bounds`."""

    title: str
    kind: Kind
    slack: float
    low: bool = False
    high: bool = True


MEASURES = {
    "rows": Measure("rows", "count", 0.2, low=True),
    "complete": Measure("filled in", "share", 0.05, low=True, high=False),
    "drift": Measure("code drift", "plain", SLACK),
    "new_code": Measure("new code", "share", 0.0),
    "rejected": Measure("rejected", "share", 0.02),
    "flagged": Measure("flags", "share", 0.05),
    "repeated": Measure("repeated rows", "share", 0.02),
    "after_end": Measure("dated after the covered time", "share", 0.02),
    "before_birth": Measure("dated before birth", "share", 0.02),
    "first_of_month": Measure("dated the first of a month", "share", 0.10),
    "outside": Measure("dated outside the covered time", "share", 0.10),
    "quiet": Measure("days without events at the end", "plain", 4.0),
}
ABSENT_IS_NONE = ("rejected", "repeated")
"""Measures without a line where there was nothing to count."""
POINTS = pl.Schema(
    {
        "supplier": pl.String,
        "table": pl.String,
        "by": pl.String,
        "measure": pl.String,
        "item": pl.String,
        "code": pl.String,
        "lag": pl.Int64,
        "n": pl.Float64,
        "of": pl.Float64,
        "centre": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "state": pl.String,
    }
)
"""A judged figure. `lag` 0 is the newest of its table. `low`, `high`: counts, shares, distances or days.

`state`: inside; low, high (out of bounds); season (it was so a year or two before); young (no history yet).
"""
_TABLE = ("supplier", "table", "by")
_KEY = (*_TABLE, "measure", "item", "code")


class _Series(NamedTuple):
    """Series of figures as matrices: one row of `n` and `of` for each row of `keys`, the newest first."""

    keys: pl.DataFrame
    n: Matrix
    of: Matrix


def judge(every: pl.DataFrame, later: Later = frozenset()) -> pl.DataFrame:
    """`POINTS` of the measures (`HISTORY`) of every delivery: of each time and table, those that hold.

    `later`: tables and columns of what may come to be known only later, such as the day of an outcome.
    """
    found = [pl.DataFrame(schema=POINTS)]
    placed = with_lag(current(every)).filter(pl.col("lag") < _WIDTH)
    for by in LEAST:
        of_kind = placed.filter(pl.col("by") == by)
        rows = _series(of_kind.filter(pl.col("measure") == "rows"))
        for name, measure in MEASURES.items():
            series = _series(of_kind.filter(pl.col("measure") == name))
            if name in ABSENT_IS_NONE:
                series = _filled(series, rows)
            if series.keys.height:
                points = _points(series, measure, _chance(name, series, rows), by, LEAST[by])
                by_age = (name, by) == ("complete", "month")
                found.append(_at_its_age(points, placed, every, later) if by_age else points)
        found += _code_points(_series(of_kind.filter(pl.col("measure") == "code")), by)
    return pl.concat(found)


def _at_its_age(
    points: pl.DataFrame, placed: pl.DataFrame, every: pl.DataFrame, later: Later
) -> pl.DataFrame:
    """Shares filled in, judged by months of the same age where deliveries before tell them."""
    lines = with_lag(filled_by_age(every)).filter(pl.col("lag") < _WIDTH)
    same = _points(_series(lines), MEASURES["complete"], None, "month", LEAST["delivery"])
    return at_its_age(points, same, placed, filled_later(every, later))


def with_lag(history: pl.DataFrame) -> pl.DataFrame:
    """The history with `lag`: how many months, or deliveries, a figure is older than the newest."""
    month = pl.col("at").dt.year().cast(pl.Int64) * 12 + pl.col("at").dt.month()
    sent = pl.concat_str("period", "number", separator="/").rank("dense", descending=True).over(_TABLE)
    by_month = month.max().over(_TABLE) - month
    lag = pl.when(pl.col("by") == "month").then(by_month).otherwise(sent.cast(pl.Int64) - 1)
    return history.with_columns(lag.alias("lag"))


def _series(lines: pl.DataFrame) -> _Series:
    keys = lines.select(_KEY).unique().sort(_KEY)
    placed = lines.join(keys.with_row_index("_at"), on=_KEY, nulls_equal=True, maintain_order="left")
    n, of = (np.full((keys.height, _WIDTH), np.nan) for _ in range(2))
    where = placed["_at"].to_numpy(), placed["lag"].to_numpy()
    n[where] = placed["n"].to_numpy()
    of[where] = placed["of"].cast(pl.Float64).to_numpy()
    return _Series(keys, n, of)


def _of_table(series: _Series, rows: _Series) -> npt.NDArray[np.int64]:
    """The row of `rows` that counts the table of each series."""
    index = rows.keys.select(_TABLE).with_row_index("_at")
    found = series.keys.select(_TABLE).join(index, on=_TABLE, how="left", maintain_order="left")
    return found["_at"].cast(pl.Int64).to_numpy()


def _filled(series: _Series, rows: _Series) -> _Series:
    """Nothing counted of what was read is none of it."""
    read = rows.of[_of_table(series, rows)]
    return _Series(series.keys, np.where(np.isnan(series.n) & (read > 0), 0.0, series.n), read)


def _chance(name: str, series: _Series, rows: _Series) -> Matrix | None:
    """Days without events: where events come at random, the time since the last is exponential."""
    if name != "quiet":
        return None
    usual = median(rows.n[_of_table(series, rows)])
    days = -log(BY_CHANCE) * 30.4 / np.maximum(usual, 1.0)
    return np.repeat(days[:, None] / REACH, _WIDTH, axis=1)


def _points(series: _Series, measure: Measure, chance: Matrix | None, by: str, least: int) -> pl.DataFrame:
    judged = bounds(
        series.n,
        series.of,
        measure.kind,
        shown=SHOWN,
        least=least,
        slack=measure.slack,
        chance=chance,
        yearly=by == "month",
    )
    return _frame(series, _states(judged, measure), judged.centre, judged.low, judged.high)


def _states(judged: Bounds, measure: Measure) -> npt.NDArray[np.object_]:
    states = np.full(judged.low.shape, "inside", dtype=object)
    states[np.isnan(judged.low)] = "young"
    states[judged.season] = "season"
    if measure.low:
        states[judged.below] = "low"
    if measure.high:
        states[judged.above] = "high"
    return states


def _code_points(codes: _Series, by: str) -> list[pl.DataFrame]:
    """Drift of each coded column, and the codes that are new."""
    if not codes.keys.height:
        return []
    columns = codes.keys.select(pl.struct(*_TABLE, "item").rank("dense").cast(pl.Int64) - 1).to_series()
    of_column = columns.to_numpy()
    starts = np.searchsorted(of_column, np.arange(of_column.max() + 1))
    there = np.maximum.reduceat(np.nan_to_num(codes.of), starts)[of_column]
    n = np.where(there > 0, np.nan_to_num(codes.n), np.nan)
    found = drift(n, of_column, shown=SHOWN, least=LEAST[by])
    keys = codes.keys[starts].with_columns(measure=pl.lit("drift"), code=pl.lit(None, pl.String))
    states = np.where(np.isnan(found.distance), "young", np.where(found.above, "high", "inside"))
    zero = np.zeros_like(found.high)
    distances = _Series(keys, found.distance, there[starts])
    new = np.asarray(found.is_new.any(axis=1))
    of_new = _Series(
        codes.keys.with_columns(measure=pl.lit("new_code")).filter(pl.Series(new)), n[new], there[new]
    )
    flags = np.where(found.is_new[new], "high", "inside")
    none = np.full(flags.shape, 0.0)
    return [
        _frame(distances, states, zero, zero, found.high),
        _frame(of_new, flags, none, none, none).filter(pl.col("state") == "high"),
    ]


def _frame(
    series: _Series, states: npt.NDArray[np.generic], centre: Matrix, low: Matrix, high: Matrix
) -> pl.DataFrame:
    """The newest figures as `POINTS`, those that there are."""
    height, width = states.shape
    lags = pl.Series("lag", np.tile(np.arange(width), height))
    numbers = {
        "n": series.n[:, :width],
        "of": series.of[:, :width],
        "centre": centre,
        "low": low,
        "high": high,
    }
    of_key = np.repeat(np.arange(height), width)
    frame = series.keys[of_key].with_columns(
        lags,
        *(pl.Series(name, np.ascontiguousarray(values).ravel()) for name, values in numbers.items()),
        pl.Series("state", states.ravel().tolist(), dtype=pl.String),
    )
    return frame.filter(pl.col("n").is_not_nan()).with_columns(pl.col(pl.Float64).fill_nan(None)).cast(POINTS)
