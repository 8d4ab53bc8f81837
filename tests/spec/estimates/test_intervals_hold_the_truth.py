"""A small version of `benchmarks/evaluation/coverage.py`: 40 runs of each quick study, 8 of each drawn one.

Wide bounds: an interval of 95 % holds the truth in fewer than 32 of 40 runs once in 4,000.
"""

from __future__ import annotations

import pytest

from benchmarks.evaluation import generators
from benchmarks.evaluation.coverage import measured
from benchmarks.evaluation.studies import STUDIES, Study

SLOW = (
    "self-controlled",
    "exposure that changes",
    "matched, one to one",
    "matched, two to one, shared",
    "clones",
    "share reached, 60 units",
)
"""Studies of which fewer runs are made here."""


@pytest.fixture(autouse=True)
def _smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """The truth from 100,000 people: enough for these bounds."""
    monkeypatch.setattr("benchmarks.evaluation.studies.MILLION", 100_000)


@pytest.mark.slow
@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
def test_intervals_hold_the_truth(study: Study) -> None:
    """Planted effects; every estimate is made and unbiased within four of its own errors."""
    runs = 8 if study.bootstrapped or study.name in SLOW else 40
    for result in measured(study, True, runs):
        assert result.made == runs, result.row()
        assert result.coverage >= (0.5 if runs == 8 else 0.8), result.row()
        assert abs(result.bias) < 4 * result.model, result.row()


def test_nothing_is_planted_in_null_data() -> None:
    """Both outcomes of a person are the same where the effect is 0."""
    import numpy as np

    of = generators.people(np.random.default_rng(1), 500, 0.0)
    assert (of.risk[0] == of.risk[1]).all()
    assert (of.outcome_day[0] == of.outcome_day[1]).all()
