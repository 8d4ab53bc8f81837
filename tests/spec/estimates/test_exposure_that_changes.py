"""Exposure that begins during follow-up: its time before is unexposed time."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outcome_linkage.evaluation.answers.cohorts import cohort_answers
from outcome_linkage.evaluation.estimates.time_varying import time_varying, up_to_first
from tests.invented_study import Invented, outcome, study
from tests.spec.estimates.tables import ASKED

SEEN = {"concept": "mental_health_referral", "source": "mhsds_referrals", "window": [0, 180]}
SEEN_SOME_DAY = [
    {"id": "seen", "label": "Seen", "when": {"event": SEEN}},
    {"id": "not_seen", "label": "Not seen", "when": "otherwise"},
]


def periods(rows: list[tuple[str, int, bool, int, int]]) -> pl.DataFrame:
    columns = ["person_key", "whole_period", "exposed", "days_at_risk", "o_seen"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_rate_ratio_by_hand() -> None:
    """One period: 3 events in 100 exposed days against 2 in 200: a ratio of 3."""
    made = time_varying(
        periods(
            [("a", 1, True, 60, 2), ("b", 1, True, 40, 1), ("c", 1, False, 150, 1), ("d", 1, False, 50, 1)]
        ),
        ASKED,
    )
    assert made.est == pytest.approx(3.0)
    assert (made.events_a, made.pdays_a, made.events_b, made.pdays_b) == (3, 100, 2, 200)


def test_a_first_event_has_no_days_after_it() -> None:
    """3 of 10 in 30 days against 6 of 10: the hazards are as log(0.7) to log(0.4), not as 3 to 6."""
    rows = [
        (f"{exposed}{n}", 1, exposed, 30, int(n < (3 if exposed else 6)))
        for exposed in (True, False)
        for n in range(10)
    ]
    made = time_varying(periods(rows), ASKED, first=True)
    assert made.est == pytest.approx(np.log(0.7) / np.log(0.4), rel=1e-4)
    again = periods([("a", 0, False, 30, 0), ("a", 1, False, 30, 2), ("a", 2, True, 30, 1)])
    kept = up_to_first(again.with_columns(trial_no=1, period="whole_period"), "seen")
    assert kept["o_seen"].to_list() == [0, 1]


def test_immortal_time_makes_no_benefit() -> None:
    """Null data: a naive reading (ever exposed, all their time) shows a benefit, this one does not.

    Exposure begins at a random month if nothing has happened yet; the outcome ends follow-up.
    """
    random = np.random.default_rng(6)
    rows, naive = [], {True: [0, 0], False: [0, 0]}
    for person in range(1500):
        event, start = random.geometric(0.08), random.integers(1, 13)
        last = min(event, 12)
        ever = bool(start <= last)
        naive[ever][0] += int(event <= 12)
        naive[ever][1] += last
        rows += [
            (f"p{person}", month, bool(month >= start), 30, int(month == event))
            for month in range(1, last + 1)
        ]
    made = time_varying(periods(rows), ASKED)
    assert naive[True][0] / naive[True][1] < 0.6 * naive[False][0] / naive[False][1]
    assert made.lo < 1 < made.hi  # type: ignore[operator]


def test_no_events_while_exposed_is_a_reason() -> None:
    """And few clusters are."""
    frame = periods([("a", 1, True, 60, 0), ("b", 1, False, 40, 1)])
    assert "no events" in str(time_varying(frame, ASKED).reason)
    few = periods([("a", 1, True, 60, 1), ("b", 1, False, 40, 1), ("c", 1, False, 40, 1)])
    made = time_varying(few.with_columns(cluster_key=pl.Series(["x", "x", "y"])), ASKED)
    assert "2 clusters" in str(made.reason)


def test_one_period_cannot_tell_time_from_exposure() -> None:
    """Whoever becomes exposed is exposed later: without periods nothing is said."""
    frame = periods([("a", 0, False, 60, 1), ("a", 0, True, 60, 1), ("b", 0, False, 40, 1)])
    assert "give the study a panel" in str(time_varying(frame, ASKED).reason)


@pytest.mark.slow
def test_rates_that_fall_with_time_are_not_taken_for_the_exposure() -> None:
    """Null data through the whole engine: attendances thin out, and half are seen on some day."""
    random, region = np.random.default_rng(8), Invented()
    for person in range(250):
        days = {int(day) for day in np.ceil(random.exponential(60, 4)) if day <= 180}
        seen = [("seen", int(random.integers(20, 150)))] if person % 2 else []
        region.person(f"p{person:03}", *seen, *(("attended", day) for day in sorted(days)))
    attended = {"concept": "emergency_attendance", "source": "ecds_attendances"}
    of = study(
        assignment={"strategy": "time_varying"},
        arms=SEEN_SOME_DAY,
        followup={"start_days": 1, "horizon_days": 180},
        outcomes=[outcome("count", event=attended, window=[1, 180])],
        panel={"every": "1 month", "from_days": 1, "to_days": 180},
    )
    (made,) = cohort_answers(region.make(of), of, "main")
    assert made.lo < 1 < made.hi < 1.4  # type: ignore[operator]
