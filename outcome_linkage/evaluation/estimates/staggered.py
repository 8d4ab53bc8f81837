"""Difference-in-differences where units start at different times.

Group-time effects: the change in units that start in a period, from the period before it, less the change
in units that have not started yet or never do (Callaway and Sant'Anna 2021, Journal of Econometrics
225:200). Plain two-way fixed effects are not offered: they compare with units already treated.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from outcome_linkage.evaluation.estimates.estimate import Asked, CannotEstimate, Estimate, Scale, refused
from outcome_linkage.evaluation.estimates.few_clusters import inverted
from outcome_linkage.evaluation.estimates.interval import wald, within
from outcome_linkage.evaluation.estimates.panel import NEVER, Panel, panel_of
from outcome_linkage.evaluation.estimates.sample import FEW, Floats

GROUPS = 200
"""Most groups of the jackknife."""
DEALS = 999
"""Rollouts drawn for randomisation inference."""
METHOD = "did_group_time"
EVENT_TIME = "event_time="
"""Beginning of the subgroup of an effect by periods since the start."""
Wanted = Callable[[NDArray[Any]], Any]
"""Whether a gap between period and start is wanted."""


def staggered(given: pl.DataFrame | Panel, asked: Asked, scale: Scale = "rd") -> Estimate:
    """Mean effect on treated people and periods, from `ev_period` with calendar periods, or a panel.

    Group-time effects weighted by the people treated. Errors by the jackknife over units of assignment, at
    most 200 random groups of them (Kott 2001, Journal of Official Statistics 17:521); fewer than 40 units:
    interval by randomisation inference, start dates dealt out anew, for an effect that is the same for all.
    """
    return _estimate(given, asked, scale, _after)


def _after(gap: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(gap >= 0)


def event_study(
    given: pl.DataFrame | Panel, asked: Asked, scale: Scale = "rd", reach: int = 6
) -> list[Estimate]:
    """Effects by periods since the start, at most `reach` either way; `subgroup` says which.

    Before the start they should be 0: a test of parallel trends, against the period before the start. None
    where there is no panel, and of periods that no unit has: `staggered` says why there is no effect.
    """
    try:
        panel = given if isinstance(given, Panel) else panel_of(given, asked)
    except CannotEstimate:
        return []
    gaps = np.arange(len(panel.periods)) - panel.first[np.isfinite(panel.first), None]
    wanted = [gap for gap in np.unique(gaps).astype(int).tolist() if gap != -1 and abs(gap) <= reach]
    named = [(gap, replace(asked, subgroup=f"{EVENT_TIME}{gap}")) for gap in wanted]
    return [_estimate(panel, one, scale, partial(operator.eq, gap)) for gap, one in named]


def _estimate(given: pl.DataFrame | Panel, asked: Asked, scale: Scale, wanted: Wanted) -> Estimate:
    try:
        panel = given if isinstance(given, Panel) else panel_of(given, asked)
        shares = weights_of(panel.people, panel.first, wanted)
    except CannotEstimate as why:
        return refused(asked, METHOD, scale, why)
    est = float((shares * panel.total).sum())
    started = int(np.isfinite(panel.first).sum())
    counts: dict[str, Any] = {"n_a": started, "n_b": len(panel.first) - started}
    counts |= panel.events(wanted(np.arange(len(panel.periods)) - panel.first[:, None]))
    if len(panel.first) < FEW:
        return replace(_dealt(panel, asked, scale, est, wanted), **counts)
    se, groups = _jackknife(panel, asked.seed, wanted)
    return replace(wald(asked, METHOD, scale, est, se, groups - 1), **counts)


def weights_of(people: Floats, first: Floats, wanted: Wanted) -> Floats:
    """What each unit and period contributes: the effect is the sum of these times the sums of values.

    `wanted` says which gaps between period and start are averaged. Raises `CannotEstimate` if no group-time
    effect of them has a period before the start and units that have not started.
    """
    found = np.zeros_like(people)
    whole = 0.0
    columns = np.arange(people.shape[1])
    for group in np.unique(first[np.isfinite(first) & (first > 0)]).astype(int):
        base = group - 1
        here = first == group
        later = (first[:, None] > np.maximum(columns, base)) & ~here[:, None]
        treated, controls = people[here].sum(axis=0), (later * people).sum(axis=0)
        controls_before = later.T @ people[:, base]
        able = (
            (treated > 0) & (controls > 0) & (controls_before > 0) & (treated[base] > 0) & (columns != base)
        )
        weight = np.where(able & wanted(columns - group), treated, 0.0)
        found[here] += np.where(weight > 0, 1.0, 0.0)
        found[here, base] -= weight.sum() / treated[base] if treated[base] > 0 else 0.0
        found -= later * np.divide(weight, controls, out=np.zeros_like(weight), where=weight > 0)
        back = np.divide(weight, controls_before, out=np.zeros_like(weight), where=weight > 0)
        found[:, base] += later @ back
        whole += weight.sum()
    if whole == 0:
        raise CannotEstimate(
            "no unit that starts has both a period before its start and units that have not started by then."
        )
    return found / whole


def _jackknife(panel: Panel, seed: int, wanted: Wanted) -> tuple[float, int]:
    units = len(panel.first)
    groups = min(units, GROUPS)
    group = np.random.default_rng(seed).permutation(units) % groups
    values = []
    for one in range(groups):
        kept = group != one
        try:
            shares = weights_of(panel.people[kept], panel.first[kept], wanted)
        except CannotEstimate:
            return float("nan"), groups
        values.append(float((shares * panel.total[kept]).sum()))
    spread = np.array(values)
    return float(np.sqrt((groups - 1) / groups * ((spread - spread.mean()) ** 2).sum())), groups


def _dealt(panel: Panel, asked: Asked, scale: Scale, est: float, wanted: Wanted) -> Estimate:
    """Randomisation inference: an effect is taken away from treated cells, and start dates dealt out anew."""
    method = f"{METHOD}_randomisation_inference"
    if np.all(panel.first == panel.first[0]) or not np.any(panel.first != NEVER):
        return refused(asked, method, scale, "all units start together: dates cannot be dealt out anew.")
    random = np.random.default_rng(asked.seed)
    gaps = np.arange(len(panel.periods)) - panel.first[:, None]
    exposed = np.where(wanted(gaps), panel.people, 0.0)
    pairs = []
    for _ in range(DEALS):
        try:
            shares = weights_of(panel.people, random.permutation(panel.first), wanted)
        except CannotEstimate:
            continue
        pairs.append((float((shares * panel.total).sum()), float((shares * exposed).sum())))
    seen, moved = np.array(pairs).T
    shift = float((weights_of(panel.people, panel.first, wanted) * exposed).sum())

    def p(effect: float) -> float:
        as_far = np.abs(seen - effect * moved) >= abs(est - effect * shift) - 1e-12
        return (1 + int(as_far.sum())) / (1 + len(seen))

    se = float((seen - est * moved).std())
    lo, hi, why = inverted(p, est, se, asked.confidence)
    return (
        refused(asked, method, scale, why) if why else within(asked, method, scale, est, lo, hi, se, p(0.0))
    )
