"""A stable supplier is not warned: how often bounds are passed by chance alone, for any size of table."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome_linkage.delivery_quality.bounds import Bounds, Kind, bounds
from outcome_linkage.delivery_quality.drift import drift

SERIES = 2_000
MOST_BY_CHANCE, MOST_UNSTEADY = 1 / 1_000, 1 / 100
FEWER = settings(max_examples=max(10, settings().max_examples // 4))
SEEDS = st.integers(0, 2**32 - 1)
PAST = st.integers(12, 30)


def judged(n: npt.NDArray[np.int64], of: float, kind: Kind) -> Bounds:
    """The newest figure of each series, with as little slack as may be."""
    figures = n.astype(np.float64)
    return bounds(figures, np.full_like(figures, of), kind, shown=1, least=12, slack=0.0)


def share_told(found: Bounds) -> float:
    """How many of the series would be told."""
    return float((found.below | found.above).mean())


@FEWER
@given(SEEDS, PAST, st.floats(0.1, 5_000))
def test_rows_that_vary_by_chance_are_not_told(seed: int, past: int, mean: float) -> None:
    """Poisson counts of any mean: at most one of a thousand (measured: none of 72,000)."""
    n = np.random.default_rng(seed).poisson(mean, (SERIES, past + 1))
    assert share_told(judged(n, np.nan, "count")) <= MOST_BY_CHANCE


@FEWER
@given(SEEDS, PAST, st.floats(0.02, 0.3))
def test_rows_that_always_varied_more_are_hardly_told(seed: int, past: int, unsteady: float) -> None:
    """A hundred rows a month, give or take up to 30% more than chance: at most one of a hundred."""
    random = np.random.default_rng(seed)
    means = 100 * random.gamma(1 / unsteady**2, unsteady**2, (SERIES, past + 1))
    assert share_told(judged(random.poisson(means), np.nan, "count")) <= MOST_UNSTEADY


@FEWER
@given(SEEDS, PAST, st.floats(0, 1), st.integers(1, 2_000))
def test_shares_that_vary_by_chance_are_not_told(seed: int, past: int, share: float, of: int) -> None:
    """Completeness and rejects of any size, also near none and all."""
    n = np.random.default_rng(seed).binomial(of, share, (SERIES, past + 1))
    assert share_told(judged(n, of, "share")) <= MOST_BY_CHANCE


@FEWER
@given(SEEDS, st.integers(12, 24), st.integers(1, 40), st.integers(1, 500))
def test_codes_that_vary_by_chance_are_not_told(seed: int, past: int, codes: int, rows: int) -> None:
    """Neither as drift nor as new, whatever the shares of the codes."""
    random = np.random.default_rng(seed)
    columns = 100
    shares = random.dirichlet(np.full(codes, 0.5), columns)
    n = np.stack([random.multinomial(rows, share, past + 1).T for share in shares]).reshape(-1, past + 1)
    found = drift(n.astype(np.float64), np.repeat(np.arange(columns), codes), shown=1, least=12)
    assert found.above.sum() == 0
    assert found.is_new[:, 0].sum() == 0
