"""Who else knew.

Where a study matches records of another agency to day 0, that none was found may be a link that was missed.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from outcome_linkage.evaluation.report.blocks import Grid, Picture
from outcome_linkage.evaluation.report.gathered import Gathered
from outcome_linkage.evaluation.report.linked import ascertainment
from outcome_linkage.evaluation.report.matched import matched
from tests.invented_run import people, study, tables


def told(known: int, recall: float | None = 0.8) -> tuple[str, ...]:
    """What is told where so many of 1,600 have a matched record."""
    table = tables(study(), people())["ev_ascertainment"].filter(pl.col("role") == "index")
    without = ~pl.col("sources").str.contains("+", literal=True)
    n = pl.when(without).then(1600 - known).otherwise(known)
    found = pl.lit(recall, dtype=pl.Float64)
    reason = pl.lit(None if recall else "nobody measured it", dtype=pl.String)
    changed = table.with_columns(n=n, recall=found, reason=reason)
    (grid,) = matched(Gathered(study(), Path(), {"ev_ascertainment": changed}))
    return tuple(grid.rows[0])


def test_a_share_that_was_seen_through_links_is_bounded() -> None:
    """400 of 1,600 are 25%: 25 / 0.8 if missed links were found, 25 / 0.75 at most, from what is shown."""
    assert told(398)[2:6] == ("400 of 1,600", "25.0%", "31.2%", "33.3%")


def test_recall_stands_beside_it() -> None:
    """With its interval, and what it rests on."""
    assert told(398)[-1] == "80.0% (75.0% to 85.0%), by planted records"


def test_there_is_no_bound_without_recall() -> None:
    """But the reason."""
    assert told(398, None)[2:] == ("400 of 1,600", "25.0%", "", "", "not known: nobody measured it")


def test_few_have_no_bound() -> None:
    """That would say how few they are."""
    assert told(3)[2:6] == ("1 to 7 of 1,600", "about 0.1% to 0.4%", "", "")


def test_at_most_everybody_was_known() -> None:
    """1,400 of 1,600 are 87.5%; with a recall of 0.8 that would be more than all."""
    assert told(1400)[3:6] == ("87.5%", "100.0%", "100.0%")


def test_outcomes_are_not_added_up() -> None:
    """292 people with each of two outcomes: a bar of 585 beside 290 would give 292 back."""
    rows = [
        ("outcome", name, tables, n)
        for name in ("suspended", "self_harm")
        for tables, n in (("a", 292), ("a+b", 40))
    ]
    table = pl.DataFrame(rows, schema=["role", "outcome", "sources", "n"], orient="row")
    section = ascertainment(Gathered(study(), Path(), {"ev_ascertainment": table}))
    assert section is not None
    pictures = [block for block in section.blocks if isinstance(block, Picture)]
    assert len(pictures) == 2
    for picture in pictures:
        assert [row[1].split()[0] for row in picture.table.rows] == ["290", "40"]
        assert re.findall(r">(\d+)<", picture.svg) == ["290", "40"]


def test_of_one_table_there_is_no_picture() -> None:
    """Nobody else could have known."""
    table = pl.DataFrame(
        [("outcome", "suspended", "a", 292)], ["role", "outcome", "sources", "n"], orient="row"
    )
    section = ascertainment(Gathered(study(), Path(), {"ev_ascertainment": table}))
    assert section is not None
    (grid,) = section.blocks
    assert isinstance(grid, Grid) and grid.rows == [("a", "290 (100.0%)")]


def test_a_count_is_rounded_in_one_way_only() -> None:
    """293 of 301, by table and by bar: 290 of 300 with 10 of 300 and not 295 of 300 too."""
    rows = [("outcome", "suspended", "a", 293), ("outcome", "suspended", "a+b", 8)]
    table = pl.DataFrame(rows, schema=["role", "outcome", "sources", "n"], orient="row")
    section = ascertainment(Gathered(study(), Path(), {"ev_ascertainment": table}))
    assert section is not None
    (picture,) = section.blocks
    assert isinstance(picture, Picture)
    assert picture.table.rows == [("a", "290 (96.7%)"), ("a and b", "10 (3.3%)")]
    assert "290<" in picture.svg and "295" not in re.sub("<[^>]*>", " ", picture.svg)
