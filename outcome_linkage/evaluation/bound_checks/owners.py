"""Disclosure control of a study is no weaker than the owners of its sources ask for."""

from __future__ import annotations

from collections.abc import Iterator

from outcome_linkage.evaluation.bound_checks.known import Known
from outcome_linkage.evaluation.problems import Fault
from outcome_linkage.evaluation.spec.evaluation import Evaluation
from outcome_linkage.evaluation.static_checks.protocol import cells_too_small
from outcome_linkage.release.profiles import PROFILES


def are_obeyed(study: Evaluation, known: Known) -> Iterator[Fault]:
    """EV401: the smallest cell is no smaller than the strictest owner allows; told of the first of these."""
    suppliers = {name for source in study.sources.use for name in known.suppliers.get(source, ())}
    owners = sorted(
        (-PROFILES[known.profiles[name]].hide_to, name) for name in suppliers & set(known.profiles)
    )
    for _, name in owners[:1]:
        yield from cells_too_small(study.governance.min_cell, PROFILES[known.profiles[name]], name)
