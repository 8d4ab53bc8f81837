"""Matching: on what is known at day 0, nearest first, and the same pairs each time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.invented_study import Invented, study

pytestmark = pytest.mark.slow
PAIRS = """
select string_agg(person_key, ' ' order by arm desc, person_key) from ev_person group by match_set order by 1
"""


def matched(**match: Any) -> Any:
    return study(design={"type": "matched_cohort"}, match={"seed": 7, **match})


@pytest.fixture
def invented() -> Invented:
    """Three who were seen and seven who were not, of two sexes and of ages 8 to 14."""
    region = Invented()
    people = [("a", "F", 10, True), ("b", "F", 13, True), ("c", "M", 12, True)]
    people += [("k", "F", 10, False), ("l", "F", 11, False), ("m", "F", 14, False), ("n", "M", 9, False)]
    people += [("o", "M", 11, False), ("p", "M", 12, False), ("q", "F", 8, False)]
    for name, sex, age, is_seen in people:
        events = [("seen", 5)] if is_seen else []
        region.person(name, *events, sex=sex, dob=date(2021 - age, 2, 1))
    return region


def test_the_nearest_of_the_same_kind_is_taken_and_nobody_twice(invented: Invented) -> None:
    """Girls with girls and boys with boys, at most a year apart."""
    of = matched(exact=["sex"], caliper={"age_index_years": 1})
    assert invented.ask(PAIRS, of) == [("a k",), ("b m",), ("c p",)]
    flow = "select n_persons_excluded from ev_attrition where criterion_id = 'matched' and arm = 'all'"
    assert invented.ask(flow, of) == [(4,)]


def test_as_many_as_the_ratio_asks_for_and_there_are(invented: Invented) -> None:
    """Those of one set share the weight of one person."""
    of = matched(exact=["sex"], caliper={"age_index_years": 1}, ratio=2)
    assert invented.ask(PAIRS, of) == [("a k l",), ("b m",), ("c o p",)]
    weights = "select person_key, match_weight from ev_person where person_key in ('c', 'o', 'm') order by 1"
    assert invented.ask(weights, of) == [("c", 1.0), ("m", 1.0), ("o", 0.5)]


def test_who_finds_nobody_is_lost_in_a_named_step(invented: Invented) -> None:
    """With others within no years at all only those of the same age remain."""
    of = matched(exact=["sex"], caliper={"age_index_years": 0})
    assert invented.ask(PAIRS, of) == [("a k",), ("c p",)]


def test_one_may_serve_several_with_replacement(invented: Invented) -> None:
    """And then counts for each."""
    invented.person("d", ("seen", 5), sex="M", dob=date(2009, 2, 1))
    of = matched(exact=["sex"], caliper={"age_index_years": 0}, replacement=True)
    weights = "select person_key, match_weight from ev_person where person_key in ('c', 'd', 'p') order by 1"
    assert invented.ask(weights, of) == [("c", 1.0), ("d", 1.0), ("p", 2.0)]


def test_a_lot_is_drawn_from_the_seed_and_not_from_the_order_of_rows(invented: Invented) -> None:
    """Without a distance others of the same kind are as good as each other."""
    of = matched(exact=["sex"])
    pairs = invented.ask(PAIRS, of)
    assert len(pairs) == 3
    again = Invented(dict(reversed(invented.people.items())))
    assert again.ask(PAIRS, of) == pairs
    assert any(again.ask(PAIRS, matched(exact=["sex"], seed=seed)) != pairs for seed in range(3))
