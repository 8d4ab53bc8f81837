"""Interrupted time series: the level and the trend of a rate after a day, against what went before."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, refused
from outcome_linkage.evaluation.estimates.interval import within
from outcome_linkage.evaluation.estimates.sample import Floats, floats

METHOD = "its_poisson_hac"
LEAST = 8
"""Fewest periods before and after; our own rule."""
TERMS = ("level", "trend")


def interrupted(frame: pl.DataFrame, asked: Asked, periods_per_year: int = 12) -> list[Estimate]:
    """Change of level and of trend (per period) as rate ratios, from `ev_area_period` of one measure.

    Log-linear model of the numerator with the denominator as offset, a trend, and two pairs of sine and
    cosine for the season (Bhaskaran and others 2013, International Journal of Epidemiology 42:1187; Bernal,
    Cummins and Gasparrini 2017, same journal 46:348). Errors robust to autocorrelation and overdispersion
    (Newey and West 1987, Econometrica 55:703) over `1.3 sqrt(T)` lags, with the wider critical values that
    go with so many (Lazarus and others 2018, Journal of Business and Economic Statistics 36:541). Rows of
    one period are added up.
    """
    series = frame.group_by("t").agg(
        pl.col("numerator", "denominator").sum(), pl.col("level", "trend").first()
    )
    series = series.filter(pl.col("denominator") > 0).sort("t")
    try:
        _enough(series, periods_per_year)
        fitted, lags = _fitted(series, periods_per_year)
    except CannotEstimate as why:
        return [refused(replace(asked, subgroup=term), METHOD, "irr", why) for term in TERMS]
    after = series.filter(pl.col("level") == 1)
    counts: dict[str, Any] = {
        "n_a": len(after),
        "n_b": len(series) - len(after),
        "events_a": int(floats(after["numerator"]).sum()),
        "events_b": int(floats(series.filter(pl.col("level") == 0)["numerator"]).sum()),
    }
    made = [_estimate(fitted, place, lags / len(series), asked, term) for place, term in enumerate(TERMS, 2)]
    return [replace(one, **counts) for one in made]


def _enough(series: pl.DataFrame, periods_per_year: int) -> None:
    for level, words in ((0, "before"), (1, "after")):
        part = series.filter(pl.col("level") == level)
        if len(part) < LEAST:
            raise CannotEstimate(f"{len(part)} periods {words} the start; at least {LEAST} are needed.")
        if part["numerator"].sum() == 0:
            raise CannotEstimate(f"no events {words} the start.")
    if len(series) <= len(_season(series, periods_per_year)) + 8:
        raise CannotEstimate("fewer periods than the season and the trend need.")


def _season(series: pl.DataFrame, periods_per_year: int) -> list[Floats]:
    t = floats(series["t"])
    pairs = [k for k in (1, 2) if 2 * k < periods_per_year]
    return [turn(2 * math.pi * k * t / periods_per_year) for k in pairs for turn in (np.sin, np.cos)]


def _fitted(series: pl.DataFrame, periods_per_year: int) -> tuple[Any, int]:
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    t = floats(series["t"])
    columns = [np.ones(len(t)), t - t.mean(), floats(series["level"]), floats(series["trend"])]
    columns += _season(series, periods_per_year)
    lags = math.ceil(1.3 * math.sqrt(len(t)))
    model = GLM(
        floats(series["numerator"]),
        np.column_stack(columns),
        family=Poisson(),
        offset=np.log(floats(series["denominator"])),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}), lags


def _estimate(fitted: Any, place: int, share: float, asked: Asked, term: str) -> Estimate:
    from scipy import stats

    est, se = float(fitted.params[place]), float(fitted.bse[place])
    normal = float(stats.norm.ppf(0.5 + asked.confidence / 2))
    wider = widened(share)
    reach = normal * wider * se
    p = 2 * float(stats.norm.sf(abs(est) / (se * wider)))
    bounds = (math.exp(est), math.exp(est - reach), math.exp(est + reach))
    return within(replace(asked, subgroup=term), METHOD, "irr", *bounds, se, p)


def widened(share: float) -> float:
    """How much wider than normal the critical value of 95 % is when lags are this share of the series.

    Kiefer and Vogelsang 2005, Econometric Theory 21:1130, table 1, Bartlett kernel.
    """
    return (1.9600 + 2.9694 * share + 0.4160 * share**2 - 0.5324 * share**3) / 1.9600
