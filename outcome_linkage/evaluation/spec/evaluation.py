"""One file, one study: the blocks of a specification together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from outcome_linkage.evaluation.spec.adversity import Adversity
from outcome_linkage.evaluation.spec.analysis import Diagnostics, Estimates, Output
from outcome_linkage.evaluation.spec.base import VERSION, Block, Id, Name, Text
from outcome_linkage.evaluation.spec.cohort import Arm, Assignment, Criterion, FollowUp, Index, Match
from outcome_linkage.evaluation.spec.costs import Costs
from outcome_linkage.evaluation.spec.covariates import Covariate
from outcome_linkage.evaluation.spec.design import Design
from outcome_linkage.evaluation.spec.examples import Example, Sensitivity
from outcome_linkage.evaluation.spec.outcomes import Measure, Outcome, Panel, Rollout
from outcome_linkage.evaluation.spec.study import Governance, Question, Sources, StudyPeriod

Status = Literal["draft", "registered", "locked"]


class Evaluation(Block):
    """One study. Days count from each person's index date, which is day 0; windows include both ends."""

    schema_version: Literal[1]
    """Version of this format."""
    id: Id
    """Name of the study; its tables lie in the schema `ev_<id>`."""
    title: Text
    """Title of the study."""
    version: Annotated[str, Field(pattern=VERSION, examples=["1.0.0"])]
    """Major: another population or primary outcome. Minor: something added. Patch: something corrected."""
    status: Status = "draft"
    """A draft, registered (outcomes may be shown by arm), or locked (nothing may change)."""
    question: Question = Question()
    """The question in words."""
    governance: Governance
    """Under what it is allowed."""
    study_period: StudyPeriod
    """Calendar time of the study."""
    sources: Sources
    """Which tables are read."""
    linkage_level: Literal["strict", "main", "broad"] = "main"
    """How sure a link must be; strict is surest."""
    design: Design
    """How the study answers."""
    index: Index | None = None
    """Where each person's time begins."""
    eligibility: tuple[Criterion, ...] = ()
    """Who is in, step by step, in this order."""
    arms: tuple[Arm, ...] = ()
    """The groups that are compared."""
    assignment: Assignment | None = None
    """When the arm is decided: what guards against immortal time."""
    match: Match | None = None
    """How arms are matched."""
    followup: FollowUp | None = None
    """From when to when outcomes count."""
    adversity: Adversity | None = None
    """Recorded adversity before the index date."""
    covariates: tuple[Covariate, ...] = ()
    """What is adjusted for; with `match`, only shown by arm, and used in weights for who left early."""
    outcomes: tuple[Outcome, ...] = ()
    """What is looked at."""
    measures: tuple[Measure, ...] = ()
    """Rates over calendar time."""
    rollout: Rollout | None = None
    """Which unit starts when."""
    panel: Panel | None = None
    """One row for each person and period."""
    costs: Costs | None = None
    """What the use of services costs."""
    subgroups: tuple[Name, ...] = ()
    """Attributes and covariates by which results are also shown."""
    sensitivity: tuple[Sensitivity, ...] = ()
    """The same study with something changed."""
    estimates: Estimates = Estimates()
    """How estimates are made."""
    diagnostics: Diagnostics = Diagnostics()
    """What must hold before outcomes are shown by arm."""
    output: Output = Output()
    """Which copies of the tables are written."""
    examples: tuple[Example, ...] = ()
    """Invented people with the result that is expected of them."""
