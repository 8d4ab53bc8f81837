"""Costs that are not known to the end, and costs beside effects."""

from __future__ import annotations

import numpy as np
import pytest

from outcome_linkage.evaluation.costs.censored import Cells, known_cells
from outcome_linkage.evaluation.costs.effectiveness import Draws, draws_of
from outcome_linkage.evaluation.costs.effects import difference_of_means
from outcome_linkage.evaluation.estimates.curves import Times
from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.sample import sample
from tests.spec.estimates.tables import ASKED, people


def given(costs: list[list[float]], day: list[int], kind: list[int]) -> Cells:
    size = len(day)
    times = Times(np.array(day), np.array(kind), np.zeros(size, dtype=np.int64), np.ones(size))
    person, period = (places.ravel() for places in np.indices((size, 2)))
    return known_cells(times, np.array([10, 20]), person, period, np.array(costs, dtype=float).reshape(-1, 1))


def test_costs_of_those_who_stay_stand_for_those_who_leave() -> None:
    """Four people, periods to day 10 and 20; one leaves on day 15: three of four are seen to stay.

    First period: 10 + 20 + 30 + 40, all seen. Second: the three others over 3/4, whose mean is that of all
    (Bang and Tsiatis 2000). (100 + (10 + 20 + 30) / 0.75) / 4.
    """
    costs = [[10, 10], [20, 20], [30, 30], [40, 4]]
    found = given(costs, [20, 20, 20, 15], [0, 0, 0, 0]).means(np.ones(4))
    assert found == pytest.approx((100 + 60 / 0.75) / 4)


def test_the_dead_spend_nothing_more_and_are_seen() -> None:
    """A death on day 12 is no censoring: nothing is weighted, costs are summed."""
    costs = [[10.0, 10], [20, 5]]
    assert given(costs, [20, 12], [0, 1]).means(np.ones(2)) == pytest.approx(45 / 2)


def test_nobody_to_the_horizon_is_a_reason() -> None:
    """Costs after the last day that anybody is seen cannot be known."""
    group = sample(people(arm="ssuu", o_seen=[0, 1, 0, 1]), ASKED)
    short = given([[1, 1]] * 4, [15, 15, 15, 15], [0] * 4)
    with pytest.raises(CannotEstimate, match="nobody is followed to day 20"):
        draws_of(group, ASKED, None, short.means, {})


def trial(gain: float, cost: float) -> Draws:
    """200 people; arm a has fewer events by `gain` and costs more by `cost`."""
    random = np.random.default_rng(3)
    treated = np.arange(200) < 100
    seen = np.where(np.arange(200) % 100 < np.where(treated, 50 - 100 * gain, 50), 1, 0)
    spent = 1000 + cost * treated + random.normal(0, 50, 200)
    spent -= np.where(treated, spent[treated].mean() - 1000 - cost, spent[~treated].mean() - 1000)
    group = sample(people(arm="s" * 100 + "u" * 100, o_seen=seen), ASKED)
    costs, effect = (
        difference_of_means(group.treated, values[:, None], np.ones(200)) for values in (spent, group.value)
    )
    return draws_of(group, ASKED, None, costs, {"seen": effect})


def test_cost_per_event_avoided() -> None:
    """200 pounds more and 0.4 events fewer: 500 an event avoided; at 1,000 an event worth 200 (Stinnett and
    Mullahy).
    """
    none, worth = trial(0.4, 200).worth("seen", [0, 1000])
    assert (none["icer"], worth["icer"]) == pytest.approx((500, 500))
    assert (none["net_benefit"], worth["net_benefit"]) == pytest.approx((-200, 200))
    assert (none["probability"], worth["probability"]) == (0.0, 1.0)
    assert none["share_ne"] == 1.0
    assert sum(none[f"share_{quadrant}"] for quadrant in ("ne", "nw", "se", "sw")) == pytest.approx(1.0)


def test_no_ratio_where_it_says_nothing() -> None:
    """Cheaper and better needs none; an effect that may go either way has none."""
    (better,) = trial(0.4, -200).worth("seen", [0])
    assert better["icer"] is None and "no ratio is needed" in better["reason"]
    (unclear,) = trial(0.01, 200).worth("seen", [0])
    assert "the other way" in unclear["reason"]


def test_the_same_seed_gives_the_same_draws() -> None:
    """To the last figure."""
    assert trial(0.4, 200).worth("seen", [500]) == trial(0.4, 200).worth("seen", [500])
