"""Risk by a horizon, with competing events, censoring and late entry."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from outcome_linkage.evaluation.estimates.censoring import censoring_score
from outcome_linkage.evaluation.estimates.curves import (
    Times,
    curve,
    incidence_errors,
    risk_values,
    time_values,
)
from outcome_linkage.evaluation.estimates.incidence import incidences, survival
from tests.spec.estimates.tables import ASKED, people, swapped


def times(day: list[int], kind: list[int], entry: list[int] | None = None) -> Times:
    late = entry or [0] * len(day)
    return Times(np.array(day), np.array(kind), np.array(late), np.ones(len(day)))


def drawn(size: int = 400) -> pl.DataFrame:
    random = np.random.default_rng(5)
    outcome, other = random.exponential(80, size), random.exponential(150, size)
    leaves = np.minimum(random.exponential(150, size), 100)
    day = np.minimum(np.minimum(outcome, other), leaves)
    kind = np.where(day == outcome, 1, np.where(day == other, 2, 0))
    arm = "".join(random.choice(["s", "u"], size))
    return people(arm=arm, o_seen_t=np.ceil(day).astype(int), o_seen_d=kind, x_x=random.normal(size=size))


def test_incidence_by_hand() -> None:
    """Five people: outcome on day 1, censored on 2, dead on 3, outcome on 4, followed to 5.

    1/5; then 3 at risk, of whom one dies: event-free 4/5 x 2/3; then 8/15 x 1/2 more (Aalen and Johansen
    1978).
    """
    made = curve(times([1, 2, 3, 4, 5], [1, 0, 2, 1, 0]), 5)
    assert made.incidence.tolist() == pytest.approx([0, 1 / 5, 1 / 5, 1 / 5, 7 / 15, 7 / 15])
    assert made.time_without == pytest.approx(1 + 3 * 4 / 5 + 8 / 15)


def test_late_entry_by_hand() -> None:
    """One who enters on day 2 is not at risk on day 1: one of two has the outcome, then one of two."""
    made = curve(times([1, 3, 3], [1, 0, 1], [0, 0, 2]), 3)
    assert made.at_risk.tolist() == [2, 2, 1, 2]
    assert made.incidence[-1] == pytest.approx(1 / 2 + 1 / 2 * 1 / 2)


def test_incidence_is_that_of_statsmodels() -> None:
    """Estimate and error at the horizon agree with `CumIncidenceRight`, which has no late entry."""
    frame = drawn()
    (difference, *_) = incidences(frame, ASKED, 90)
    arms = [frame.filter(pl.col("arm") == arm) for arm in ("support", "usual")]
    theirs = [CumIncidenceRight(arm["o_seen_t"].to_numpy(), arm["o_seen_d"].to_numpy()) for arm in arms]
    at = [np.searchsorted(one.times, 90, side="right") - 1 for one in theirs]
    risk = [one.cinc[0][place] for one, place in zip(theirs, at, strict=True)]
    error = np.hypot(*[one.cinc_se[0][place] for one, place in zip(theirs, at, strict=True)])
    assert difference.est == pytest.approx(risk[0] - risk[1])
    assert difference.se == pytest.approx(error, rel=0.01)


def test_curve_without_competing_events_is_kaplan_meiers() -> None:
    """`ev_survival` says `km`, agrees with `SurvfuncRight`, and ends on the horizon."""
    frame = drawn().with_columns(o_seen_d=(pl.col("o_seen_d") == 1).cast(pl.Int64))
    table = survival(frame, ASKED, 90).filter(pl.col("arm") == "usual")
    arm = frame.filter(pl.col("arm") == "usual")
    theirs = SurvfuncRight(arm["o_seen_t"].to_numpy(), arm["o_seen_d"].to_numpy())
    ours = table.filter(pl.col("n_event") > 0)
    shown = theirs.surv_times <= 90
    assert set(table["estimator"]) == {"km"}
    assert ours["est"].to_list() == pytest.approx((1 - theirs.surv_prob[shown]).tolist())
    assert table["day"].max() == 90


def test_weights_count_people_again() -> None:
    """Whoever weighs three counts as three in the curve and as one in the counts; `aj_weighted` says so."""
    frame = drawn().with_columns(match_weight=pl.when(pl.col("o_seen_t") % 2 == 0).then(3.0).otherwise(1.0))
    table = survival(frame, ASKED, 90)
    thrice = pl.concat([frame, *[frame.filter(pl.col("match_weight") == 3)] * 2]).drop("match_weight")
    same = survival(thrice, ASKED, 90)
    assert set(table["estimator"]) == {"aj_weighted"} and set(same["estimator"]) == {"aj"}
    assert table["est"].to_list() == pytest.approx(same["est"].to_list())
    assert table["n_event"].to_list() == survival(frame.drop("match_weight"), ASKED, 90)["n_event"].to_list()
    assert table["hi"][-1] - table["lo"][-1] > same["hi"][-1] - same["lo"][-1]


def test_robust_errors_are_those_of_statsmodels_where_all_weigh_alike() -> None:
    """Almost, as one counts the dependence of people and the other of days."""
    arm = drawn().filter(pl.col("arm") == "usual")
    given = times(arm["o_seen_t"].to_list(), arm["o_seen_d"].to_list(), [0] * len(arm))
    theirs = CumIncidenceRight(given.day, given.kind)
    place = np.searchsorted(theirs.times, 90, side="right") - 1
    (ours,) = incidence_errors(given, curve(given, 90), np.array([90]))
    assert ours == pytest.approx(theirs.cinc_se[0][place], rel=0.02)


@pytest.mark.parametrize("values", [risk_values, time_values])
def test_influence_is_the_derivative_by_a_persons_weight(values: object) -> None:
    """Nudging one weight moves the estimate as the pseudo-value says; their mean is the estimate."""
    given = times([1, 2, 3, 4, 5, 5], [1, 0, 2, 1, 0, 1], [0, 0, 0, 2, 0, 1])
    found = values(given, 5)  # type: ignore[operator]

    def estimate(weight: np.ndarray) -> float:
        made = curve(Times(given.day, given.kind, given.entry, weight), 5)
        return float(made.incidence[-1]) if values is risk_values else made.time_without

    base, nudge = estimate(given.weight), 1e-6
    moved = [(estimate(given.weight + nudge * row) - base) / nudge * 6 + base for row in np.eye(6)]
    assert found.tolist() == pytest.approx(moved, abs=1e-3)
    assert found.mean() == pytest.approx(base)


def test_those_who_leave_are_stood_for_by_their_like() -> None:
    """Half have the outcome in 7 of 10 and mostly leave, half in 2 of 10 and mostly stay: 0.45 in arm a.

    Nobody in arm b has it. Weighted by the inverse of the probability of staying, the difference is 0.45
    (Robins and Finkelstein 2000, Biometrics 56:779); unweighted it is too low.
    """
    random = np.random.default_rng(8)
    size = 8000
    x, first = random.integers(0, 2, size), np.arange(size) % 2 == 0
    outcome = np.where(first & (random.random(size) < 0.2 + 0.5 * x), random.integers(1, 100, size), 1000)
    leaves = np.where(random.random(size) < 0.1 + 0.6 * x, random.integers(1, 100, size), 1000)
    day = np.minimum(np.minimum(outcome, leaves), 100)
    frame = people(
        arm="su" * (size // 2), o_seen_t=day, o_seen_d=(outcome <= day).astype(int), x_x=x.astype(str)
    )
    plain, weighted = (incidences(frame, ASKED, 100, names)[0] for names in ([], ["x_x"]))
    assert weighted.est == pytest.approx(0.45, abs=0.02)
    assert plain.hi < 0.43  # type: ignore[operator]


def test_nobody_at_the_horizon_is_a_reason() -> None:
    """A horizon to which nobody is followed has no risk."""
    frame = people(arm="ssuu", o_seen_t=[3, 5, 4, 6], o_seen_d=[1, 0, 1, 0])
    assert all("nobody is followed" in str(one.reason) for one in incidences(frame, ASKED, 30))


def test_arms_exchanged_turn_the_sign() -> None:
    """All three contrasts turn over."""
    frame = drawn()
    for one, other in zip(incidences(frame, ASKED, 90), incidences(swapped(frame), ASKED, 90), strict=True):
        turned = 1 / float(other.est or 0) if one.scale == "rr" else -float(other.est or 0)
        assert one.est == pytest.approx(turned)


def test_censoring_that_covariates_cannot_tell_is_one_stratum(monkeypatch: pytest.MonkeyPatch) -> None:
    """In few people the rates of leaving can run away: everybody is then one stratum, and nothing breaks."""
    size = 40
    kinds = np.column_stack([np.ones(2), [0.0, 1.0]])
    left, kind = times(list(range(1, size + 1)), [0] * size), np.arange(size) % 2
    assert np.ptp(censoring_score(kinds, kind, left, size)) > 0

    def runs_away(*_: object, **__: object) -> None:
        raise ValueError("NaN, inf or invalid value detected in weights, estimation infeasible.")

    monkeypatch.setattr("statsmodels.genmod.generalized_linear_model.GLM.fit", runs_away)
    assert not censoring_score(kinds, kind, left, size).any()
