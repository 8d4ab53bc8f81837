"""`ev_balance`: how alike arms are, before and after weighting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.covariates import matrix
from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate
from outcome_linkage.evaluation.estimates.propensity import Target, fitted, weights
from outcome_linkage.evaluation.estimates.sample import Floats, floats

BALANCE: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("variable", "level", "arm"), pl.String),
    **dict.fromkeys(("n", "n_missing", "n_not_linkable", "n_not_covered"), pl.Int64),
    **dict.fromkeys(("pct", "mean", "sd", "p25", "p50", "p75"), pl.Float64),
    **dict.fromkeys(("smd_raw", "smd_weighted", "var_ratio"), pl.Float64),
    "flag": pl.String,
}
"""Columns and types of `ev_balance`, without those that every table has."""
BOUND = 0.1
NOT_LINKABLE, NOT_COVERED = 1, 2


@dataclass(frozen=True)
class _Arms:
    rows: pl.DataFrame
    treated: Floats
    weight: Floats


def balance(
    frame: pl.DataFrame, asked: Asked, covariates: Sequence[str], truncate_at: float = 0.99
) -> pl.DataFrame:
    """One row for each covariate, level and arm, `ev_person` in. Differences are the same in both rows.

    Standardised difference: of means (or shares) over the root of the mean of the arms' variances (Austin
    2009, Statistics in Medicine 28:3083); of levels each by itself. Weighted with the unweighted spread
    below it. A level that one arm has and the other not is `disjoint` with an infinite difference if nobody
    has others.
    """
    rows = frame.filter(pl.col("arm").is_in([asked.a, asked.b]))
    treated = (rows["arm"] == asked.a).to_numpy().astype(np.float64)
    if not 0 < treated.sum() < len(treated):
        raise CannotEstimate("one arm has nobody: there is nothing to compare.")
    arms = _Arms(rows, treated, _weights(rows, asked, treated, covariates, truncate_at))
    found = [row for name in covariates for row in _variable(arms, asked, name)]
    return pl.DataFrame(found, schema=BALANCE)


def _weights(
    rows: pl.DataFrame, asked: Asked, treated: Floats, covariates: Sequence[str], truncate_at: float
) -> Floats:
    """Weights that the estimates use; without figures (nan) where the arms cannot be weighted."""
    base = floats(rows["match_weight"].fill_null(1)) if "match_weight" in rows.columns else np.ones(len(rows))
    target: Target = "att" if asked.estimand == "att" else "ate"
    try:
        score = fitted(matrix(rows, covariates), treated, base).score
    except CannotEstimate:
        return np.full(len(rows), np.nan)
    return base * weights(score, treated, target, truncate_at, base)


def _variable(arms: _Arms, asked: Asked, name: str) -> list[dict[str, Any]]:
    column = arms.rows[name]
    if column.dtype.is_numeric():
        return _rows(arms, asked, name, None, floats(column), column)
    text = column.cast(pl.String)
    levels = text.drop_nulls().unique().sort().to_list()
    return [
        row
        for level in levels
        for row in _rows(arms, asked, name, level, floats((text == level).cast(pl.Float64)), column)
    ]


def _rows(
    arms: _Arms, asked: Asked, name: str, level: str | None, values: Floats, column: pl.Series
) -> list[dict[str, Any]]:
    known = column.is_not_null().to_numpy()
    sides = [known & (arms.treated == arm) for arm in (1, 0)]
    raw = _difference(values, np.ones(len(values)), sides)
    weighted = _difference(values, arms.weight, sides)
    spread = [float(values[side].var(ddof=1)) if side.sum() > 1 else np.nan for side in sides]
    ratio = spread[0] / spread[1] if level is None and spread[1] > 0 else None
    shown = raw if np.isnan(weighted) else weighted
    flag = "disjoint" if np.isinf(raw) else "imbalanced" if abs(shown) > BOUND else "ok"
    common = {
        "variable": name,
        "level": level,
        "smd_raw": _or_none(raw),
        "smd_weighted": _or_none(weighted),
        "var_ratio": ratio,
        "flag": flag,
    }
    return [
        {**common, **_described(arms, arm, name, level, values, side)}
        for arm, side in zip((asked.a, asked.b), sides, strict=True)
    ]


def _described(
    arms: _Arms, arm: str, name: str, level: str | None, values: Floats, side: Any
) -> dict[str, Any]:
    here = values[side]
    rows = arms.rows.filter(pl.col("arm") == arm)
    status = rows[f"{name}_st"] if f"{name}_st" in rows.columns else pl.repeat(0, len(rows), eager=True)
    counts = {
        "arm": arm,
        "n": len(here) if level is None else int(here.sum()),
        "n_missing": rows[name].null_count(),
        "n_not_linkable": int((status == NOT_LINKABLE).sum()),
        "n_not_covered": int((status == NOT_COVERED).sum()),
    }
    if level is not None or not len(here):
        return {**counts, "pct": 100 * float(here.mean()) if len(here) else None}
    quarters = dict(zip(("p25", "p50", "p75"), np.quantile(here, (0.25, 0.5, 0.75)).tolist(), strict=True))
    return {**counts, "mean": float(here.mean()), "sd": float(here.std(ddof=1)), **quarters}


def _difference(values: Floats, weight: Floats, sides: list[Any]) -> float:
    """Standardised difference; infinite if arms differ and neither varies, 0 if they are equal throughout."""
    if any(side.sum() == 0 for side in sides):
        return np.nan
    means = [float((weight * values)[side].sum() / weight[side].sum()) for side in sides]
    spread = np.sqrt(sum(float(values[side].var()) for side in sides) / 2)
    if np.isnan(means[0] - means[1]):
        return np.nan
    if spread == 0:
        return 0.0 if means[0] == means[1] else float(np.sign(means[0] - means[1])) * np.inf
    return float((means[0] - means[1]) / spread)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
