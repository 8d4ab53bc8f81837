"""What a table covered, and who was linked, where that is all but few: no gap, and no misleading share."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from outcome_linkage.evaluation.report.blocks import Picture
from outcome_linkage.evaluation.report.covered import sources
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.pictures import intervals
from outcome_linkage.evaluation.report.shown import percent, shares
from outcome_linkage.release.profiles import NHS_HES
from tests.invented_run import study

MONTHS = [f"2023-{month:02}" for month in range(1, 8)]


def calendar(*covered: int, of: int) -> Picture:
    """The calendar of one table that covered so many in each month from January."""
    months = MONTHS[: len(covered)]
    rows = [("crimes", "police", month, of, n, 0, None) for month, n in zip(months, covered, strict=True)]
    names = ["source", "supplier", "month", "n", "n_covered", "n_gap", "reason"]
    table = pl.DataFrame(rows, schema=names, orient="row")
    section = sources(Gathered(study(), Path(), {"ev_coverage": table}))
    assert section is not None
    (picture,) = section.blocks
    assert isinstance(picture, Picture)
    return picture


def colours(picture: Picture) -> list[str]:
    """The colours of the months, in order."""
    return re.findall(r'aria-roledescription="rect mark"[^>]*fill="([^"]+)"', picture.svg)


def test_a_month_with_few_uncovered_is_not_painted_as_a_gap() -> None:
    """250 of 250, 246 and 0: the second is as good as the first, also of 30 people."""
    for some, of in (((250, 246, 0), 250), ((30, 27, 0), 30)):
        whole, nearly, none = colours(calendar(*some, of=of))
        assert none not in (whole, nearly)


def test_the_table_holds_every_month_of_the_picture() -> None:
    """Not every third."""
    picture = calendar(250, 250, 246, 3, 0, 0, 250, of=250)
    assert picture.table.rows == [
        ("2023-01", "100.0%"),
        ("2023-02", "100.0%"),
        ("2023-03", "about 97.2% to 99.6%"),
        ("2023-04", "about 0.4% to 2.8%"),
        ("2023-05", "0.0%"),
        ("2023-06", "0.0%"),
        ("2023-07", "100.0%"),
    ]


def test_of_few_that_are_hidden_a_range_is_told() -> None:
    """39 of 40 and 197 of 200: 90% beside 98% would look like eight points where there is one."""
    few, many = shares([(39, 40), (197, 200)], NHS_HES)
    assert percent(few, NHS_HES) == "about 82.5% to 97.5%"
    assert percent(many, NHS_HES) == "about 96.5% to 99.5%"


def test_a_share_that_is_a_range_is_drawn_without_a_dot() -> None:
    """Of 40 people all but one were linked: a dot at 90% would say more than is known."""
    svg = intervals(
        [
            {"source": "a", "name": "few", "share": None, "low": 0.68, "high": 0.99},
            {"source": "a", "name": "many", "share": 0.98, "low": 0.93, "high": 0.99},
        ],
        "source",
        ["few", "many"],
    )
    assert len(re.findall('aria-roledescription="rule mark"', svg)) == 2
    assert len(re.findall('aria-roledescription="point"', svg)) == 1
