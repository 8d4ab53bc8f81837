"""Weights of people and of seeded bootstrap draws of them, the propensity fitted anew in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from outcome_linkage.evaluation.estimates.covariates import kinds
from outcome_linkage.evaluation.estimates.estimate import Asked
from outcome_linkage.evaluation.estimates.propensity import Target, fitted, refitted, shares, weights
from outcome_linkage.evaluation.estimates.sample import Floats, Sample


@dataclass(frozen=True)
class Weighting:
    """How arms are made alike: covariates, and the quantile to which weights are cut. None: every weight is
    1.
    """

    covariates: Sequence[str] = ()
    truncate_at: float = 0.99


class Resampled:
    """A sample with its propensity, and the draws from it. Raises `CannotEstimate` if nobody can be
    compared.

    People with the same covariates have the same propensity: it is fitted to kinds of people, each in two
    arms, which is exact and costs little where covariates are groups and whole numbers.
    """

    def __init__(self, people: Sample, asked: Asked, weighting: Weighting) -> None:
        self._people, self._asked, self._truncate_at = people, asked, weighting.truncate_at
        self.target: Target = "att" if asked.estimand == "att" else "ate"
        self._kinds, kind = kinds(people.frame, weighting.covariates)
        self._cell = 2 * kind + people.treated.astype(np.int64)
        self._arm = np.tile([0.0, 1.0], len(self._kinds))
        total, share = self._arms_of(people.weight)
        self._propensity = fitted(self._kinds, share, total)

    def weights(self) -> Floats:
        """Weights as first fitted, times the people's own."""
        return self._weights(self._propensity.score, self._people.weight)

    def draws(self) -> Iterator[Floats]:
        """Weights of each draw of clusters with replacement; draws in which nothing can be fitted are left
        out.
        """
        random = np.random.default_rng(self._asked.seed)
        people, n = self._people, self._people.clusters
        for _ in range(self._asked.draws):
            often = np.bincount(random.integers(0, n, n), minlength=n)[people.cluster]
            base = people.weight * often
            total, share = self._arms_of(base)
            if min((total * share).sum(), (total * (1 - share)).sum()) == 0:
                continue
            try:
                score = refitted(self._kinds, share, total, self._propensity.coefficients)
            except np.linalg.LinAlgError:
                continue
            yield self._weights(score, base)

    def _arms_of(self, base: Floats) -> tuple[Floats, Floats]:
        return shares(self._cell // 2, self._people.treated, base, len(self._kinds))

    def _weights(self, score: Floats, base: Floats) -> Floats:
        size = len(self._arm)
        cells: Floats = np.bincount(self._cell, weights=base, minlength=size).astype(np.float64)
        many = np.bincount(self._cell[base > 0], minlength=size).astype(np.float64)
        made = weights(np.repeat(score, 2), self._arm, self.target, self._truncate_at, cells, many)
        found: Floats = made[self._cell] * base
        return found
