"""Costs that are not known to the end, and costs beside effects."""

from __future__ import annotations

import numpy as np
import pytest

from outcome_linkage.evaluation.costs.censored import (
    PeriodCosts,
    difference_of_censored_costs,
    partitioned_mean,
)
from outcome_linkage.evaluation.costs.effectiveness import cost_effectiveness, means_of
from outcome_linkage.evaluation.estimates.curves import Times
from outcome_linkage.evaluation.estimates.sample import Sample, sample
from tests.spec.estimates.tables import ASKED, people


def given(costs: list[list[float]], day: list[int], kind: list[int]) -> PeriodCosts:
    size = len(day)
    times = Times(np.array(day), np.array(kind), np.zeros(size, dtype=np.int64), np.ones(size))
    return PeriodCosts(np.array(costs, dtype=float), np.array([10, 20]), times)


def test_costs_of_those_who_stay_stand_for_those_who_leave() -> None:
    """Four people, periods to day 10 and 20; one leaves on day 15: three of four are seen to stay.

    First period: 10 + 20 + 30 + 40, all seen. Second: the three others over 3/4, whose mean is that of all
    (Bang and Tsiatis 2000). (100 + (10 + 20 + 30) / 0.75) / 4.
    """
    costs = [[10, 10], [20, 20], [30, 30], [40, 4]]
    found = partitioned_mean(given(costs, [20, 20, 20, 15], [0, 0, 0, 0]), np.ones(4))
    assert found == pytest.approx((100 + 60 / 0.75) / 4)


def test_the_dead_spend_nothing_more_and_are_seen() -> None:
    """A death on day 12 is no censoring: nothing is weighted, costs are summed."""
    costs = [[10.0, 10], [20, 5]]
    assert partitioned_mean(given(costs, [20, 12], [0, 1]), np.ones(2)) == pytest.approx(45 / 2)


def test_nobody_to_the_horizon_is_a_reason() -> None:
    """Costs after the last day that anybody is seen cannot be known."""
    frame = people(arm="ssuu", o_seen=[0, 1, 0, 1])
    short = given([[1, 1]] * 4, [15, 15, 15, 15], [0] * 4)
    made = difference_of_censored_costs(sample(frame, ASKED), ASKED, short)
    assert "nobody is followed to day 20" in str(made.reason)


def trial(gain: float, cost: float) -> tuple[Sample, np.ndarray]:
    """200 people; arm a has fewer events by `gain` and costs more by `cost`."""
    random = np.random.default_rng(3)
    treated = np.arange(200) < 100
    seen = np.where(np.arange(200) % 100 < np.where(treated, 50 - 100 * gain, 50), 1, 0)
    spent = 1000 + cost * treated + random.normal(0, 50, 200)
    spent -= np.where(treated, spent[treated].mean() - 1000 - cost, spent[~treated].mean() - 1000)
    return sample(people(arm="s" * 100 + "u" * 100, o_seen=seen), ASKED), spent


def test_cost_per_event_avoided() -> None:
    """200 pounds more and 0.4 events fewer: 500 an event avoided; at 1,000 an event worth 200 (Stinnett and
    Mullahy).
    """
    group, spent = trial(0.4, 200)
    table = cost_effectiveness(group, ASKED, means_of(group, spent), means_of(group, group.value), [0, 1000])
    assert table["icer"].to_list() == pytest.approx([500, 500])
    assert table["net_benefit"].to_list() == pytest.approx([-200, 200])
    assert table["probability"].to_list() == [0.0, 1.0]
    assert table.row(0, named=True)["share_ne"] == 1.0
    quadrants = table.select("share_ne", "share_nw", "share_se", "share_sw").sum_horizontal()
    assert quadrants.to_list() == pytest.approx([1.0, 1.0])


def test_no_ratio_where_it_says_nothing() -> None:
    """Cheaper and better needs none; an effect that may go either way has none."""
    group, spent = trial(0.4, -200)
    better = cost_effectiveness(group, ASKED, means_of(group, spent), means_of(group, group.value), [0])
    assert better["icer"].to_list() == [None]
    assert "no ratio is needed" in better["reason"].item()
    group, spent = trial(0.01, 200)
    unclear = cost_effectiveness(group, ASKED, means_of(group, spent), means_of(group, group.value), [0])
    assert "the other way" in unclear["reason"].item()


def test_the_same_seed_gives_the_same_table() -> None:
    """Byte for byte."""
    group, spent = trial(0.4, 200)
    one, other = (
        cost_effectiveness(group, ASKED, means_of(group, spent), means_of(group, group.value), [500])
        for _ in range(2)
    )
    assert one.equals(other)
