"""Events drawn by thinning come at the rate that they should."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outcome_linkage.synthetic import hazards
from outcome_linkage.synthetic.effects import Process
from outcome_linkage.synthetic.hazards import Risk, events, first_days
from outcome_linkage.synthetic.window import NEVER, YEAR

SIZE, DAYS = 40_000, 730


def risk(age: float = 10, quintile: int = 3) -> Risk:
    """People of one age, half of them female, at risk for two years."""
    birth = np.full(SIZE, -int(age * YEAR))
    return Risk(
        birth, np.arange(SIZE) % 2 == 0, np.full(SIZE, quintile), np.zeros(SIZE, int), np.full(SIZE, DAYS)
    )


def test_the_rate_is_that_of_age_and_sex() -> None:
    """Nothing before the age at which the rate begins; females and males by their own rates."""
    process = Process("x", ((0, 0.0, 0.0), (11, 0.5, 0.1)))
    found = events(np.random.default_rng(1), process, risk(age=10), {})
    assert found["day"].min() >= 364
    female = (found["who"] % 2 == 0).sum()
    assert female == pytest.approx(SIZE / 2 * 0.5 * 1.0, rel=0.05)
    assert found.height - female == pytest.approx(SIZE / 2 * 0.1 * 1.0, rel=0.08)


def test_deprivation_multiplies_it() -> None:
    """By the entry for the quintile."""
    process = Process("x", ((0, 0.2, 0.2),), (2.0, 1.0, 1.0, 1.0, 0.5))
    most, least = (events(np.random.default_rng(1), process, risk(quintile=q), {}).height for q in (1, 5))
    assert most / least == pytest.approx(4, rel=0.06)


def test_an_adversity_multiplies_it_from_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not on its own day, and not before."""
    monkeypatch.setattr(hazards, "ratios", lambda outcome: {"neglect": 3.0})
    process = Process("x", ((0, 0.2, 0.2),))
    onset = np.where(np.arange(SIZE) % 2 == 0, 365, NEVER)
    found = events(np.random.default_rng(1), process, risk(), {"neglect": onset})
    exposed = found.filter(pl.col("who") % 2 == 0)
    before, after = (exposed["day"] <= 365).sum(), (exposed["day"] > 365).sum()
    assert after / before == pytest.approx(3, rel=0.08)
    never = found.filter(pl.col("who") % 2 == 1)
    assert never.height == pytest.approx(SIZE / 2 * 0.2 * DAYS / YEAR, rel=0.05)


def test_what_can_happen_once_happens_once() -> None:
    """The first event is kept, and its day is the first day."""
    process = Process("x", ((0, 2.0, 2.0),), once=True)
    found = events(np.random.default_rng(1), process, risk(), {})
    assert not found["who"].is_duplicated().any()
    first = first_days(found, SIZE)
    assert (first[found["who"].to_numpy()] == found["day"].to_numpy()).all()
    assert (first == NEVER).sum() == SIZE - found.height
    assert np.median(first) == pytest.approx(YEAR * np.log(2) / 2, rel=0.05)


def test_only_some_are_worth_drawing_for() -> None:
    """Nothing happens to the others."""
    process = Process("x", ((0, 1.0, 1.0),))
    found = events(np.random.default_rng(1), process, risk(), {}, only=np.array([3, 5]))
    assert set(found["who"]) == {3, 5}
