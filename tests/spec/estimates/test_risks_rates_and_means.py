"""Risks, rates and means of two arms."""

from __future__ import annotations

import math

import polars as pl
import pytest

from outcome_linkage.evaluation.estimates.e_value import e_value
from outcome_linkage.evaluation.estimates.estimate import as_frame
from outcome_linkage.evaluation.estimates.means import difference_of_means
from outcome_linkage.evaluation.estimates.rates import rate_ratio
from outcome_linkage.evaluation.estimates.risk import risks
from tests.spec.estimates.tables import ASKED, of_risk, people, swapped


def test_risk_difference_has_newcombes_interval() -> None:
    """56 of 70 against 48 of 80: 0.2, from 0.0524 to 0.3339 (Newcombe 1998, table II, method 10, example
    a).
    """
    difference, ratio = risks(of_risk(56, 70, 48, 80), ASKED)
    assert difference.est == pytest.approx(0.2)
    assert (difference.lo, difference.hi) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert ratio.est == pytest.approx(0.8 / 0.6)
    assert (difference.n_a, difference.events_a, difference.n_b, difference.events_b) == (70, 56, 80, 48)


def test_clustered_risks_have_wider_intervals() -> None:
    """Everybody twice, as one cluster each, tells no more than once: the error stays as it was."""
    once = of_risk(60, 100, 40, 100)
    twice = pl.concat([once, once])
    alone, pair = risks(once, ASKED)[0], risks(twice, ASKED)[0]
    assert pair.method == "risk_cluster_robust"
    assert pair.se == pytest.approx(alone.se, rel=0.02)


def test_rate_ratio_counts_person_days() -> None:
    """4 events in 200 days against 2 in 400: a ratio of 4, whatever the split between people."""
    frame = people(arm="ssuu", o_seen=[3, 1, 1, 1], o_seen_pt=[50, 150, 100, 300], o_seen_st=[0, 3, 0, 0])
    made = rate_ratio(frame, ASKED)
    assert made.est == pytest.approx(4.0)
    assert (made.events_a, made.pdays_a, made.events_b, made.pdays_b) == (4, 200, 2, 400)


def test_rate_ratio_of_events_that_come_alone_has_the_usual_error() -> None:
    """Rare events, one a person at most: the robust error is about sqrt(1/a + 1/b) (Rothman, Epidemiology,
    ch. 7).
    """
    frame = of_risk(20, 1000, 10, 1000).with_columns(o_seen_pt=pl.lit(100))
    assert rate_ratio(frame, ASKED).se == pytest.approx(math.sqrt(1 / 20 + 1 / 10), rel=0.02)


def test_difference_of_means_has_welchs_error() -> None:
    """Values 1, 3 and 2, 4, 6: 2 - 4, error sqrt(2/2 + 4/3) (Welch 1947; HC2 is the same for two groups)."""
    made = difference_of_means(people(arm="ssuuu", o_seen=[1, 3, 2, 4, 6]), ASKED)
    assert made.est == pytest.approx(-2)
    assert made.se == pytest.approx(math.sqrt(2 / 2 + 4 / 3))


def test_a_share_of_those_followed_to_the_end_is_refused() -> None:
    """A binary value of status 3 is kept only if something was seen: the share of the others would be too
    high.
    """
    frame = people(arm="ssuu", o_seen=[1, 0, None, 0], o_seen_st=[3, 0, 3, 0])
    made = risks(frame, ASKED)
    assert all(one.est is None and "part of the window" in str(one.reason) for one in made)


def test_no_events_is_a_reason_not_a_crash() -> None:
    """Nobody had it: no ratio, no difference; in one arm only: a difference, and no ratio."""
    assert [one.est for one in risks(of_risk(0, 20, 0, 20), ASKED)] == [None, None]
    difference, ratio = risks(of_risk(5, 20, 0, 20), ASKED)
    assert difference.est == pytest.approx(0.25)
    assert ratio.est is None
    assert "no events" in str(ratio.reason)
    empty = rate_ratio(of_risk(5, 20, 0, 20).with_columns(o_seen_pt=pl.lit(10)), ASKED)
    assert "no events" in str(empty.reason)


def test_an_empty_arm_is_a_reason() -> None:
    """An arm that nobody is in cannot be compared."""
    made = risks(of_risk(1, 5, 0, 0), ASKED)
    assert all("nobody" in str(one.reason) for one in made)


def test_arms_exchanged_turn_the_sign() -> None:
    """The difference changes its sign, the ratio turns over, and so do the bounds."""
    frame = of_risk(30, 100, 20, 100)
    (difference, ratio), (other, turned) = risks(frame, ASKED), risks(swapped(frame), ASKED)
    assert (other.est, other.lo, other.hi) == pytest.approx(
        tuple(-float(value or 0) for value in (difference.est, difference.hi, difference.lo))
    )
    assert turned.est == pytest.approx(1 / float(ratio.est or 0))
    assert turned.lo == pytest.approx(1 / float(ratio.hi or 0), rel=1e-4)


def test_e_value_is_that_of_its_authors() -> None:
    """A risk ratio of 3.9: 7.26 (VanderWeele and Ding 2017); below 1 that of its inverse."""
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert e_value(1 / 3.9) == pytest.approx(7.26, abs=0.005)


def test_rows_have_the_columns_of_the_table() -> None:
    """`as_frame` gives one row each, with nulls where there is no figure."""
    table = as_frame(risks(of_risk(5, 20, 0, 20), ASKED))
    assert table["scale"].to_list() == ["rd", "rr"]
    assert table["est"].to_list() == [0.25, None]
    assert table["unblinded"].to_list() == [False, False]
