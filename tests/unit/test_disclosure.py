"""Edges of the disclosure functions; the rules themselves are told in tests/spec/publication."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.release.disclosure import release_counts
from outcome_linkage.release.profiles import NHS_HES


@given(st.lists(st.integers(0, 10**9)))
def test_released_counts_tell_at_most_the_nearest_five(counts: list[int]) -> None:
    released = release_counts(pl.DataFrame({"n": counts}, schema={"n": pl.Int64}), "n")
    for true, (shown, hidden) in zip(counts, released.rows(), strict=True):
        assert hidden == (1 <= true <= 7)
        assert (shown is None) == hidden
        if shown is not None:
            assert shown % 5 == 0
            assert abs(shown - true) <= 2


def test_the_flag_stands_beside_its_count_and_other_columns_are_untouched() -> None:
    frame = pl.DataFrame({"a": ["x"], "n": [12], "b": [1]})
    assert release_counts(frame, "n").columns == ["a", "n", "n_hidden", "b"]
    again = release_counts(release_counts(frame, "n"), "n")
    assert again.rows() == [("x", 10, False, 1)]


def test_a_missing_count_is_not_a_small_one() -> None:
    frame = pl.DataFrame({"n": [None, 3]}, schema={"n": pl.Int64})
    assert release_counts(frame, "n").rows() == [(None, False), (None, True)]


def test_half_goes_up() -> None:
    tens = replace(NHS_HES, hide_to=4, round_to=10)
    assert release_counts(pl.DataFrame({"n": [5, 14, 15, 25]}), "n", tens)["n"].to_list() == [10, 10, 20, 30]


def test_counts_of_any_whole_number_type_are_taken() -> None:
    for dtype in (pl.Int32, pl.UInt8, pl.Float64):
        released = release_counts(pl.DataFrame({"n": [0, 7, 8]}, schema={"n": dtype}), "n", NHS_HES)
        assert released["n"].to_list() == [0, None, 10]


@pytest.mark.parametrize("count", [-1, 1.5])
def test_what_is_no_count_is_an_error_that_quotes_nothing(count: float) -> None:
    with pytest.raises(OutcomeLinkageError, match="n: expected whole numbers from 0; found others"):
        release_counts(pl.DataFrame({"n": [count]}), "n")
