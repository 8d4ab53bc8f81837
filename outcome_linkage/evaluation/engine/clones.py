"""Weights of clones: how improbable it was, by what is known at day 0, to keep to an arm for so long.

Everybody starts in every arm and leaves those that they do not keep to; whoever stays stands for whoever left
and was like them. Leaving is modelled in each arm by logistic regression over short times (D'Agostino and
others 1990, Statistics in Medicine 9:1501, pooled); a clone's weight is the inverse of the probability of not
having left before its own end (Cain and others 2010, International Journal of Biostatistics 6:18; Robins and
Finkelstein 2000, Biometrics 56:779). Clones that left count 0: their time until then is in the weights.
"""

from __future__ import annotations

import warnings

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from outcome_linkage.evaluation.answers.frames import put
from outcome_linkage.evaluation.attributes import ATTRIBUTES
from outcome_linkage.evaluation.engine.facts import outcome_items
from outcome_linkage.evaluation.engine.person import attribute
from outcome_linkage.evaluation.estimates.covariates import matrix
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate, Covariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.models.engine import literal

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST_TIMES = 20
"""Times into which the days on which clones leave are put, so that each has about as many of them."""
SCHEMA = {"candidate_id": pl.Int64, "item": pl.String, "weight": pl.Float64}
_CLONES = """
-- one row per clone that came under risk: the last day it is followed, whether it left, and what was known
select p.candidate_id, p.arm,
    cast(case when coalesce(t.d, 0) > 0 then f.opens - p.index_date + t.t - 1
        else f.fu_end - p.index_date end as integer) as last_day,
    coalesce(t.d, 0) = 0 and f.censor_reason = 'arm_switch' as has_left{columns}
from study_followup as f
inner join study_member as p on p.candidate_id = f.candidate_id
left join study_time as t on t.candidate_id = f.candidate_id and t.item_no = f.item_no
left join cov_wide as x on x.candidate_id = f.candidate_id
{adversity}
where f.item = {item} and (f.fu_days > 0 or f.censor_reason = 'arm_switch')
order by p.candidate_id
"""


def make_weights(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> None:
    """`study_weight`: one row per clone and outcome. Needs `study_followup`, `study_time` and day 0.

    A weight is null where what is known at day 0 tells almost completely who leaves.
    """
    found = [_of_item(connection, study, one.item) for one in outcome_items(study)]
    put(connection, "study_weight", pl.concat([pl.DataFrame(schema=SCHEMA), *found]))


def _of_item(connection: duckdb.DuckDBPyConnection, study: Evaluation, item: str) -> pl.DataFrame:
    clones = connection.sql(_clones(study, item)).pl()
    names = [f"x_{one.id}" for one in study.covariates]
    made = [_of_arm(arm, names, study.estimates.truncate_weights_at) for arm in _arms(clones)]
    rows = pl.concat([pl.DataFrame(schema=SCHEMA).drop("item"), *made])
    return rows.select("candidate_id", pl.lit(item).alias("item"), "weight")


def _arms(clones: pl.DataFrame) -> list[pl.DataFrame]:
    return clones.partition_by("arm", maintain_order=True) if len(clones) else []


def _clones(study: Evaluation, item: str) -> str:
    columns = "".join(f", {_column(one)} as x_{one.id}" for one in study.covariates)
    adversity = "left join adv_score as s on s.candidate_id = f.candidate_id" if study.adversity else ""
    return _CLONES.format(columns=columns, adversity=adversity, item=literal(item))


def _column(one: Covariate) -> str:
    """Numbers as they are, groups as text."""
    if isinstance(one, AttributeCovariate):
        name = attribute(one.id)
        return f"cast({name} as varchar)" if ATTRIBUTES[one.id].categorical else name
    return f"x.x_{one.id}"


def _of_arm(clones: pl.DataFrame, covariates: list[str], truncate_at: float) -> pl.DataFrame:
    """Weights of the clones of one arm."""
    last = clones["last_day"].to_numpy().astype(np.float64)
    left = clones["has_left"].to_numpy()
    kept = keeping(matrix(clones, covariates), last, left)
    weight = np.where(left, 0.0, 1 / np.where(kept > 0, kept, np.nan))
    known = weight[~left & np.isfinite(weight)]
    if len(known):
        weight = np.minimum(weight, np.quantile(known, truncate_at))
    weights = pl.Series("weight", weight.round(9)).fill_nan(None)
    return clones.select(pl.col("candidate_id").cast(pl.Int64), weights)


def keeping(columns: Floats, last: Floats, left: Flags) -> Floats:
    """The probability of each clone of not having left before its last day; nan where it cannot be told.

    `last` is the last day followed, on which those who `left` did so; both in the order of `columns`.
    """
    if not left.any():
        return np.ones(len(last))
    times = _times(last[left])
    at_risk = [left & (last >= low) & (last <= high) | (last > (low + high) / 2) for low, high in times]
    people = np.concatenate([np.flatnonzero(here) for here in at_risk])
    time = np.repeat(np.arange(len(times)), [int(here.sum()) for here in at_risk])
    high = np.array([high for _, high in times])
    leaves = (left[people] & (last[people] <= high[time])).astype(np.float64)
    model = np.column_stack([time[:, None] == np.arange(len(times)), columns[people, 1:]])
    coefficients = _fitted(model.astype(np.float64), leaves)
    stays = np.ones(len(last))
    for n, (low, high_) in enumerate(times):
        risk = 1 / (1 + np.exp(-(coefficients[n] + columns[:, 1:] @ coefficients[len(times) :])))
        stays *= (1 - risk) ** np.clip((last - low) / (high_ - low + 1), 0, 1)
    return stays


def _times(days: Floats) -> list[tuple[float, float]]:
    """First and last day of each time, without days on which nobody leaves at either end."""
    cuts = np.unique(np.quantile(days, np.linspace(0, 1, MOST_TIMES + 1)[1:], method="higher"))
    known, found, low = np.unique(days), [], -np.inf
    for cut in cuts:
        within = known[(known > low) & (known <= cut)]
        found.append((float(within[0]), float(within[-1])))
        low = cut
    return found


def _fitted(model: Floats, leaves: Floats) -> Floats:
    """Coefficients of a logistic regression by statsmodels; nan where there is no solution."""
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    if leaves.all():
        return np.full(model.shape[1], np.nan)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = GLM(leaves, model, family=Binomial()).fit(maxiter=50)
    coefficients = np.asarray(found.params, dtype=np.float64)
    slopes = coefficients[-(model.shape[1] - 1) :]
    failed = (
        not found.converged or not np.all(np.isfinite(coefficients)) or np.abs(slopes).max(initial=0) > 15
    )
    return np.full(len(coefficients), np.nan) if failed else coefficients
