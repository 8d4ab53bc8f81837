"""Weights for people whose follow-up ends early for reasons that their covariates tell.

People are put into fifths of a score: the rate of being censored that their covariates predict, by a
Poisson regression within each arm. Within arm and fifth, the probability of not being censored so far is
estimated without a model. Weighting by its inverse is the same as standardising the Aalen-Johansen
estimates of the fifths (Satten and Datta 2001, American Statistician 55:207), which is how it is computed.
Fifths are merged where nobody is followed to the horizon.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from outcome_linkage.evaluation.estimates.covariates import kinds
from outcome_linkage.evaluation.estimates.curves import Times, curve
from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.sample import Floats, Ints, Sample

BANDS = (5, 4, 3, 2)


def strata_of_censoring(people: Sample, times: Times, horizon: int, covariates: Sequence[str]) -> Ints:
    """Fifths (or fewer) of the censoring score, numbered from 0; all 0 without covariates."""
    if not covariates:
        return np.zeros(len(people.treated), dtype=np.int64)
    columns, kind = kinds(people.frame, covariates)
    found = np.zeros(len(people.treated), dtype=np.int64)
    for arm in (0, 1):
        here = people.treated == arm
        score = censoring_score(columns, kind[here], times.part(here), horizon)
        found[here] = bands(score, times.part(here), horizon)
    return found


def censoring_score(columns: Floats, kind: Ints, times: Times, horizon: int) -> Floats:
    """Logarithm of the predicted rate of being censored before the horizon; `columns` of kinds of people.

    All 0, which is one stratum, where too few are censored for the rate to be told from covariates.
    """
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    lost = times.weight * ((times.kind == 0) & (times.day < horizon))
    days = times.weight * np.maximum(np.minimum(times.day, horizon) - times.entry, 0.5)
    censored, exposed = (np.bincount(kind, weights=one, minlength=len(columns)) for one in (lost, days))
    if (lost > 0).sum() <= columns.shape[1]:
        return np.zeros(len(kind))
    there = exposed > 0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        offset = np.log(exposed[there])
        try:
            fitted = GLM(censored[there], columns[there], family=Poisson(), offset=offset).fit(maxiter=25)
        except (ValueError, np.linalg.LinAlgError):  # the fit ran away: nobody of some kind is censored
            return np.zeros(len(kind))
    found: Floats = (columns @ fitted.params)[kind]
    return found if np.isfinite(found).all() else np.zeros(len(kind))


def bands(score: Floats, times: Times, horizon: int) -> Ints:
    """The most bands of the score in each of which somebody is followed to the horizon."""
    for many in BANDS:
        cuts = np.unique(np.quantile(score, np.arange(1, many) / many))
        found = np.searchsorted(cuts, score, side="left").astype(np.int64)
        if _followed(found, times, horizon):
            return found
    return np.zeros(len(score), dtype=np.int64)


def _followed(found: Ints, times: Times, horizon: int) -> bool:
    try:
        for one in np.unique(found):
            curve(times.part(found == one), horizon)
    except CannotEstimate:
        return False
    return True
