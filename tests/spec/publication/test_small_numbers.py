"""Small numbers.

A count of few people can point at one of them. Published counts follow the rule of NHS England for
hospital data below national level (profile `nhs_hes`).
"""

from __future__ import annotations

import polars as pl

from outcome_linkage.release.disclosure import midpoint_counts, release_counts


def released(*counts: int) -> list[tuple[int | None, bool]]:
    return release_counts(pl.DataFrame({"people": counts}), "people").rows()


def test_one_to_seven_are_hidden() -> None:
    """A count from 1 to 7 is null, with a flag that says why."""
    assert released(1, 4, 7) == [(None, True), (None, True), (None, True)]


def test_zero_is_shown() -> None:
    """That nobody was counted is an answer, not a small number."""
    assert released(0) == [(0, False)]


def test_others_are_rounded_to_five() -> None:
    """Every count from 8 on is rounded to the nearest 5."""
    assert released(8, 12, 13, 100, 102) == [
        (10, False),
        (10, False),
        (15, False),
        (100, False),
        (100, False),
    ]


def test_a_total_is_rounded_from_the_true_total() -> None:
    """The total of 8, 8 and 8 is 24, released as 25, though the released parts add up to 30."""
    parts = [people for people, _ in released(8, 8, 8)]
    assert parts == [10, 10, 10]
    assert released(24) == [(25, False)]


def test_curves_show_the_middle_of_a_step() -> None:
    """1 to 7 people are 4, 8 to 14 are 11: the lowest step says no more than that there are few."""
    frame = pl.DataFrame({"people": [0, 1, 7, 8, 14, 15, None]})
    assert midpoint_counts(frame, "people")["people"].to_list() == [0, 4, 4, 11, 11, 18, None]
