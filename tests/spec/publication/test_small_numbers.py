"""Small numbers.

A count of few people can point at one of them. Published counts follow the rule of NHS England for
hospital data below national level (profile `nhs_hes`).
"""

from __future__ import annotations

import polars as pl

from outcome_linkage.release.disclosure import midpoint_counts, release_counts, released_percentage


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


def test_percentages_come_from_released_counts() -> None:
    """13 of 52 are released as 15 of 50: 30 %, not 25 %. Where either is hidden there is no percentage."""
    frame = pl.DataFrame({"yes": [13, 3, 0, 0], "people": [52, 52, 52, 0]})
    frame = release_counts(release_counts(frame, "yes"), "people")
    assert released_percentage(frame, "yes", "people")["percent"].to_list() == [30.0, None, 0.0, None]


def test_a_percentage_never_exceeds_a_hundred() -> None:
    """58 of 62 become 60 of 60; rounding the two apart never gives more than everyone."""
    frame = pl.DataFrame({"yes": [58, 13], "people": [62, 13]})
    frame = release_counts(release_counts(frame, "yes"), "people")
    assert released_percentage(frame, "yes", "people")["percent"].to_list() == [100.0, 100.0]


def test_curves_show_the_middle_of_a_step() -> None:
    """1 to 7 people are 4, 8 to 14 are 11: the lowest step says no more than that there are few."""
    frame = pl.DataFrame({"people": [0, 1, 7, 8, 14, 15, None]})
    assert midpoint_counts(frame, "people")["people"].to_list() == [0, 4, 4, 11, 11, 18, None]
