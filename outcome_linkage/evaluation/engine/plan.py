"""The steps of a study in order: from the study's own facts to the tables of its schema."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from outcome_linkage.evaluation.costs.uses import resource_items
from outcome_linkage.evaluation.engine.adversity import adversity_steps
from outcome_linkage.evaluation.engine.area import area_steps
from outcome_linkage.evaluation.engine.calendar import calendar_step
from outcome_linkage.evaluation.engine.clones import make_weights
from outcome_linkage.evaluation.engine.cohort import cohort_steps, criteria, rule_items
from outcome_linkage.evaluation.engine.facts import (
    Item,
    covariate_items,
    is_cloned,
    items_step,
    outcome_items,
    sets_step,
)
from outcome_linkage.evaluation.engine.followup import eligible_steps, followup_steps
from outcome_linkage.evaluation.engine.index import index_steps
from outcome_linkage.evaluation.engine.match import make_match
from outcome_linkage.evaluation.engine.period import period_steps
from outcome_linkage.evaluation.engine.person import person_steps, wide_before
from outcome_linkage.evaluation.engine.rules import Rules
from outcome_linkage.evaluation.engine.seeing import seeing_steps
from outcome_linkage.evaluation.engine.started import rollout_step
from outcome_linkage.evaluation.engine.step import Step, take
from outcome_linkage.evaluation.engine.timeline import has_periods
from outcome_linkage.evaluation.engine.told import cohort_table, told_steps
from outcome_linkage.evaluation.engine.values import value_steps
from outcome_linkage.evaluation.spec.base import Event
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.walk import of_kind

_EVENT = """
-- the recorded events of candidates, read once
select e.* from in_event as e
where e.person_id in (select person_id from study_candidate)
"""
_TERM = """
-- terms whose totals are recorded, of anybody
select distinct concept, source, event_date as term_from, end_date as term_to
from study_event
where denominator is not null and counts = 'yes'
"""
_MEMBER = """
-- nobody is matched: everybody counts once
select e.*, cast(null as varchar) as match_set, cast(1 as double) as match_weight from study_eligible as e
"""


def concepts_of(study: Evaluation) -> set[str]:
    """Every concept that the study looks for."""
    items = [*rule_items(study), *outcome_items(study), *covariate_items(study)]
    index = {study.index.event.concept} if study.index and study.index.event else set()
    domains = set(study.adversity.domains) if study.adversity else set()
    alone = {event.concept for _, event in of_kind((study.measures, study.followup), Event)}
    return {one.concept for one in items if one.concept} | index | domains | alone


def cohort_plan(study: Evaluation) -> list[Step]:
    """Who is in: up to `study_eligible`. The study has an index."""
    grace = study.followup.moved_out_grace_days if study.followup else 0
    outcomes, covariates = outcome_items(study), covariate_items(study)
    return [
        *index_steps(study),
        Step("study_event", _EVENT),
        Step("study_term", _TERM),
        sets_step([*outcomes, *covariates, *rule_items(study), *resource_items(study)]),
        *seeing_steps(grace),
        *cohort_steps(study),
        *eligible_steps(study),
    ]


def before_plan(study: Evaluation) -> list[Step]:
    """What is known of the eligible at day 0: covariates and adversity."""
    steps = [
        items_step("cov_item", covariate_items(study)),
        *value_steps("cov", "study_eligible", "cov_item"),
    ]
    if study.adversity is not None:
        steps += adversity_steps(study.adversity)
    return [*steps, *wide_before(study)]


def member_plan(study: Evaluation) -> list[Step]:
    """What became of the people of the study. Needs `study_member`."""
    items: list[Item] = outcome_items(study)
    return [
        items_step("out_item", items),
        *value_steps("out", "study_member", "out_item"),
        *followup_steps(study, items),
    ]


def make_people(connection: duckdb.DuckDBPyConnection, study: Evaluation, folder: Path | None = None) -> None:
    """Who is in, and what became of them: everything up to `ev_person`. The study has an index."""
    take(connection, [rollout_step(study, folder), *cohort_plan(study), *before_plan(study)])
    if study.match is None:
        take(connection, [Step("study_member", _MEMBER)])
    else:
        make_match(connection, study)
    take(connection, member_plan(study))
    if is_cloned(study):
        make_weights(connection, study)
    take(connection, person_steps(study))


@dataclass(frozen=True)
class Run:
    """A study, and the folder of the files that it names."""

    study: Evaluation
    folder: Path | None = None


def after_plan(context: Run) -> list[Step]:
    """The tables that are made of the people of the study, and those over time."""
    study = context.study
    steps: list[Step] = []
    if study.index is not None:
        steps += [cohort_table([one.id for one in criteria(study, Rules(study))]), *told_steps(study)]
        steps.append(calendar_step(study))
    return [*steps, *time_steps(study, context.folder)]


def time_steps(study: Evaluation, folder: Path | None = None) -> list[Step]:
    """The tables over time: of people by period, of places over the calendar."""
    periods = period_steps(study) if has_periods(study) else []
    return [*periods, *(area_steps(study, folder) if study.measures else [])]


def tables_of(study: Evaluation) -> list[str]:
    """The tables that a study gets."""
    people = [
        "ev_cohort",
        "ev_person",
        "ev_person_source",
        "ev_event",
        "ev_attrition",
        "ev_balance",
        "ev_missingness",
        "ev_linkage",
        "ev_ascertainment",
        "ev_censoring",
        "ev_coverage",
    ]
    names = [*people, "ev_survival"] if study.index is not None else []
    names += ["ev_period"] if has_periods(study) else []
    names += ["ev_costs", "ev_consequences", "ev_cea"] if names and study.costs else []
    names += ["ev_area_period"] if study.measures else []
    return [*names, "ev_estimates", "ev_diagnostics", "ev_measures", "ev_codebook"]
