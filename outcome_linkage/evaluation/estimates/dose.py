"""The effect of a dose: of the share of a unit that a rollout has reached, such as of its staff trained."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, refused
from outcome_linkage.evaluation.estimates.few_clusters import DRAWS, WIDEST, inverted
from outcome_linkage.evaluation.estimates.interval import wald, within
from outcome_linkage.evaluation.estimates.panel import Panel
from outcome_linkage.evaluation.estimates.sample import FEW, Floats

METHOD = "dose_poisson"
DOSE = "dose="
"""Beginning of the subgroup of an effect by dose; the rise of the share follows."""
LEAST_LEFT = 1e-4
"""Least share of the variance of the dose that units and periods leave."""


def by_dose(panel: Panel, asked: Asked, per: float) -> Estimate:
    """Ratio of rates for a share that is higher by `per`, the same wherever and whenever it rises.

    Poisson regression with a level for each unit and each period, by statsmodels' GLM: consistent whatever
    the distribution if the mean is right (Wooldridge 1999, Journal of Econometrics 90:77). Errors by the
    jackknife over units (MacKinnon, Nielsen and Webb 2023, Journal of Applied Econometrics 38:671). Fewer
    than 40 units: randomisation inference on the score, the courses of the dose dealt out anew among units.
    Units or periods without events say nothing of a ratio and are left out.
    """
    counts = _counts(panel)
    try:
        cells = _cells(panel)
        beta, se = _fitted(cells)
    except CannotEstimate as why:
        return refused(asked, METHOD, "irr", why, **counts)
    if len(cells.total) < FEW:
        return replace(_dealt(cells, asked, per, beta, se), **counts)
    made = wald(asked, METHOD, "irr", math.exp(per * beta), per * se, len(cells.total) - 1)
    return replace(made, **counts)


@dataclass(frozen=True)
class _Cells:
    """Units by periods: what a rate is per, events, dose; `known` where there was anything to be per."""

    people: Floats
    total: Floats
    dose: Floats
    known: NDArray[np.bool_]

    def levels(self) -> Floats:
        """A column for each unit, and for each period but the first; a row for each known cell."""
        units, periods = self.total.shape
        of_unit, of_period = np.repeat(np.eye(units), periods, axis=0), np.tile(np.eye(periods), (units, 1))
        return np.column_stack([of_unit, of_period[:, 1:]])[self.known.ravel()]


def _counts(panel: Panel) -> dict[str, Any]:
    """Units that are ever reached and that never are; events while somebody was reached, and before."""
    if panel.dose is None:
        return {}
    reached = int((panel.dose.max(axis=1) > 0).sum())
    return {"n_a": reached, "n_b": len(panel.dose) - reached, **panel.events(panel.dose > 0)}


def _cells(panel: Panel) -> _Cells:
    if panel.dose is None:
        raise CannotEstimate("nothing is known of the share that was reached.")
    rows, columns = panel.total.sum(axis=1) > 0, panel.total.sum(axis=0) > 0
    people, total, dose = (of[rows][:, columns] for of in (panel.people, panel.total, panel.dose))
    if min(total.shape, default=0) < 2:
        raise CannotEstimate("events in fewer than two units or two periods.")
    return _Cells(people, total, dose, people > 0)


def _fitted(cells: _Cells) -> tuple[float, float]:
    """The logarithm of the ratio for a share of 1, and its error."""
    levels, dose = cells.levels(), cells.dose[cells.known]
    left = dose - levels @ np.linalg.lstsq(levels, dose, rcond=None)[0]
    if not float(left @ left) > LEAST_LEFT * len(left) * max(float(dose.var()), 1e-12):
        raise CannotEstimate("the share that was reached has the same course in all units.")
    fitted = _poisson(cells, cells.total, np.column_stack([levels, dose]))
    return float(fitted.params[-1]), _jackknife(cells, np.asarray(fitted.mu))


def _jackknife(cells: _Cells, expected: Floats) -> float:
    """The error of the effect: each unit left out in turn, by one step of Newton's from the whole fit."""
    units, periods = cells.total.shape
    weight, left = np.zeros((2, units, periods))
    weight[cells.known], left[cells.known] = expected, cells.total[cells.known] - expected
    times = np.broadcast_to(np.eye(periods)[:, 1:], (units, periods, periods - 1))
    columns = np.concatenate([times, cells.dose[..., None]], axis=2)
    columns = columns - np.einsum("up,upk->uk", weight, columns)[:, None] / weight.sum(axis=1)[:, None, None]
    known = np.einsum("upj,up,upk->ujk", columns, weight, columns)
    score = np.einsum("upk,up->uk", columns, left)
    steps = np.einsum("ujk,uk->uj", np.linalg.pinv(known.sum(axis=0) - known, hermitian=True), -score)
    return float(np.sqrt((units - 1) / units * (steps[:, -1] ** 2).sum()))


def _poisson(cells: _Cells, total: Floats, columns: Floats) -> Any:
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    offset = np.log(cells.people[cells.known])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return GLM(total[cells.known], columns, family=Poisson(), offset=offset).fit()


def _dealt(cells: _Cells, asked: Asked, per: float, beta: float, se: float) -> Estimate:
    """The courses of the dose dealt out anew, after an effect was taken away from what was counted."""
    method = f"{METHOD}_randomisation_inference"
    random = np.random.default_rng(asked.seed)
    units = len(cells.total)
    order = np.stack([random.permutation(units) for _ in range(DRAWS)])
    levels = cells.levels()

    def p(effect: float) -> float:
        without = cells.total * np.exp(-effect * cells.dose)
        left = np.zeros_like(without)
        left[cells.known] = without[cells.known] - _poisson(cells, without, levels).mu
        score = left @ cells.dose.T
        drawn = np.abs(score[np.arange(units), order].sum(axis=1))
        as_far = drawn >= abs(float(np.trace(score))) * (1 - 1e-9)
        return (1 + int(as_far.sum())) / (1 + DRAWS)

    lo, hi, why = inverted(p, beta, se, asked.confidence, WIDEST)
    if why:
        return refused(asked, method, "irr", why)
    est, low, high = (math.exp(per * value) for value in (beta, lo, hi))
    return within(asked, method, "irr", est, low, high, per * se, p(0.0))
