"""The categories of a score: each is one, and every score is in one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from outcome_linkage.evaluation.problems import Fault, fault
from outcome_linkage.evaluation.source import KeyPath
from outcome_linkage.evaluation.spec.adversity import CountDomains, Weighted
from outcome_linkage.evaluation.spec.evaluation import Evaluation

_CATEGORY = re.compile(r"\s*(?P<low>\d+(?:\.\d+)?)(?:(?P<more>\+)|-(?P<high>\d+(?:\.\d+)?))?\s*")
Ends = tuple[float, float]
"""Lowest and highest score of a category."""


def categories_hold_every_score(study: Evaluation) -> Iterator[Fault]:
    """EV212: `0`, `2-3` or `4+`; every number of domains is in exactly one."""
    score = study.adversity.score if study.adversity else None
    if study.adversity is None or score is None or not score.categories:
        return
    path: KeyPath = ("adversity", "score", "categories")
    ends = [_ends(label) for label in score.categories]
    for n, found in enumerate(ends):
        if found is None:
            wrong = f"`{score.categories[n]}` is no category such as `0`, `2-3` or `4+`"
            yield fault("EV212", (*path, n), found=wrong)
    known = [found for found in ends if found is not None]
    counted = len(known) == len(ends) and isinstance(score, CountDomains)
    misplaced = _misplaced(known, len(study.adversity.domains)) if counted else None
    if misplaced:
        yield fault("EV212", path, found=misplaced)


def weights_are_complete(study: Evaluation) -> Iterator[Fault]:
    """EV212: a weighted score has a weight for every domain that is listed."""
    score = study.adversity.score if study.adversity else None
    if study.adversity is None or not isinstance(score, Weighted):
        return
    for domain in study.adversity.domains:
        if domain not in score.weights:
            wrong = f"domain `{domain}` has no weight, and would not count"
            yield fault("EV212", ("adversity", "score", "weights"), found=wrong)


def _ends(label: str) -> Ends | None:
    found = _CATEGORY.fullmatch(label)
    if found is None:
        return None
    low = float(found["low"])
    return (low, float("inf")) if found["more"] else (low, float(found["high"] or low))


def _misplaced(categories: Sequence[Ends], most: int) -> str | None:
    """The first number of domains, up to `most`, that is in no category or in several."""
    for score in range(most + 1):
        held = sum(low <= score <= high for low, high in categories)
        if held != 1:
            return f"a score of {score} is in {'no category' if not held else 'several categories'}"
    return None
