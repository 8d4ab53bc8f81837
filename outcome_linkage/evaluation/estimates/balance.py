"""`ev_balance`: how alike arms are on day 0, before and after weighting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from outcome_linkage.evaluation.estimates.sample import OBSERVED, Floats, floats

BALANCE: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("variable", "level", "arm"), pl.String),
    **dict.fromkeys(("n", "n_missing", "n_not_linkable", "n_not_covered"), pl.Int64),
    **dict.fromkeys(("pct", "mean", "sd", "p25", "p50", "p75"), pl.Float64),
    **dict.fromkeys(("smd_raw", "smd_weighted", "var_ratio"), pl.Float64),
    "flag": pl.String,
}
"""Columns and types of `ev_balance`, without those that every table has."""
BOUND = 0.1
NUMBER = "number"
"""Level of a characteristic that is a number."""
MISSING, NOT_LINKABLE, NOT_COVERED = 4, (1, 7), (2, 3)
"""Statuses of a value."""
WeightOf = Callable[[pl.DataFrame, str, str], Floats]
"""From the rows of two arms, and their names, to what each row counts; nan where arms cannot be weighted."""
Here = NDArray[np.bool_]
Cells = dict[tuple[str, str, str], dict[str, Any]]


def balance(
    frame: pl.DataFrame, arms: Sequence[str], variables: Mapping[str, str], weight_of: WeightOf
) -> pl.DataFrame:
    """One row for each variable, level and arm; `variables` are columns of the frame by name.

    Every arm is compared with the first, whose own rows have no differences. Standardised difference: of
    means (or shares) over the root of the mean of the arms' variances (Austin 2009, Statistics in Medicine
    28:3083); of levels each by itself; weighted, with the unweighted spread below it. A level that one of
    two arms has and the other not is `disjoint`, with an infinite difference if there are no others.
    `unknown` counts as missing.
    """
    cells: Cells = {}
    for arm in arms[1:] or arms:
        rows = frame.filter(pl.col("arm").is_in([arms[0], arm]))
        side = (rows["arm"] == arm).to_numpy()
        weight = weight_of(rows, arms[0], arm)
        for name, column in variables.items():
            cells.update(_variable(rows, (name, column), (arms[0], arm), side, weight))
    found = [
        {"variable": variable, "level": level, "arm": arm, **row}
        for (variable, level, arm), row in cells.items()
    ]
    return pl.DataFrame(found, schema=BALANCE).sort("variable", "level", "arm")


def _variable(
    rows: pl.DataFrame, named: tuple[str, str], pair: tuple[str, str], side: Here, weight: Floats
) -> Cells:
    """The cells of one variable in two arms; of the first arm what is not a comparison."""
    name, column = named
    status = _status(rows, column)
    known = (status == OBSERVED).to_numpy()
    made: Cells = {}
    for level, values in _levels(rows[column], known):
        both = (known & ~side, known & side)
        shown = [
            _described(level, values, here, status.filter(mine))
            for here, mine in zip(both, (~side, side), strict=True)
        ]
        made[name, level, pair[0]] = shown[0]
        if pair[0] != pair[1]:
            made[name, level, pair[1]] = {**shown[1], **_compared(level, values, both, weight)}
    return made


def _status(rows: pl.DataFrame, column: str) -> pl.Series:
    given = (
        rows[f"{column}_st"] if f"{column}_st" in rows.columns else pl.repeat(OBSERVED, len(rows), eager=True)
    )
    values = rows[column]
    blank = (
        values.is_null()
        if values.dtype.is_numeric()
        else (values.is_null() | (values.cast(pl.String).str.to_lowercase() == "unknown"))
    )
    return rows.select(pl.when(blank & (given == OBSERVED)).then(MISSING).otherwise(given).alias("status"))[
        "status"
    ]


def _levels(column: pl.Series, known: Here) -> list[tuple[str, Floats]]:
    if column.dtype.is_numeric():
        return [(NUMBER, floats(column))]
    text = column.cast(pl.String)
    levels = text.filter(pl.Series(known)).drop_nulls().unique().sort().to_list()
    return [(level, floats((text == level).fill_null(False))) for level in levels]


def _described(level: str, values: Floats, here: Here, status: pl.Series) -> dict[str, Any]:
    mine = values[here]
    counts = {
        "n": len(mine) if level == NUMBER else int(mine.sum()),
        "n_missing": int((status == MISSING).sum()),
        "n_not_linkable": int(status.is_in(NOT_LINKABLE).sum()),
        "n_not_covered": int(status.is_in(NOT_COVERED).sum()),
    }
    if not len(mine):
        return counts
    if level != NUMBER:
        return {**counts, "pct": 100 * float(mine.mean())}
    quarters = dict(zip(("p25", "p50", "p75"), np.quantile(mine, (0.25, 0.5, 0.75)).tolist(), strict=True))
    return {
        **counts,
        "mean": float(mine.mean()),
        "sd": float(mine.std(ddof=1)) if len(mine) > 1 else None,
        **quarters,
    }


def _compared(level: str, values: Floats, both: tuple[Here, Here], weight: Floats) -> dict[str, Any]:
    """The second arm against the first."""
    raw, weighted = (_difference(level, values, both, one) for one in (np.ones(len(values)), weight))
    spread = [_variance(level, values[here]) for here in both]
    apart = level != NUMBER and (values[both[0]].sum() > 0) != (values[both[1]].sum() > 0)
    shown = raw if weighted is None else weighted
    flag = "disjoint" if apart else "imbalanced" if shown is not None and abs(shown) > BOUND else "ok"
    ratio = spread[1] / spread[0] if spread[0] > 0 and level == NUMBER else None
    return {"smd_raw": raw, "smd_weighted": weighted, "var_ratio": ratio, "flag": flag}


def _difference(level: str, values: Floats, both: tuple[Here, Here], weight: Floats) -> float | None:
    """Standardised difference; infinite if arms differ and neither varies, 0 if they are equal throughout."""
    if any(not weight[here].sum() > 0 for here in both):
        return None
    first, other = (float((weight * values)[here].sum() / weight[here].sum()) for here in both)
    spread = float(np.sqrt(sum(_variance(level, values[here]) for here in both) / 2))
    if spread > 0:
        return (other - first) / spread
    return 0.0 if np.isclose(first, other, rtol=1e-9) else float(np.sign(other - first)) * np.inf


def _variance(level: str, values: Floats) -> float:
    """Of a sample of numbers; of a level `p (1 - p)`."""
    if level == NUMBER:
        return float(values.var(ddof=1)) if len(values) > 1 else 0.0
    return float(values.mean() * (1 - values.mean())) if len(values) else 0.0
