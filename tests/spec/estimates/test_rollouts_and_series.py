"""Staggered and stepped rollouts, and interrupted series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from outcome_linkage.evaluation.answers.rollouts import panel_of_rates
from outcome_linkage.evaluation.estimates.dose import by_dose
from outcome_linkage.evaluation.estimates.interrupted import interrupted
from outcome_linkage.evaluation.estimates.panel import Panel, panel_of
from outcome_linkage.evaluation.estimates.staggered import event_study, staggered, weights_of
from outcome_linkage.evaluation.estimates.stepped import stepped
from tests.spec.estimates.tables import ASKED


def panel(starts: list[int], effect: float = 1.0, growth: float = 0.0, noise: float = 0.0) -> pl.DataFrame:
    """Units that start when said (0: never), six periods, a level and a common trend."""
    random = np.random.default_rng(4)
    rows = [
        (
            f"u{unit}",
            period,
            start,
            unit + 2 * period + _gain(start, period, effect, growth) + noise * random.normal(),
        )
        for unit, start in enumerate(starts)
        for period in range(1, 7)
    ]
    return pl.DataFrame(
        rows, schema=["cluster_key", "period", "first_treated_period", "o_seen"], orient="row"
    )


def _gain(start: int, period: int, effect: float, growth: float) -> float:
    return effect + growth * (period - start) if 0 < start <= period else 0.0


def value(frame: pl.DataFrame, after: bool = True) -> float:
    made = panel_of(frame, ASKED)
    shares = weights_of(made.people, made.first, lambda gap: gap >= 0 if after else gap < -1)
    return float((shares * made.total).sum())


def test_two_by_two_by_hand() -> None:
    """One unit from 10 to 15, one from 4 to 6: (15 - 10) - (6 - 4) (Card and Krueger 1994)."""
    frame = pl.DataFrame(
        [("a", 1, 2, 10.0), ("a", 2, 2, 15.0), ("b", 1, 0, 4.0), ("b", 2, 0, 6.0)],
        schema=["cluster_key", "period", "first_treated_period", "o_seen"],
        orient="row",
    )
    assert value(frame) == pytest.approx(3)


def test_an_effect_that_grows_is_not_taken_from_those_already_treated() -> None:
    """Starts in 3 and 5, effect 1, 2, 3, ... by period: the mean over treated cells is (1+2+3+4 + 1+2) / 6.

    Two-way fixed effects give another figure, since they compare with units already treated (Goodman-Bacon
    2021).
    """
    frame = panel([3, 5, 0, 0], growth=1.0)
    assert value(frame) == pytest.approx(13 / 6)
    fixed = np.column_stack(
        [
            *[(frame["cluster_key"] == f"u{unit}").to_numpy() for unit in range(4)],
            *[(frame["period"] == period).to_numpy() for period in range(2, 7)],
            (
                (frame["first_treated_period"] > 0) & (frame["period"] >= frame["first_treated_period"])
            ).to_numpy(),
        ]
    ).astype(float)
    plain = np.linalg.lstsq(fixed, frame["o_seen"].to_numpy(), rcond=None)[0][-1]
    assert abs(plain - 13 / 6) > 0.1


def test_periods_before_the_start_show_no_effect() -> None:
    """With a common trend, effects before the start are 0."""
    assert value(panel([3, 5, 0, 0]), after=False) == pytest.approx(0)
    labels = [one.subgroup for one in event_study(panel([3, 5, 0, 0]), ASKED, "mean_diff", 2)]
    assert labels == ["event_time=-2", "event_time=0", "event_time=1", "event_time=2"]


def test_everybody_treated_from_the_first_period_is_refused() -> None:
    """No period before the start, nothing to compare."""
    assert "period before" in str(staggered(panel([1, 1, 1]), ASKED).reason)
    assert "one unit" in str(staggered(panel([3]), ASKED).reason)


def test_few_units_are_dealt_new_dates() -> None:
    """Twelve units: randomisation inference, and the interval holds the effect."""
    made = staggered(panel([3, 4, 5, 0] * 3, noise=0.1), ASKED, "mean_diff")
    assert made.method == "did_group_time_randomisation_inference"
    assert made.lo < 1 < made.hi  # type: ignore[operator]
    assert made.p == pytest.approx(0.001)


def test_many_units_have_jackknife_errors() -> None:
    """Forty-eight units; another contrast of the same panel turns the sign with the values."""
    frame = panel([3, 4, 5, 0] * 12, noise=0.3)
    made, turned = (
        staggered(table, ASKED, "mean_diff") for table in (frame, frame.with_columns(-pl.col("o_seen")))
    )
    assert made.method == "did_group_time"
    assert made.lo < 1 < made.hi  # type: ignore[operator]
    assert turned.est == pytest.approx(-float(made.est or 0))


def test_stepped_estimate_without_noise_is_the_effect() -> None:
    """Every unit starts: the common effect comes back, and a rollout on one day is refused."""
    made = stepped(panel([2, 3, 4, 5] * 3, effect=2.0, noise=0.01), ASKED, "mean_diff")
    assert made.est == pytest.approx(2, abs=0.05)
    assert made.method == "stepped_randomisation_inference"
    assert "no period in which" in str(stepped(panel([3, 3, 3]), ASKED).reason)


def series(level: float, trend: float, months: int = 60) -> pl.DataFrame:
    t = np.arange(months)
    after, since = (t >= 30).astype(int), np.maximum(t - 30, 0)
    rate = np.exp(-4 + 0.01 * t + 0.2 * np.cos(2 * np.pi * t / 12) + level * after + trend * since)
    count = np.random.default_rng(2).poisson(50_000 * rate)
    return pl.DataFrame(
        {"t": t, "level": after, "trend": since, "numerator": count, "denominator": [50_000.0] * months}
    )


def test_series_gives_level_and_trend_back() -> None:
    """The rate falls by a fifth and by 1 % more each month, under a season."""
    level, trend = interrupted(series(np.log(0.8), np.log(0.99)), ASKED)
    assert level.lo < 0.8 < level.hi  # type: ignore[operator]
    assert trend.est == pytest.approx(0.99, abs=0.002)
    assert (level.subgroup, trend.subgroup, level.n_b) == ("level", "trend", 30)


def test_a_short_or_empty_series_is_refused() -> None:
    """Eight periods either side at least, with events."""
    short = interrupted(series(0, 0).filter(pl.col("t") > 25), ASKED)
    assert all("at least 8" in str(one.reason) for one in short)
    none = interrupted(series(0, 0).with_columns(numerator=pl.lit(0)), ASKED)
    assert all("no events" in str(one.reason) for one in none)
    assert interrupted(series(0, 0), replace(ASKED, confidence=0.5))[0].est is not None


def reached(units: int, effect: float, seed: int = 3) -> Panel:
    """Units of which a share is reached in steps, to a height of each its own; events by chance."""
    random, periods = np.random.default_rng(seed), np.arange(12)
    first = np.resize(np.array([2, 4, 6, 8, 99]), units)
    dose = random.uniform(0.5, 1, (units, 1)) * np.clip(0.4 + 0.3 * (periods - first[:, None]), 0, 1)
    dose[periods < first[:, None]] = 0
    days = random.integers(600, 3000, (units, 1)) * np.ones(12)
    rate = 0.02 * np.exp(random.normal(0, 0.4, (units, 1)) + 0.03 * periods + effect * dose)
    events = random.poisson(rate * days)
    return Panel(days, 1000.0 * events, first.astype(float), tuple(range(12)), dose, 1000.0)


def test_the_effect_of_a_share_is_told_per_so_many_points() -> None:
    """Everybody reached makes the rate two thirds; ten points more, the tenth root of that."""
    whole, tenth = (by_dose(reached(48, np.log(2 / 3)), ASKED, per) for per in (1.0, 0.1))
    assert whole.method == "dose_poisson" and whole.scale == "irr"
    assert whole.lo < 2 / 3 < whole.hi < 1  # type: ignore[operator]
    assert tenth.est == pytest.approx(float(whole.est or 0) ** 0.1)
    assert (whole.n_a, whole.n_b) == (39, 9) and min(whole.events_a or 0, whole.events_b or 0) > 1000


def test_few_units_are_dealt_new_courses_of_the_share() -> None:
    """Ten units: a wider interval that holds the truth, and the same at another time."""
    made = by_dose(reached(10, np.log(2 / 3)), ASKED, 1.0)
    assert made.method == "dose_poisson_randomisation_inference"
    assert made.lo < 2 / 3 < made.hi  # type: ignore[operator]
    assert by_dose(reached(10, np.log(2 / 3)), ASKED, 1.0) == made


def test_a_share_with_one_course_for_all_is_refused() -> None:
    """What is due to it cannot be told from what is due to the calendar; nor without events, or a share."""
    panel = reached(12, 0.0)
    alike = replace(panel, dose=np.tile(np.linspace(0, 1, 12), (12, 1)))
    assert "same course" in str(by_dose(alike, ASKED, 0.1).reason)
    assert "fewer than two" in str(by_dose(replace(panel, total=0 * panel.total), ASKED, 0.1).reason)
    assert "nothing is known" in str(by_dose(replace(panel, dose=None), ASKED, 0.1).reason)


def test_a_unit_without_anybody_in_a_period_says_nothing_of_it() -> None:
    """The rate of the other periods stays what it is, and so do the errors, nearly."""
    panel = reached(48, np.log(2 / 3))
    empty = np.arange(48) % 12
    for one in (panel.people, panel.total):
        one[np.arange(48), empty] = 0
    made = by_dose(panel, ASKED, 1.0)
    assert made.lo < 2 / 3 < made.hi  # type: ignore[operator]


def test_places_of_a_rollout_start_when_its_file_says() -> None:
    """W1 starts in period 2, of which nothing is known; W3 is not in the file, and in no comparison."""
    rows = pl.DataFrame(
        [
            ("W1", 1, 4, 100.0, 0, 0, 0.0),
            ("W1", 3, 2, 100.0, 1, 2, 0.5),
            *[("W2", t, 5, 200.0, 0, 0, 0.0) for t in (1, 2, 3)],
            *[("W3", t, 9, 100.0, 0, 0, None) for t in (1, 2, 3)],
        ],
        schema=["area_code", "t", "numerator", "denominator", "level", "trend", "dose"],
        orient="row",
    )
    made = panel_of_rates(rows, 1000.0)
    assert made.first.tolist() == [1.0, np.inf]
    assert made.people.tolist() == [[100, 0, 100], [200, 200, 200]]
    assert made.total.tolist() == [[4000, 0, 2000], [5000, 5000, 5000]]
    assert made.dose is not None and made.dose.tolist() == [[0, 0, 0.5], [0, 0, 0]]
    assert made.events(made.treated == 1) == {"events_a": 2, "events_b": 19}


def test_a_series_of_two_events_is_a_reason() -> None:
    """One in the first month and one on the day of the start: the fit runs away, and breaks nothing."""
    frame = series(0, 0, 60).with_columns(numerator=pl.col("t").is_in([0, 30]).cast(pl.Int64))
    level, trend = interrupted(frame, ASKED)
    assert level.est is None and trend.est is None
    assert level.reason and trend.reason
