"""Weights that make two arms alike in their covariates."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.covariates import kinds
from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.sample import Floats, Ints

Target = Literal["att", "ate"]
APART, LEAST_COMPARABLE = 0.001, 0.5
"""Probability nearer to 0 or 1 than which an arm is told, and the least share of others; our own rules."""
MOST_STEPS, LONGEST_STEP, WIDEST = 50, 4.0, 12.0
"""Of Newton's method: how many steps, how long, and how far from 0 a coefficient starts."""
NEARLY = 1e-12
"""A probability is no nearer to 0 or 1 than this."""
RIDGE = 1e-6
"""Curvature that is added, so that a level that a draw lacks, or has in one arm only, has a coefficient."""


@dataclass(frozen=True)
class Propensity:
    """The probability of arm a given covariates: coefficients, and each person's."""

    coefficients: Floats
    score: Floats


def fitted(columns: Floats, treated: Floats, weight: Floats | None = None) -> Propensity:
    """Logistic regression of arm a by statsmodels.

    Raises `CannotEstimate` if an arm has nobody, or covariates tell the arms apart completely: then nobody
    can be compared.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    if not 0 < treated.sum() < len(treated):
        raise CannotEstimate("one arm has nobody.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = GLM(treated, columns, family=Binomial(), freq_weights=weight)
        found = model.fit(maxiter=50)
    score = np.asarray(found.fittedvalues, dtype=np.float64)
    shared = (score > APART) & (score < 1 - APART)
    comparable = float(np.average(shared, weights=weight))
    if not found.converged or not np.all(np.isfinite(score)) or comparable < LEAST_COMPARABLE:
        raise CannotEstimate("covariates tell the arms apart almost completely: there is nobody to compare.")
    return Propensity(np.asarray(found.params, dtype=np.float64), score)


def score_of(rows: pl.DataFrame, covariates: Sequence[str], treated: Floats, weight: Floats) -> Floats:
    """Each row's probability of arm a. Raises `CannotEstimate` as `fitted` does."""
    columns, kind = kinds(rows, covariates)
    total, share = shares(kind, treated, weight, len(columns))
    return fitted(columns, share, total).score[kind]


def shares(kind: Ints, treated: Floats, weight: Floats, many: int) -> tuple[Floats, Floats]:
    """Weight of each kind of people, and the share of it in arm a."""
    total, mine = (
        np.bincount(kind, weights=one, minlength=many).astype(np.float64)
        for one in (weight, weight * treated)
    )
    return total, np.divide(mine, total, out=np.zeros(many), where=total > 0)


def refitted(columns: Floats, treated: Floats, weight: Floats, start: Floats) -> Floats:
    """Scores from the same regression with other weights: Newton's steps from a solution nearby.

    The maximum is that of `fitted`, to which a test holds it; a fifth of the time, once for each bootstrap
    draw.
    """
    beta = np.clip(start, -WIDEST, WIDEST)
    ridge = np.full(len(beta), RIDGE)
    for _ in range(MOST_STEPS):
        score = 1 / (1 + np.exp(-(columns @ beta)))
        slope = columns.T @ (weight * (treated - score)) - ridge * beta
        curvature = (columns * (weight * score * (1 - score))[:, None]).T @ columns
        step = np.linalg.solve(curvature + np.diag(ridge), slope)
        step /= max(1.0, float(np.abs(step).max()) / LONGEST_STEP)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    else:
        raise np.linalg.LinAlgError
    found: Floats = 1 / (1 + np.exp(-(columns @ beta)))
    return found


def weights(
    score: Floats,
    treated: Floats,
    target: Target,
    truncate_at: float = 0.99,
    base: Floats | None = None,
    many: Floats | None = None,
) -> Floats:
    """Inverse-probability weights.

    `ate`: stabilised, the share of the own arm over the probability of the own arm (Robins, Hernan and
    Brumback 2000, Epidemiology 11:550). `att`: 1 in arm a, the odds of arm a in arm b (Sato and Matsuyama
    2003, Epidemiology 14:680). Weights beyond the quantile `truncate_at` are set to it (Cole and Hernan
    2008, American Journal of Epidemiology 168:656). `base` is how much each row counts for the share of
    arms, and `many` for how many people it stands in the quantile: one, or nobody without base.
    """
    score = np.clip(score, NEARLY, 1 - NEARLY)
    own = np.where(treated == 1, score, 1 - score)
    if target == "att":
        made = np.where(treated == 1, 1.0, score / (1 - score))
    else:
        share = float(np.average(treated, weights=base))
        made = np.where(treated == 1, share, 1 - share) / own
    if truncate_at < 1:
        stands_for = many if many is not None else (np.ones(len(made)) if base is None else base > 0)
        made = np.minimum(made, _quantile(made, np.asarray(stands_for, dtype=np.float64), truncate_at))
    found: Floats = made
    return found


def _quantile(values: Floats, many: Floats, at: float) -> float:
    """The quantile of values that occur so many times, interpolated as numpy does."""
    order = np.argsort(values)
    up_to = np.cumsum(many[order])
    place = at * (up_to[-1] - 1)
    below = np.floor(place)
    low, high = values[order[np.searchsorted(up_to, (below, min(below + 1, up_to[-1] - 1)), side="right")]]
    return float(low + (place - below) * (high - low))


def overlap(score: Floats, treated: Floats, bins: int = 20) -> float:
    """Share of the distributions of the propensity that arms have in common, 0 to 1, by twentieths."""
    edges = np.linspace(0, 1, bins + 1)
    shares = [np.histogram(score[treated == arm], edges)[0] / (treated == arm).sum() for arm in (0, 1)]
    return float(np.minimum(*shares).sum())
