"""People compared with themselves at other times."""

from __future__ import annotations

import polars as pl
import pytest

from outcome_linkage.evaluation.estimates.self_controlled import self_controlled, split_time
from tests.spec.estimates.tables import ASKED

PEOPLE = pl.DataFrame(
    {"person_key": ["a", "b"], "first_day": [-100, -100], "last_day": [199, 199], "age_days": [5000, 5000]}
)


def test_time_is_cut_into_windows() -> None:
    """300 days: 100 of risk, 30 set apart before the exposure, 170 others; an event on a border counts
    once.
    """
    events = pl.DataFrame({"person_key": ["a", "a", "a"], "day": [1, 100, -30]})
    rows = split_time(PEOPLE, events, "seen", {"risk": (1, 100)}, 30)
    mine = rows.filter(pl.col("person_key") == "a")
    days = dict(mine.select("window", "days_at_risk").iter_rows())
    assert days == {"baseline": 170, "pre_exposure": 30, "risk": 100}
    assert dict(mine.select("window", "o_seen").iter_rows()) == {"baseline": 0, "pre_exposure": 1, "risk": 2}


def test_bands_of_age_begin_on_birthdays() -> None:
    """Aged 5,000 days on day 0: 14 on day 114 (5,113.5 days), 186 days of 13 or younger before it."""
    rows = split_time(PEOPLE, PEOPLE.select("person_key", day=pl.lit(0)), "seen", {"risk": (1, 10)}, 0, (14,))
    by_band = rows.group_by("age_band").agg(pl.col("days_at_risk").sum()).sort("age_band")
    assert by_band.rows() == [("0", 2 * 214), ("1", 2 * 86)]


def test_rate_ratio_by_hand() -> None:
    """The same windows for all: 6 events in 100 days against 4 in 200 make 3, error sqrt(1/6 + 1/4).

    With equal windows the conditional likelihood is a binomial one (Farrington 1995, section 2).
    """
    events = pl.DataFrame({"person_key": ["a", "b"] * 5, "day": [5, 6, 7, 8, 9, 10, 150, 160, -50, -60]})
    rows = split_time(PEOPLE, events, "seen", {"risk": (1, 100)}, 0)
    (made,) = self_controlled(rows, ASKED, ["risk"])
    assert made.est == pytest.approx(3.0, abs=1e-4)
    assert made.se == pytest.approx((1 / 6 + 1 / 4) ** 0.5, abs=1e-4)
    assert (made.contrast, made.events_a, made.pdays_b) == ("risk - baseline", 6, 400)


def test_no_events_in_the_window_is_a_reason() -> None:
    """No finite ratio."""
    events = pl.DataFrame({"person_key": ["a", "b"], "day": [150, -50]})
    rows = split_time(PEOPLE, events, "seen", {"risk": (1, 100)}, 0)
    assert "no events" in str(self_controlled(rows, ASKED, ["risk"])[0].reason)


def test_a_window_that_is_an_age_is_a_reason() -> None:
    """Everybody turns 14 on the day on which the window begins: nothing tells one from the other."""
    born = PEOPLE.with_columns(age_days=pl.lit(5113))
    events = pl.DataFrame({"person_key": ["a", "b", "a"], "day": [5, 150, -50]})
    rows = split_time(born, events, "seen", {"risk": (1, 199)}, 0, (14,))
    (made,) = self_controlled(rows, ASKED, ["risk"])
    assert made.est is None and "from age" in str(made.reason)


def test_a_fit_that_runs_away_is_a_reason() -> None:
    """Two people of whom one alone tells anything, in an age of its own: no ratio, and no error either."""
    rows = pl.DataFrame(
        {
            "person_key": ["a", "b", "b", "b"],
            "window": ["baseline", "baseline", "risk", "risk"],
            "age_band": ["5-9", "0-4", "0-4", "5-9"],
            "days_at_risk": [279, 200, 293, 278],
            "o_seen": [1, 1, 0, 1],
        }
    )
    (made,) = self_controlled(rows, ASKED, ["risk"])
    assert made.est is None and "no finite ratio" in str(made.reason)
