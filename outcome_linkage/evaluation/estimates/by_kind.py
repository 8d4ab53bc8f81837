"""Which estimators answer a cohort, by the kind of outcome: plain first, weighted beside it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked, Estimate
from outcome_linkage.evaluation.estimates.incidence import incidences
from outcome_linkage.evaluation.estimates.means import difference_of_means
from outcome_linkage.evaluation.estimates.rates import rate_ratio
from outcome_linkage.evaluation.estimates.resampling import Weighting
from outcome_linkage.evaluation.estimates.risk import risks
from outcome_linkage.evaluation.estimates.weighted import weighted, weighted_incidences
from outcome_linkage.evaluation.spec.outcomes import Kind


def cohort_estimates(
    frame: pl.DataFrame,
    asked: Asked,
    kind: Kind,
    horizon: int,
    weighting: Weighting | None = None,
    censoring: Sequence[str] = (),
) -> list[Estimate]:
    """All estimates of one outcome of a cohort, `ev_person` in.

    A binary outcome whose follow-up is incomplete for some has the columns `o_<id>_t` and `o_<id>_d` too:
    its risk is then the cumulative incidence at `horizon`, with weights for `censoring` covariates.
    `weighting` None: no weighted estimates.
    """
    if kind == "time_to_event" or (kind == "binary" and _incomplete(frame, asked, horizon)):
        plain = incidences(frame, asked, horizon, censoring)
        return plain + (weighted_incidences(frame, asked, weighting, horizon, censoring) if weighting else [])
    if kind == "binary":
        return risks(frame, asked) + (weighted(frame, asked, weighting, "binary") if weighting else [])
    if kind == "count":
        return [rate_ratio(frame, asked)] + (weighted(frame, asked, weighting, "count") if weighting else [])
    beside = weighted(frame, asked, weighting, "continuous") if weighting else []
    return [difference_of_means(frame, asked), *beside]


def _incomplete(frame: pl.DataFrame, asked: Asked, horizon: int) -> bool:
    """Whether somebody was lost before the horizon, or came late."""
    day, kind, late = (f"o_{asked.outcome}_{ending}" for ending in ("t", "d", "e"))
    if day not in frame.columns:
        return False
    lost = (pl.col(kind) == 0) & (pl.col(day) < horizon)
    came_late = pl.col(late) > 0 if late in frame.columns else pl.lit(False)
    return bool(frame.select((lost | came_late).any()).item())
