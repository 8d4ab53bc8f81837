"""What a file says and nothing follows from: whoever wrote it believes that it does something."""

from __future__ import annotations

from collections.abc import Iterator

from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.rollout import ROLLED_OUT
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.cohort import CloneCensorWeight, Landmark
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.spec.predicates import LinkableTo
from outcome_linkage.evaluation.walk import of_kind

TIMED = ("binary", "time_to_event")
"""Kinds of outcome that something can compete with."""


def index_settings(study: Evaluation) -> Iterator[Fault]:
    """EV134: settings of day 0 that its anchor does not use."""
    index = study.index
    if index is None:
        return
    if index.event is None and index.lookback_required_days:
        why, remedy = "day 0 is no event that could be a person's first", "Use a criterion `covered_by`."
        yield _none(("index", "lookback_required_days"), why, remedy)
    if index.event is None and index.pick != "first":
        yield _none(("index", "pick"), "a person has only one such day", "Take it out.")
    judged = study.outcomes and study.followup
    if index.max_entry_delay_days and not judged and not any(of_kind(study, LinkableTo)):
        why = "no outcome is followed up, and no criterion asks for `linkable_to`"
        yield _none(("index", "max_entry_delay_days"), why, "Take it out.")


def followup_settings(study: Evaluation) -> Iterator[Fault]:
    """EV134: settings of follow-up and of outcomes."""
    follow = study.followup
    if follow is not None:
        if "arm_switch" in follow.censor_at and not isinstance(study.assignment, CloneCensorWeight):
            why = "only clones leave their arm"
            place = ("followup", "censor_at", follow.censor_at.index("arm_switch"))
            yield _none(place, why, "Take it out, or use `clone_censor_weight`.", "arm_switch")
        judged = "moved_out" in follow.censor_at or isinstance(study.assignment, Landmark)
        if follow.moved_out_grace_days and not judged:
            why = "moving out does not end follow-up"
            yield _none(("followup", "moved_out_grace_days"), why, "Add `moved_out` to `censor_at`.")
    for n, one in enumerate(study.outcomes):
        if one.competing and one.kind not in TIMED:
            why = f"nothing competes with a `{one.kind}` outcome"
            yield _none(("outcomes", n, "competing"), why, "Take it out.")
        if one.episode_gap_days and one.kind != "days":
            why = "only an outcome of `kind: days` has spells"
            yield _none(("outcomes", n, "episode_gap_days"), why, "Use `dedup_days`, or take it out.")


def blocks_of_other_designs(study: Evaluation) -> Iterator[Fault]:
    """EV134: blocks that the design does not read, and a comparison of one arm."""
    design = study.design.type
    if study.rollout and design not in ROLLED_OUT and not (study.measures or study.panel):
        why = f"a study of design `{design}` without measures or panel does not read it"
        yield _none(("rollout",), why, "Take it out, or choose another design.")
    if len(study.arms) == 1 and design in ("cohort", "matched_cohort"):
        why = "there is no other to compare it with"
        remedy = "Add an arm, such as one `otherwise`, or choose the design `descriptive`."
        yield _none(("arms", 0), why, remedy, study.arms[0].id)


def _none(path: KeyPath, why: str, remedy: str, name: str | None = None) -> Fault:
    return fault("EV134", path, what=f"`{name or path[-1]}`", why=why, remedy=remedy)
