"""Which estimators answer which kind of outcome, and how small an effect can be seen."""

from __future__ import annotations

import polars as pl
import pytest

from outcome_linkage.evaluation.costs.consequences import consequences
from outcome_linkage.evaluation.estimates.by_kind import cohort_estimates
from outcome_linkage.evaluation.estimates.estimate import CannotEstimate
from outcome_linkage.evaluation.estimates.power import minimal_detectable_relative_risk
from outcome_linkage.evaluation.estimates.resampling import Weighting
from outcome_linkage.evaluation.spec.outcomes import Kind
from tests.spec.estimates.tables import ASKED, of_risk, people

FRAME = of_risk(30, 60, 20, 60).with_columns(
    o_seen_pt=pl.lit(100), o_seen_t=pl.int_range(120) % 9 + 1, o_seen_d=pl.col("o_seen")
)


@pytest.mark.parametrize(
    ("kind", "scales"),
    [
        ("binary", ["rd", "rr", "rmst_diff"]),
        ("time_to_event", ["rd", "rr", "rmst_diff"]),
        ("count", ["irr"]),
        ("days", ["mean_diff"]),
        ("continuous", ["mean_diff"]),
    ],
)
def test_every_kind_has_its_scales(kind: Kind, scales: list[str]) -> None:
    """Plain first, then weighted on the same scales."""
    made = cohort_estimates(FRAME, ASKED, kind, 8, Weighting())
    assert [one.scale for one in made] == scales * 2
    assert [one.method.startswith("ipt") for one in made] == [False] * len(scales) + [True] * len(scales)


def test_a_binary_outcome_followed_to_the_end_is_a_share() -> None:
    """Without times, nobody is censored."""
    made = cohort_estimates(FRAME.drop("o_seen_t", "o_seen_d"), ASKED, "binary", 8)
    assert [one.method for one in made] == ["risk_newcombe", "risk_score"]


def test_smallest_relative_risk_by_hand() -> None:
    """100 events, arms alike: exp((1.960 + 0.842) / 5) = 1.751 (Schoenfeld 1983)."""
    assert minimal_detectable_relative_risk(100, 500, 500) == pytest.approx(1.751, abs=0.001)
    for events, n_a, n_b in ((0, 500, 500), (10, 0, 500), (1, 1, 10**9)):
        with pytest.raises(CannotEstimate, match="no effect could be seen"):
            minimal_detectable_relative_risk(events, n_a, n_b)


def test_consequences_stand_side_by_side() -> None:
    """Sums and means of those with a value; null where nobody has one."""
    frame = people(arm="ssu", o_seen=[1, None, None], k_total=[10.0, 30.0, 5.0])
    table = consequences(frame, ["o_seen", "k_total"])
    assert table.rows() == [
        ("support", "k_total", 2, 2, 40.0, 20.0),
        ("usual", "k_total", 1, 1, 5.0, 5.0),
        ("support", "o_seen", 2, 1, 1.0, 1.0),
        ("usual", "o_seen", 1, 0, None, None),
    ]
