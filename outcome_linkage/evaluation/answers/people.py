"""The people of a study as the estimators want them, and which of their columns are adjusted for."""

from __future__ import annotations

import re

import duckdb
import polars as pl

from outcome_linkage.evaluation.attributes import ATTRIBUTES
from outcome_linkage.evaluation.spec.covariates import AttributeCovariate
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.outcomes import Outcome

BASIC = ("age_index_years", "sex", "ethnicity5", "imd_quintile")
"""Characteristics whose balance every study shows."""
_KEYS = ("person_key", "trial_no", "arm", "period")
_USED = re.compile(
    r"cluster_key|match_set|match_weight|assignment_weight|entry_days|exposed|first_treated_period|event_time"
    r"|days_at_risk|whole_period|area_code|age_band|birth_year|a_score_cat|[oxk]_\w+"
)


_SUBGROUPS = """
left join (select person_key, trial_no, {columns} from temp.ev_person group by all) as p
    on p.person_key = t.person_key and p.trial_no = t.trial_no
"""


def people(
    connection: duckdb.DuckDBPyConnection, study: Evaluation, table: str = "ev_person"
) -> pl.DataFrame:
    """The rows of `ev_person` or `ev_period` in a fixed order, with the columns that estimators use.

    Groups are text, whatever they are written in; rows of periods have the person's subgroups.
    """
    there = connection.sql(f"select * from temp.{table} limit 0").columns
    keys = [name for name in _KEYS if name in there]
    groups = _of_person(connection, study)
    used = [name for name in there if _USED.fullmatch(name) or name in (*BASIC, *groups)]
    own = [name for name in groups if name not in there]
    columns = ", ".join([*(f"t.{name}" for name in (*keys, *used)), *(f"p.{name}" for name in own)])
    joined = (
        _SUBGROUPS.format(columns=", ".join(f"any_value({name}) as {name}" for name in own)) if own else ""
    )
    order = ", ".join(f"t.{name}" for name in keys)
    frame = connection.sql(f"select {columns} from temp.{table} as t {joined} order by {order}").pl()
    texts = [name for name in _groups(study) if name in frame.columns]
    return frame.with_columns(pl.col(texts).cast(pl.String))


def _of_person(connection: duckdb.DuckDBPyConnection, study: Evaluation) -> list[str]:
    """Columns of `ev_person` that make subgroups."""
    there = connection.sql("select * from temp.ev_person limit 0").columns
    wanted = dict.fromkeys(subgroup_column(study, name) for name in study.subgroups)
    return [name for name in wanted if name in there]


def _groups(study: Evaluation) -> list[str]:
    own = {f"x_{one.id}": one.id for one in study.covariates if isinstance(one, AttributeCovariate)}
    named = {**{name: name for name in BASIC}, **own}
    return [column for column, name in named.items() if ATTRIBUTES[name].categorical]


def covariates_of(study: Evaluation) -> list[str]:
    """Columns that are adjusted for."""
    return [f"x_{one.id}" for one in study.covariates]


def variables_of(study: Evaluation) -> dict[str, str]:
    """Columns whose balance is shown, by name: basic characteristics, and the study's covariates."""
    own = {one.id: f"x_{one.id}" for one in study.covariates if one.id not in BASIC}
    return {**{name: name for name in BASIC}, **own}


def subgroup_column(study: Evaluation, name: str) -> str:
    """Where a subgroup stands: a covariate of that name, else a characteristic."""
    if any(one.id == name for one in study.covariates):
        return f"x_{name}"
    return {"la_code": "area_code"}.get(name, name)


def arms_of(study: Evaluation) -> list[str]:
    """The arms in order; `all` where nothing is compared."""
    return [arm.id for arm in study.arms] or ["all"]


def horizon_of(outcome: Outcome) -> int:
    """Last day of an outcome, counted from the first of its window, which is day 1."""
    return outcome.window[1] - outcome.window[0] + 1
