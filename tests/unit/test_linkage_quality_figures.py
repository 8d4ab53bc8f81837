"""Intervals around shares, against published examples and at their edges."""

from __future__ import annotations

import pytest

from outcome_linkage.linkage_quality.figures import change, surely_above, surely_below, wilson


def test_wilson_gives_the_published_example() -> None:
    """Newcombe 1998 (Stat Med 17:857-72), table I: 81 of 263 is 0.2553 to 0.3662."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_none_and_all_have_an_end_at_the_edge() -> None:
    """0 of 20 is 0 to 0.1611 (the same table); 20 of 20 mirrors it; of nobody nothing is known."""
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_change_gives_the_published_example() -> None:
    """Newcombe 1998 (Stat Med 17:873-90), table II, method 10: 56 of 70 less 48 of 80 is 0.0524 to 0.3339."""
    assert change((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert change((1, 1), (0, 0)) == (-1.0, 1.0)


def test_a_bar_is_missed_only_beyond_chance() -> None:
    """9 of 10 is below 99% by Wilson's interval alone; the exact chance of it at 99% is 9.6%."""
    assert wilson(9, 10)[1] < 0.99 and not surely_below(9, 10, 0.99)
    assert surely_below(970, 1000, 0.99) and not surely_below(985, 1000, 0.99)
    assert surely_above(60, 1000, 0.02) and not surely_above(2, 20, 0.02)
    assert not surely_below(0, 0, 0.99)
