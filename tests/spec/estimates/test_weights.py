"""Arms weighted to be alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from outcome_linkage.evaluation.estimates.balance import balance
from outcome_linkage.evaluation.estimates.covariates import matrix
from outcome_linkage.evaluation.estimates.incidence import incidences
from outcome_linkage.evaluation.estimates.propensity import fitted, overlap, refitted, weights
from outcome_linkage.evaluation.estimates.resampling import Weighting
from outcome_linkage.evaluation.estimates.risk import risks
from outcome_linkage.evaluation.estimates.sample import Floats
from outcome_linkage.evaluation.estimates.weighted import weighted, weighted_incidences
from tests.spec.estimates.tables import ASKED, people, swapped

BY_SEX = Weighting(["x_sex"], truncate_at=1.0)


def two_strata() -> pl.DataFrame:
    """Girls: 30 of 40 against 5 of 10. Boys: 2 of 10 against 4 of 40."""
    rows = [("s", "f", 30, 40), ("u", "f", 5, 10), ("s", "m", 2, 10), ("u", "m", 4, 40)]
    return people(
        arm="".join(arm * n for arm, _, _, n in rows),
        x_sex=[sex for _, sex, _, n in rows for _ in range(n)],
        o_seen=[int(place < events) for _, _, events, n in rows for place in range(n)],
        o_seen_st=[0] * 100,
    )


def test_weighted_risks_are_standardised_risks() -> None:
    """Half are girls: 0.75 and 0.2 against 0.5 and 0.1 make 0.475 - 0.3 (Robins and others 2000; one
    covariate).
    """
    difference, ratio = weighted(two_strata(), ASKED, BY_SEX, "binary")
    assert difference.est == pytest.approx(0.475 - 0.3, abs=1e-6)
    assert ratio.est == pytest.approx(0.475 / 0.3, abs=1e-5)
    assert difference.method == "ipt_weighted_ate"


def test_att_is_standardised_to_the_first_arm() -> None:
    """Four of five in it are girls: 0.8 x 0.25 + 0.2 x 0.1 (Sato and Matsuyama 2003)."""
    difference, _ = weighted(two_strata(), replace(ASKED, estimand="att"), BY_SEX, "binary")
    assert difference.est == pytest.approx(0.8 * 0.25 + 0.2 * 0.1, abs=1e-6)


def test_without_covariates_nothing_is_weighted() -> None:
    """Weights of 1 give the unweighted estimate."""
    plain, same = risks(two_strata(), ASKED), weighted(two_strata(), ASKED, Weighting(), "binary")
    assert [one.est for one in same] == pytest.approx([one.est for one in plain])
    timed = two_strata().with_columns(o_seen_t=pl.int_range(100) % 5 + 1, o_seen_d=pl.col("o_seen"))
    both = (incidences(timed, ASKED, 5), weighted_incidences(timed, ASKED, Weighting(), 5))
    assert [one.est for one in both[1]] == pytest.approx([one.est for one in both[0]])


def test_the_same_seed_gives_the_same_interval() -> None:
    """And another seed another one."""
    first, again, other = (
        weighted(two_strata(), replace(ASKED, seed=seed), BY_SEX, "binary")[0].lo for seed in (1, 1, 2)
    )
    assert first == again != other


def test_arms_exchanged_turn_the_sign() -> None:
    """The weighted difference too."""
    one, other = (
        weighted(frame, ASKED, BY_SEX, "binary")[0].est for frame in (two_strata(), swapped(two_strata()))
    )
    assert one == pytest.approx(-float(other or 0))


def test_a_draws_propensity_is_that_of_statsmodels() -> None:
    """Newton's steps end where statsmodels' regression ends."""
    random = np.random.default_rng(3)
    columns = np.column_stack([np.ones(300), random.normal(size=(300, 2))])
    treated = (random.random(300) < 1 / (1 + np.exp(-columns[:, 1]))).astype(float)
    often = random.integers(0, 4, 300).astype(float)
    start = fitted(columns, treated).coefficients
    again = refitted(columns, treated, often, start)
    assert again == pytest.approx(fitted(columns, treated, often).score, abs=1e-7)


def test_large_weights_are_cut() -> None:
    """Beyond the quantile they are set to it."""
    score, treated = np.array([0.5] * 98 + [0.001, 0.5]), np.ones(100)
    assert weights(score, treated, "ate", 1.0).max() == pytest.approx(1000)
    assert weights(score, treated, "ate", 0.98).max() < 30


def test_arms_that_share_nobody_are_refused() -> None:
    """If covariates tell arms apart, nobody can be compared."""
    frame = two_strata().with_columns(x_sex=pl.col("arm"))
    assert all("nobody to compare" in str(one.reason) for one in weighted(frame, ASKED, BY_SEX, "binary"))
    assert overlap(np.array([0.1, 0.12, 0.9, 0.95]), np.array([0.0, 0, 1, 1])) == 0


def test_a_level_that_one_arm_has_alone_hurts_nobody_else() -> None:
    """Two boys more of a rare kind in one arm, which most draws of people hold and some do not."""
    rare = people(arm="uu", x_sex=["m", "m"], o_seen=[0, 1], o_seen_st=[0, 0])
    kind = pl.Series("x_kind", ["known"] * 100 + ["rare"] * 2)
    frame = pl.concat([two_strata(), rare]).with_columns(kind)
    difference, _ = weighted(frame, ASKED, Weighting(["x_sex", "x_kind"], truncate_at=1.0), "binary")
    assert difference.est == pytest.approx(0.175, abs=0.02)
    assert difference.lo is not None and difference.hi is not None


def by_sex(rows: pl.DataFrame, first: str, _: str) -> Floats:
    """The weights that estimates of two strata use."""
    treated = (rows["arm"] == first).to_numpy().astype(float)
    return weights(fitted(matrix(rows, ["x_sex"]), treated).score, treated, "ate", 1.0)


def alone(rows: pl.DataFrame, _first: str, _other: str) -> Floats:
    """Everybody counts once."""
    return np.ones(len(rows))


ARMS = ("support", "usual")


def test_balance_by_hand() -> None:
    """0.2 girls against 0.8: a difference of 0.6 over sqrt(0.16) (Austin 2009), none after weighting."""
    table = balance(two_strata(), ARMS, {"sex": "x_sex"}, by_sex)
    girls = table.filter(pl.col("level") == "f")
    assert girls["smd_raw"].to_list() == [None, pytest.approx(-1.5)]
    assert abs(girls["smd_weighted"][1]) < 1e-6
    assert girls["n"].to_list() == [40, 10]
    assert table["flag"].to_list() == [None, "ok"] * 2


def test_levels_that_arms_do_not_share_are_said() -> None:
    """All of one arm have it and none of the other: infinite and `disjoint`."""
    table = balance(two_strata().with_columns(x_sex=pl.col("arm")), ARMS, {"sex": "x_sex"}, alone)
    assert set(table["flag"]) == {None, "disjoint"}
    assert np.isinf(table["smd_raw"].drop_nulls().to_numpy()).all()


def test_numbers_and_what_is_not_known_in_balance() -> None:
    """1 and 3 against 5 and 7: 4 over sqrt(2); `unknown` is missing, and a status says why."""
    frame = people(
        arm="ssuuu", x_n=[1.0, 3.0, 5.0, 7.0, None], x_n_st=[0, 0, 0, 0, 2], x_g=[*"pqpq", "Unknown"]
    )
    table = balance(frame, ARMS, {"n": "x_n", "g": "x_g"}, alone)
    number = table.filter(variable="n", arm="usual").to_dicts()[0]
    assert number["smd_raw"] == pytest.approx(4 / 2**0.5)
    assert (number["n"], number["n_missing"], number["n_not_covered"], number["p50"]) == (2, 0, 1, 6.0)
    assert table.filter(variable="g", arm="usual")["n_missing"].to_list() == [1, 1]


def test_a_missing_covariate_is_a_level() -> None:
    """Text: a level of its own; a number: the mean, and an indicator."""
    frame = pl.DataFrame({"x_a": ["p", None, "p", "q"], "x_n": [1.0, None, 3.0, 2.0]})
    assert matrix(frame, ["x_a", "x_n"]).shape == (4, 4)
    assert matrix(frame.with_columns(x_b=pl.col("x_a")), ["x_a", "x_b"]).shape == (4, 3)
