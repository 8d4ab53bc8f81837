"""What is out of bounds: a figure far from its own past, further than chance, and further than matters."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from outcome_linkage.delivery_quality.ageing import Later
from outcome_linkage.delivery_quality.bounds import Bounds, Kind, bounds, median
from outcome_linkage.delivery_quality.drift import drift
from outcome_linkage.delivery_quality.history import HISTORY
from outcome_linkage.delivery_quality.judge import judge

YEARS_OF_60 = [58, 63, 60, 55, 66, 61, 59, 64, 57, 62, 60, 58] * 2


def judged(
    newest: float,
    past: list[float],
    kind: Kind = "count",
    of: float = np.nan,
    slack: float = 0.0,
    least: int = 12,
) -> Bounds:
    """The newest figure, judged by its past (oldest first); all are of the same size."""
    n = np.array([[newest, *reversed(past)]], dtype=np.float64)
    return bounds(n, np.full_like(n, of), kind, shown=1, least=least, slack=slack)


@pytest.mark.parametrize(
    ("rows", "side"),
    [(60, "inside"), (45, "inside"), (80, "inside"), (20, "below"), (0, "below"), (140, "above")],
)
def test_rows_may_vary_as_they_used_to_and_by_chance(rows: int, side: str) -> None:
    """Sixty a month may be 45 or 80; twenty is a drop, and 140 a file that was loaded twice."""
    found = judged(rows, YEARS_OF_60)
    assert (bool(found.below.item()), bool(found.above.item())) == (side == "below", side == "above")
    assert found.low.item() < 45 and found.high.item() > 80


def test_few_rows_prove_nothing() -> None:
    """Where two rows a month are usual, none is no surprise, and nor are eight."""
    for rows in (0, 8):
        found = judged(rows, [2, 1, 3, 2, 0, 4] * 4)
        assert not found.below.item() and not found.above.item()


def test_without_a_year_of_months_nothing_is_said() -> None:
    """No history yet is neither good nor bad."""
    found = judged(0, YEARS_OF_60[:11])
    assert np.isnan(found.low.item()) and not found.below.item()


def test_one_mistake_in_the_past_does_not_widen_the_bounds() -> None:
    """The median and its deviation do not follow a single month of a thousand rows."""
    assert judged(140, [*YEARS_OF_60[:-1], 1000]).above.item()


def test_shares_are_judged_by_how_many_they_are_of() -> None:
    """A column that was always filled: one of five empty is chance, 300 of 1,000 is not."""
    assert not judged(4, [5] * 24, "share", of=5).below.item()
    assert judged(700, [1000] * 24, "share", of=1000).below.item()


def test_a_move_too_small_to_matter_is_never_told() -> None:
    """One per cent of a million rows is far beyond chance, and nobody should be woken for it."""
    past = [990_000.0] * 24
    assert judged(970_000, past, "share", of=1_000_000).below.item()
    assert not judged(970_000, past, "share", of=1_000_000, slack=0.05).below.item()


def test_what_happens_every_august_is_not_told() -> None:
    """No school, no exclusions: as in the same month of a year before."""
    year = [25.0, 24, 30, 22, 26, 28, 16, 0, 24, 32, 30, 20]
    until_august = [*year, *year[:7]]
    found = judged(0, until_august)
    assert found.season.item() and not found.below.item()
    assert judged(0, [*year, *year[:6]]).below.item()  # in July it is


def test_the_median_leaves_out_what_is_not_known() -> None:
    """Of an even number of figures it is the middle of the two in the middle."""
    values = np.array([[3.0, np.nan, 1.0, 2.0], [np.nan, 4.0, 1.0, np.nan], [np.nan] * 4])
    assert median(values)[:2].tolist() == [2.0, 2.5]
    assert np.isnan(median(values)[2])


def codes(now: list[int], before: list[int], months: int = 24) -> tuple[float, bool, list[bool]]:
    """Distance, whether it is too great, and which codes are new: rows by code now and each month before."""
    n = np.array(
        [[count, *[usual] * months] for count, usual in zip(now, before, strict=True)], dtype=np.float64
    )
    found = drift(n, np.zeros(len(now), dtype=np.int64), shown=1, least=12)
    return found.distance.item(), bool(found.above.item()), found.is_new[:, 0].tolist()


def test_codes_drift_when_their_shares_change() -> None:
    """The distance is half the sum of differences: 30 of 100 rows have another code than before."""
    distance, above, new = codes([200, 300], [350, 150])
    assert distance == pytest.approx(0.3)
    assert above and new == [False, False]


def test_codes_of_few_rows_do_not_drift() -> None:
    """Three rows of another code are chance."""
    assert codes([0, 3], [20, 20])[1] is False


def test_a_code_never_seen_before_is_named_once_it_is_no_chance() -> None:
    """Forty rows of it are a new code; one row is a rare code that comes up at last."""
    assert codes([360, 40], [400, 0])[2] == [False, True]
    assert codes([399, 1], [400, 0], months=13)[2] == [False, False]


AGES = {0: 20, 1: 60}
"""Of 100 crimes of a month, how many have a day of outcome so many months later; 95 of those older."""


def snapshots(deliveries: int, newest: int) -> pl.DataFrame:
    """Deliveries of a month each, that tell of two years of months; `newest` is that of the last month."""
    lines = []
    for sent in range(deliveries):
        for age in range(24):
            months = 24 * 12 + sent - age
            n = newest if (sent, age) == (deliveries - 1, 0) else AGES.get(age, 95)
            at = date(2000 + months // 12, months % 12 + 1, 1)
            line = {"supplier": "police", "period": f"{sent:03}", "number": "001", "table": "crimes"}
            line |= {"by": "month", "name": f"{at:%Y-%m}", "at": at, "n": n, "of": 100, "age": age}
            lines.append({**line, "measure": "complete", "item": "outcome_date"})
    return pl.DataFrame(lines, schema=HISTORY)


def told(every: pl.DataFrame, later: Later = frozenset()) -> str:
    """What is said of the newest month."""
    return str(judge(every, later).filter(pl.col("lag") == 0)["state"].item())


def test_what_fills_in_later_is_judged_by_months_of_its_age() -> None:
    """20 of 100 outcomes are usual in the newest month, though older months have 95; none is not."""
    assert told(snapshots(8, newest=20)) == "inside"
    assert told(snapshots(8, newest=0)) == "low"


def test_while_no_delivery_tells_of_its_age_nothing_is_said() -> None:
    """Of a day that may come later, or a column of which later deliveries filled more; of others it is."""
    days = {("crimes", "outcome_date")}
    assert told(snapshots(1, newest=20), days) == "young"
    assert told(snapshots(2, newest=20)) == "young"
    assert told(snapshots(1, newest=20)) == "low"
