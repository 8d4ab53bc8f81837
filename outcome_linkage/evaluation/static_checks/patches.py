"""Changes that a study tries out: each gives a study of its own, which is checked like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from outcome_linkage.evaluation.codes import CODES
from outcome_linkage.evaluation.problems import Fault, fault, words
from outcome_linkage.evaluation.shape import shaped
from outcome_linkage.evaluation.source import Source
from outcome_linkage.evaluation.spec.evaluation import Evaluation

VARIANTS = ("type", "strategy", "kind", "rule")
"""Names that tell variants of a block apart: a change of one replaces the whole block."""
NOT_TRIED = ("sensitivity", "examples", "id", "version", "status")
"""What a change cannot be about."""


def patched(data: Any, change: Any) -> Any:
    """`data` with a change laid over it: blocks are merged, lists and values replaced, null takes out."""
    if not isinstance(change, dict) or not isinstance(data, dict):
        return change
    if any(name in change and change[name] != data.get(name) for name in VARIANTS):
        return change
    merged = {name: value for name, value in data.items() if name not in change}
    laid_over = {n: patched(data.get(n), v) for n, v in change.items() if v is not None}
    return {**merged, **laid_over}


def changed(study_data: Any, change: Any) -> Evaluation | list[Fault]:
    """The study with one change, without the changes and examples of its own."""
    kept = {name: value for name, value in study_data.items() if name not in ("sensitivity", "examples")}
    return shaped(patched(kept, change))


def changes_are_valid(
    study: Evaluation, source: Source, check: Callable[[Evaluation], Iterable[Fault]]
) -> Iterator[Fault]:
    """EV150: a change brings no problem of its own. Problems of the study itself are told once, there."""
    before = {(one.code, one.path) for one in check(study)}
    for n, item in enumerate(study.sensitivity):
        path = ("sensitivity", n, "change")
        if about := [name for name in NOT_TRIED if name in item.change]:
            yield fault("EV150", path, inner=f"`{about[0]}` cannot be changed. Leave it out.")
            continue
        result = changed(source.data, item.change)
        if result == study.model_copy(update={"sensitivity": (), "examples": ()}):
            yield fault("EV150", path, inner="nothing changes. Say what differs, or leave the change out.")
            continue
        found = result if isinstance(result, list) else check(result)
        for one in found:
            if (one.code, one.path) not in before and CODES[one.code].severity == "error":
                where = ".".join(map(str, one.path))
                yield fault("EV150", path, inner=f"{one.code} {where}: {words(one, source)}")
