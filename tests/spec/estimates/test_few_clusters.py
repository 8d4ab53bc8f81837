"""Fewer than 40 clusters: arms dealt out anew, or signs drawn by cluster."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from outcome_linkage.evaluation.estimates.incidence import incidences
from outcome_linkage.evaluation.estimates.risk import risks
from tests.spec.estimates.tables import ASKED, people, swapped


def clustered(per_arm: int) -> pl.DataFrame:
    """Clusters of ten; in arm a more of them in each, in arm b fewer."""
    seen = [k + 1 for k in range(per_arm)] + [9 - k for k in range(per_arm)]
    return people(
        arm="u" * (10 * per_arm) + "s" * (10 * per_arm),
        cluster_key=[f"c{n // 10}" for n in range(20 * per_arm)],
        o_seen=[int(place < k) for k in seen for place in range(10)],
    )


def test_p_is_the_share_of_arrangements_as_far_apart() -> None:
    """Four against four with no overlap: 2 of the 70 ways to deal arms (Fisher 1935)."""
    difference, _ = risks(clustered(4), ASKED)
    assert difference.method == "randomisation_inference"
    assert difference.p == pytest.approx(2 / 70)
    assert difference.lo > 0  # type: ignore[operator]


def test_too_few_arrangements_have_no_interval() -> None:
    """Three against three: at best 2 of 20, so no effect can be ruled out with 95 % confidence."""
    made = risks(clustered(3), ASKED)
    assert all(one.est is None and "so few clusters" in str(one.reason) for one in made)


def test_one_cluster_is_refused() -> None:
    """What is due to the cluster cannot be told from what is due to the arm."""
    frame = clustered(4).with_columns(cluster_key=pl.lit("c"))
    assert all("one cluster" in str(one.reason) for one in risks(frame, ASKED))


@pytest.mark.slow
def test_arms_within_clusters_are_bootstrapped() -> None:
    """The wild bootstrap; exchanged arms turn the sign, the same seed gives the same interval."""
    frame = clustered(5).with_columns(arm=pl.Series(["support", "usual"] * 50))
    one, again, other = (risks(table, ASKED)[0] for table in (frame, frame, swapped(frame)))
    assert one.method == "wild_cluster_bootstrap"
    assert one == again
    assert (other.est, other.lo) == pytest.approx((-float(one.est or 0), -float(one.hi or 0)), abs=1e-6)


def test_forty_clusters_are_many() -> None:
    """From 40 on, errors are robust to clusters by the usual formula."""
    random = np.random.default_rng(1)
    frame = people(
        arm="su" * 200, cluster_key=[f"c{n // 10}" for n in range(400)], o_seen=random.integers(0, 2, 400)
    )
    assert risks(frame, ASKED)[0].method == "risk_cluster_robust"
    assert risks(frame, replace(ASKED, confidence=0.8))[0].lo > risks(frame, ASKED)[0].lo  # type: ignore[operator]


def test_a_risk_by_the_horizon_is_of_people_and_not_of_days() -> None:
    """Everybody is followed for 100 days: it is the difference of the shares, with few clusters too."""
    frame = clustered(4).with_columns(
        o_seen_d="o_seen", o_seen_t=pl.when(pl.col("o_seen") == 1).then(40).otherwise(100)
    )
    plain = risks(frame, ASKED)[0]
    difference, _, days = incidences(frame, ASKED, 100)
    assert difference.method == "randomisation_inference"
    assert difference.est == pytest.approx(plain.est)
    assert days.est == pytest.approx(-60 * float(plain.est or 0))
