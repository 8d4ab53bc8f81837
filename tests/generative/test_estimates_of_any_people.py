"""Whoever the people are: an estimate or a reason, never a crash; and arms exchanged turn it over."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcome_linkage.evaluation.estimates.by_kind import cohort_estimates
from outcome_linkage.evaluation.estimates.estimate import RATIOS, Asked, Estimate, as_frame
from outcome_linkage.evaluation.estimates.resampling import Weighting
from outcome_linkage.evaluation.spec.outcomes import Kind

HORIZON = 10
ASKED = Asked("seen", "support", "usual", draws=20)
KINDS: tuple[Kind, ...] = ("binary", "count", "continuous")
PERSON = st.fixed_dictionaries(
    {
        "arm": st.sampled_from(["support", "usual"]),
        "cluster_key": st.sampled_from(["k1", "k2", "k3", "k4", "k5", "k6", "k7"]),
        "x_sex": st.sampled_from(["f", "m", None]),
        "o_seen": st.integers(0, 1),
        "o_seen_st": st.sampled_from([0, 0, 0, 2, 3]),
        "o_seen_pt": st.integers(0, 30),
        "o_seen_t": st.integers(1, HORIZON),
        "o_seen_d": st.integers(0, 2),
    }
)
PEOPLE = st.lists(PERSON, min_size=2, max_size=30)


def frame_of(people: list[dict[str, object]], clustered: bool) -> pl.DataFrame:
    frame = pl.DataFrame(people, schema_overrides={"x_sex": pl.String}).with_row_index("person_key")
    frame = frame.with_columns(pl.col("person_key").cast(pl.String))
    return frame if clustered else frame.drop("cluster_key")


def everything(frame: pl.DataFrame, weighting: Weighting | None = None) -> list[Estimate]:
    made = cohort_estimates(frame, ASKED, "time_to_event", HORIZON, weighting, ["x_sex"] if weighting else [])
    whole = frame.drop("o_seen_t", "o_seen_d")
    return made + [one for kind in KINDS for one in cohort_estimates(whole, ASKED, kind, HORIZON, weighting)]


@settings(max_examples=15, deadline=None)
@given(PEOPLE, st.booleans())
def test_an_estimate_or_a_reason(people: list[dict[str, object]], clustered: bool) -> None:
    """Figures with an interval around them, or none and why."""
    made = everything(frame_of(people, clustered), Weighting(["x_sex"]))
    assert len(as_frame(made)) == 14
    for one in made:
        assert (one.est is None) == (one.reason is not None)
        if one.est is not None:
            assert one.lo is not None and one.hi is not None and one.lo <= one.hi


@settings(max_examples=15, deadline=None)
@given(PEOPLE)
def test_arms_exchanged(people: list[dict[str, object]]) -> None:
    """Differences change their sign and ratios turn over, with the same p-value, where both can be made.

    Of a handful of people statsmodels' search for a score bound may end in one direction only.
    """
    frame = frame_of(people, clustered=False)
    turned = frame.with_columns(arm=pl.col("arm").replace_strict({"support": "usual", "usual": "support"}))
    for one, other in zip(everything(frame), everything(turned), strict=True):
        if one.est is None or other.est is None:
            continue
        expected = 1 / one.est if one.scale in RATIOS else -one.est
        assert other.est == pytest.approx(expected, abs=1e-9)
        assert other.p == pytest.approx(one.p, abs=1e-6)
