"""Two arms as a regression on one indicator, with robust errors: what risks, rates and means share."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from outcome_linkage.evaluation.estimates.sample import Floats, Sample


def mean_difference(people: Sample) -> tuple[float, float]:
    """Weighted difference of means and its robust standard error, by statsmodels' WLS."""
    from statsmodels.regression.linear_model import WLS

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = WLS(people.value, _design(people), weights=people.weight).fit(**_errors(people, "HC2"))
        return float(fitted.params[1]), float(fitted.bse[1])


def log_linear(people: Sample) -> tuple[float, float]:
    """Weighted ratio of means (of rates, with person-days) and the robust standard error of its logarithm.

    (nan, nan) if an arm has no events.
    """
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    with_events = {bool(arm) for arm in people.treated[(people.value > 0) & (people.weight > 0)]}
    if len(with_events) < 2:
        return math.nan, math.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = GLM(
            people.value,
            _design(people),
            family=Poisson(),
            offset=np.log(people.pdays),
            var_weights=people.weight,
        )
        fitted = model.fit(**_errors(people, "HC1"))
    return math.exp(float(fitted.params[1])), float(fitted.bse[1])


def _design(people: Sample) -> Floats:
    return np.column_stack([np.ones(len(people.treated)), people.treated])


def _errors(people: Sample, alone: str) -> dict[str, Any]:
    if people.clustered_by is None:
        return {"cov_type": alone}
    return {"cov_type": "cluster", "cov_kwds": {"groups": people.cluster}}
