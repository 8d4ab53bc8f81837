"""What the pack shows.

The pack is read by people who may see no record. It counts people as any release does: 1 to 7 are hidden,
others rounded to 5, and every share and interval follows from what is shown.
"""

from __future__ import annotations

from datetime import date

import pytest

from outcome_linkage.home import Home
from outcome_linkage.linkage_quality.figures import ALL, Figure, wilson
from outcome_linkage.linkage_quality.measure import Extract
from outcome_linkage.linkage_quality.pack import make_pack
from outcome_linkage.linkage_quality.released import Shown, release
from tests.tiny_linkage import NOBODY, linked, record, tokens_of

pytestmark = pytest.mark.slow


def shown(n: int, of: int | None, measure: str = "recall", by: str = "sex", item: str = ALL) -> Shown:
    (figure,) = release([Figure(measure, item, by, "female", n, of)])
    return figure


def test_a_share_follows_from_the_shown_counts() -> None:
    """938 of 1,002 is shown as 64 missing, rounded to 65, of 1,000: 93.5 %."""
    figure = shown(938, 1002)
    assert (figure.n, figure.of, figure.share) == (935, 1000, 0.935)
    assert (figure.low, figure.high) == wilson(935, 1000)
    assert figure.words == "93.5% (91.8% to 94.9%), 935 of 1,000"


def test_all_is_all() -> None:
    """34 of 34 is nobody missing of 35, not 30 of 35."""
    figure = shown(34, 34)
    assert (figure.n, figure.of, figure.share, figure.about) == (35, 35, 1.0, False)


@pytest.mark.parametrize("right", [1053, 1056, 1059])
def test_few_missing_are_hidden_and_the_interval_holds_for_all_that_they_may_be(right: int) -> None:
    """2 wrong links of 1,060 are not 0: about 99.6 %, from what 7 wrong would give to what 1 would."""
    figure = shown(right, 1060)
    assert figure.n is None and figure.n_hidden and figure.about
    assert figure.words == "about 99.6% (98.6% to 100.0%), all but 1 to 7 of 1,060"
    low, high = wilson(right, 1060)
    assert figure.low is not None and figure.high is not None
    assert figure.low <= low and high <= figure.high


def test_few_of_many_are_hidden_too() -> None:
    assert shown(3, 6000, "contradiction").counts == "1 to 7 of 6,000"


def test_few_of_few_say_nothing() -> None:
    """Of 20 people, 1 to 7 missing may be anything; of 5 people even their number is hidden."""
    assert shown(18, 20).share is None
    assert (shown(5, 5).of, shown(5, 5).share, shown(5, 5).of_hidden) == (None, None, True)


def test_planted_records_are_nobody_and_shown_as_they_are() -> None:
    """By kind of damage; by characteristic they are those of the person who was copied, and hidden."""
    assert shown(58, 60, "planted_found", by=ALL, item="twin").counts == "58 of 60"
    assert shown(58, 60, "planted_found").counts == "all but 1 to 7 of 60"


def test_counts_alone_are_released_like_any_other() -> None:
    assert [shown(n, None, "candidates").counts for n in (0, 3, 12)] == ["0", "1 to 7", "10"]


def test_a_pack_is_made_once_for_a_run(home: Home) -> None:
    """An unchanged night finds it there; another extract measures again."""
    rows = [
        record("bristol", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
        record("health", 1, "Ann", "Lee", "2001-05-06", "BS1 1AA"),
    ]
    linked(home, rows)
    extract = Extract(
        tokens_of(rows, home.restricted / "again.parquet"), NOBODY, date(2026, 11, 30), registers=("health",)
    )
    made = make_pack(home, extract)
    first = made.page.read_bytes()
    assert not made.unchanged and make_pack(home, extract).unchanged
    (home.restricted / "linkage_quality" / "0001.json").unlink()
    again = make_pack(home, extract)
    assert not again.unchanged and again.page.read_bytes() == first
    assert made.page.stat().st_mode & 0o777 == 0o640
    assert not made.page.is_relative_to(home.restricted)


def test_an_empty_home_has_a_page_too(home: Home) -> None:
    """Nothing was delivered: nothing to draw, nothing failed."""
    linked(home, [])
    made = make_pack(
        home, Extract(tokens_of([], home.restricted / "again.parquet"), NOBODY, date(2026, 11, 30))
    )
    assert not made.pack.failed
    assert "Fit to publish" in made.page.read_text(encoding="utf-8")
