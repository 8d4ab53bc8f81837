"""Self-controlled case series: each person's rate after an exposure against their own at other times."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked, Estimate, refused
from outcome_linkage.evaluation.estimates.interval import RUNAWAY, wald

METHOD = "sccs_conditional_poisson"
BASELINE, BEFORE = "baseline", "pre_exposure"
YEAR = 365.25
_NO_EVENTS = "no events in the window or in the baseline: no finite ratio."
_TOO_FEW = "too few people with events to tell the window from age: no finite ratio."


def split_time(
    people: pl.DataFrame,
    events: pl.DataFrame,
    outcome: str,
    risk_windows: Mapping[str, tuple[int, int]],
    pre_exposure_days: int,
    age_bands: Sequence[int] = (),
) -> pl.DataFrame:
    """Person-time cut into windows and bands of age, with the events of each: one row a person and stretch.

    `people`: person_key, first_day and last_day of observation counted from the exposure (day 0),
    inclusive, and age_days on day 0. `events`: person_key, day. `age_bands`: years at which a new band
    begins. Windows inclusive; where they overlap the first listed counts. Returns person_key, window,
    age_band, days_at_risk, `o_<outcome>`.
    """
    edges = {
        0 - pre_exposure_days,
        *(day for first, last in risk_windows.values() for day in (first, last + 1)),
    }
    ages = [(pl.lit(math.ceil(years * YEAR)) - pl.col("age_days")).cast(pl.Int64) for years in age_bands]
    fixed = [pl.lit(day, dtype=pl.Int64) for day in sorted(edges | {0})]
    cuts = people.with_columns(start=pl.concat_list([pl.col("first_day").cast(pl.Int64), *fixed, *ages]))
    stretches = (
        cuts.explode("start")
        .filter((pl.col("start") >= pl.col("first_day")) & (pl.col("start") <= pl.col("last_day")))
        .unique(["person_key", "start"])
        .sort("person_key", "start")
        .with_columns(end=pl.col("start").shift(-1).over("person_key").sub(1).fill_null(pl.col("last_day")))
        .with_columns(
            window=_window(risk_windows, pre_exposure_days),
            age_band=_age_band(age_bands),
            days_at_risk=pl.col("end") - pl.col("start") + 1,
        )
    )
    seen = events.select("person_key", pl.col("day").cast(pl.Int64)).sort("person_key", "day")
    placed = seen.join_asof(
        stretches.select("person_key", "start", "end"),
        left_on="day",
        right_on="start",
        by="person_key",
        check_sortedness=False,
    ).filter(pl.col("day") <= pl.col("end"))
    counts = placed.group_by("person_key", "start").agg(pl.len().cast(pl.Int64).alias(f"o_{outcome}"))
    return (
        stretches.join(counts, on=["person_key", "start"], how="left")
        .with_columns(pl.col(f"o_{outcome}").fill_null(0))
        .group_by("person_key", "window", "age_band")
        .agg(pl.col("days_at_risk", f"o_{outcome}").sum())
        .sort("person_key", "window", "age_band")
    )


def _window(risk_windows: Mapping[str, tuple[int, int]], before: int) -> pl.Expr:
    start, found = pl.col("start"), pl.lit(BASELINE)
    if before:
        found = pl.when(start.is_between(-before, -1)).then(pl.lit(BEFORE)).otherwise(found)
    for name, (first, last) in reversed(list(risk_windows.items())):
        found = pl.when(start.is_between(first, last)).then(pl.lit(name)).otherwise(found)
    return found


def _age_band(age_bands: Sequence[int]) -> pl.Expr:
    age = (pl.col("start") + pl.col("age_days")) / YEAR
    band = pl.sum_horizontal(pl.lit(0), *((age >= years).cast(pl.Int32) for years in age_bands))
    return band.cast(pl.String)


def self_controlled(frame: pl.DataFrame, asked: Asked, risk_windows: Sequence[str]) -> list[Estimate]:
    """Rate ratio of each risk window against baseline, from the rows of `split_time`.

    Conditional Poisson regression by statsmodels, with bands of age and a window of its own before the
    exposure, since the outcome may change who is exposed (Farrington 1995, Biometrics 51:228; Whitaker and
    others 2006, Statistics in Medicine 25:1768). Only people with an event tell anything. `contrast` names
    the window.
    """
    value = f"o_{asked.outcome}"
    cases = frame.filter(pl.col(value).sum().over("person_key") > 0, pl.col("days_at_risk") > 0)
    questions = [replace(asked, a=window, b=BASELINE) for window in risk_windows]
    usable = [one for one in questions if _events(cases, value, one.a) and _events(cases, value, BASELINE)]
    found: dict[str, tuple[float, float]] = {}
    if usable:
        found = _fitted(cases, value, [one.a for one in usable])
    made = [
        wald(one, METHOD, "irr", *found[one.a])
        if one.a in found
        else refused(one, METHOD, "irr", _TOO_FEW if one in usable else _NO_EVENTS)
        for one in questions
    ]
    return [
        replace(one, **_counts(cases, value, window)) for one, window in zip(made, risk_windows, strict=True)
    ]


def _fitted(cases: pl.DataFrame, value: str, windows: Sequence[str]) -> dict[str, tuple[float, float]]:
    from statsmodels.discrete.conditional_models import ConditionalPoisson

    others = cases.filter(~pl.col("window").is_in([BASELINE, *windows]))
    drop = [name for name in others["window"].unique() if _events(cases, value, name) == 0]
    cases = cases.filter(~pl.col("window").is_in(drop))
    kept = sorted(set(others["window"].unique()) - set(drop))
    bands = [band for band in cases["age_band"].unique().sort().to_list() if _in_band(cases, value, band) > 0]
    cases = cases.filter(pl.col("age_band").is_in(bands)).filter(
        pl.len().over("person_key") > 1, pl.col(value).sum().over("person_key") > 0
    )
    names = [*windows, *kept]
    columns = [(cases["window"] == name).to_numpy() for name in names]
    columns += [(cases["age_band"] == band).to_numpy() for band in bands[1:]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fitted = ConditionalPoisson(
                cases[value].to_numpy(),
                np.column_stack(columns).astype(np.float64),
                groups=cases["person_key"].rank("dense").to_numpy().astype(np.int64),
                offset=np.log(cases["days_at_risk"].to_numpy()),
            ).fit(disp=0)
        except (ValueError, np.linalg.LinAlgError):  # statsmodels has no covariance: windows and ages are one
            return {}
    logs = {name: (float(fitted.params[n]), float(fitted.bse[n])) for n, name in enumerate(windows)}
    return {
        name: (math.exp(log), se)
        for name, (log, se) in logs.items()
        if abs(log) < RUNAWAY and 0 < se < RUNAWAY
    }


def _events(cases: pl.DataFrame, value: str, window: str) -> int:
    return int(cases.filter(pl.col("window") == window)[value].sum())


def _in_band(cases: pl.DataFrame, value: str, band: str) -> int:
    return int(cases.filter(pl.col("age_band") == band)[value].sum())


def _counts(cases: pl.DataFrame, value: str, window: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for arm, name in (("a", window), ("b", BASELINE)):
        rows = cases.filter(pl.col("window") == name)
        found[f"n_{arm}"] = rows["person_key"].n_unique()
        found[f"events_{arm}"] = int(rows[value].sum())
        found[f"pdays_{arm}"] = int(rows["days_at_risk"].sum())
    return found
