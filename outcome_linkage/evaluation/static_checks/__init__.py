"""What can be said of a study without any data. Each check yields faults; the order is that of the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from outcome_linkage.evaluation.problems import Fault
from outcome_linkage.evaluation.rollout import rollout_can_be_read
from outcome_linkage.evaluation.source import Source
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.static_checks import (
    characteristics,
    estimators,
    names,
    patches,
    protocol,
    scores,
    somebody,
    windows,
    without_effect,
)

CHECKS: tuple[Callable[[Evaluation], Iterator[Fault]], ...] = (
    names.unique_ids,
    names.sources_are_listed,
    names.references,
    names.more_references,
    names.columns_apart,
    names.listed_once,
    protocol.needed_blocks,
    protocol.one_anchor,
    protocol.keep_or_drop,
    protocol.one_otherwise,
    protocol.controls_apart,
    protocol.registered,
    protocol.disclosure,
    protocol.paid_once,
    somebody.day_0,
    somebody.outcomes_can_be_whole,
    somebody.criteria_say_something,
    somebody.arms_can_be_reached,
    somebody.criteria_leave_somebody_out,
    characteristics.have_the_value,
    characteristics.score_is_made,
    characteristics.few_values,
    characteristics.calipers_are_numbers,
    characteristics.split_by_something,
    without_effect.index_settings,
    without_effect.followup_settings,
    without_effect.blocks_of_other_designs,
    windows.not_reversed,
    windows.outcomes_in_follow_up,
    windows.known_at_index,
    windows.arms_are_decided_in_time,
    windows.matched_at_index,
    windows.not_censored_by_itself,
    windows.adversity,
    scores.categories_hold_every_score,
    scores.weights_are_complete,
    windows.panel_has_periods,
    windows.measures_have_periods,
    estimators.has_estimator,
    estimators.has_a_day,
    estimators.dose_can_be_told,
)


def static_faults(study: Evaluation, source: Source) -> Iterator[Fault]:
    """Everything that is wrong with a study of the right shape, its changes included."""
    check = partial(_of_study, source=source)
    yield from check(study)
    yield from patches.changes_are_valid(study, source, check)


def _of_study(study: Evaluation, source: Source) -> Iterator[Fault]:
    for check in CHECKS:
        yield from check(study)
    yield from rollout_can_be_read(study, source)
