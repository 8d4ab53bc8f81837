"""A rollout in steps in which every unit starts: the effect against units that have not, in each period."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, Scale, refused
from outcome_linkage.evaluation.estimates.few_clusters import DRAWS, inverted
from outcome_linkage.evaluation.estimates.interval import wald, within
from outcome_linkage.evaluation.estimates.panel import Panel, panel_of
from outcome_linkage.evaluation.estimates.sample import FEW, Floats

METHOD = "stepped_gee"


def stepped(given: pl.DataFrame | Panel, asked: Asked, scale: Scale = "rd") -> Estimate:
    """Effect of having started, from the means of units and periods of `ev_period`; each unit counts alike.

    Period effects and equal correlation within units (Hussey and Hughes 2007, Contemporary Clinical Trials
    28:182; Li, Turner and Preisser 2018, Biometrics 74:1450), by statsmodels' GEE with the bias-corrected
    errors of Mancl and DeRouen (2001, Biometrics 57:126). Fewer than 40 units: randomisation inference on
    the same estimate, the order of units dealt out anew (Wang and De Gruttola 2017, Statistics in Medicine
    36:2831).
    """
    try:
        panel = _complete(given if isinstance(given, Panel) else panel_of(given, asked))
        rho, est, se = _gee(panel)
    except CannotEstimate as why:
        return refused(asked, METHOD, scale, why)
    counts: dict[str, Any] = {"n_a": len(panel.first), "n_b": len(panel.first)}
    counts |= panel.events(panel.treated == 1)
    if len(panel.first) < FEW:
        return replace(_dealt(panel, asked, scale, rho), **counts)
    return replace(wald(asked, METHOD, scale, est, se, len(panel.first) - 2), **counts)


def _complete(panel: Panel) -> Panel:
    if np.any(panel.people == 0):
        raise CannotEstimate("some units have nobody in some periods: leave those units or periods out.")
    share = panel.treated.mean(axis=0)
    if not np.any((share > 0) & (share < 1)):
        raise CannotEstimate("there is no period in which some units have started and others have not.")
    return panel


def _gee(panel: Panel) -> tuple[float, float, float]:
    """Correlation within units, effect and its error."""
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Gaussian
    from statsmodels.genmod.generalized_estimating_equations import GEE

    units, periods = panel.people.shape
    mean = (panel.total / panel.people).ravel()
    columns = np.column_stack([np.tile(np.eye(periods), (units, 1)), panel.treated.ravel()])
    groups = np.repeat(np.arange(units), periods)
    if mean.std() == 0:
        raise CannotEstimate("values do not differ between units and periods.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = GEE(mean, columns, groups=groups, cov_struct=Exchangeable(), family=Gaussian())
        found = model.fit(cov_type="bias_reduced")
    rho = float(np.clip(model.cov_struct.dep_params, 0.0, 0.99))
    return rho, float(found.params[-1]), float(found.bse[-1])


def _dealt(panel: Panel, asked: Asked, scale: Scale, rho: float) -> Estimate:
    mean = panel.total / panel.people
    random = np.random.default_rng(asked.seed)
    orders = np.stack([random.permutation(len(panel.first)) for _ in range(DRAWS)])
    seen, moved = _linear(panel.treated[orders], rho, mean, panel.treated)
    est = float(_linear(panel.treated[None], rho, mean, panel.treated)[0][0])

    def p(effect: float) -> float:
        as_far = np.abs(seen - effect * moved) >= abs(est - effect) - 1e-12
        return (1 + int(as_far.sum())) / (1 + len(seen))

    method, se = "stepped_randomisation_inference", float((seen - est * moved).std())
    lo, hi, why = inverted(p, est, se, asked.confidence)
    return (
        refused(asked, method, scale, why) if why else within(asked, method, scale, est, lo, hi, se, p(0.0))
    )


def _linear(treated: Floats, rho: float, mean: Floats, exposed: Floats) -> tuple[Floats, Floats]:
    """Generalised least squares under each order (first axis), of the means and of what was in fact
    treated.
    """
    periods = mean.shape[1]
    shrink = rho / (1 + (periods - 1) * rho)
    centred = treated - treated.mean(axis=1, keepdims=True)
    part = centred - shrink * centred.sum(axis=2, keepdims=True)
    whole = (part * treated).sum(axis=(1, 2))
    return (part * mean).sum(axis=(1, 2)) / whole, (part * exposed).sum(axis=(1, 2)) / whole
