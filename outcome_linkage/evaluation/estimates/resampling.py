"""Weights of people and of seeded bootstrap draws of them, the propensity fitted anew in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from outcome_linkage.evaluation.estimates.covariates import matrix
from outcome_linkage.evaluation.estimates.estimate import Asked
from outcome_linkage.evaluation.estimates.propensity import Target, fitted, refitted, weights
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
    """

    def __init__(self, people: Sample, asked: Asked, weighting: Weighting) -> None:
        self._people, self._asked, self._truncate_at = people, asked, weighting.truncate_at
        self.target: Target = "att" if asked.estimand == "att" else "ate"
        self._columns = matrix(people.frame, weighting.covariates)
        self._propensity = fitted(self._columns, people.treated, people.weight)

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
            if min(base[people.treated == 1].sum(), base[people.treated == 0].sum()) == 0:
                continue
            try:
                score = refitted(self._columns, people.treated, base, self._propensity.coefficients)
            except np.linalg.LinAlgError:
                continue
            yield self._weights(score, base)

    def _weights(self, score: Floats, base: Floats) -> Floats:
        return weights(score, self._people.treated, self.target, self._truncate_at, base) * base
