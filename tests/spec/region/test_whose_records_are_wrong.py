"""Whose records are wrong in the invented region.

Linkage error falls on the people studied: names, dates and addresses are recorded worse for minority ethnic
and mobile people. A second kind of region, with equal errors, shows what a method does of itself.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from outcome_linkage.synthetic.faults import MINORITY_TIMES
from outcome_linkage.synthetic.identities import identities, named_stays
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Floats
from outcome_linkage.synthetic.records import Books, books
from outcome_linkage.synthetic.window import POLICE

pytestmark = pytest.mark.slow

PLAIN = ("forename_typo", "surname_typo", "dob_one_part", "dob_missing", "postcode_missing")


def police_books(lives: Lives, *, equal_errors: bool) -> Books:
    """The books of a police force that knows everybody."""
    everybody = lives.people.select("who", known=pl.lit(0))
    return books(lives, POLICE, everybody, equal_errors=equal_errors)


def wrong(lives: Lives, held: Books) -> tuple[Floats, Floats]:
    """The mean number of PLAIN errors for the White British and Irish, and for everyone else."""
    errors = np.sum([held.errors.has[name] for name in PLAIN], axis=0)
    white = lives.people["ethnic"].is_in(["WBRI", "WIRI"]).gather(held.records["who"]).to_numpy()
    mobile = lives.mobile[held.records["who"].to_numpy()]
    return errors[white & ~mobile].mean(), errors[~white & ~mobile].mean()


def test_errors_are_more_frequent_for_minorities(lives: Lives) -> None:
    """By default 1.7 times as frequent, among people who did not move."""
    white, minority = wrong(lives, police_books(lives, equal_errors=False))
    assert minority / white == pytest.approx(MINORITY_TIMES, rel=0.15)


def test_errors_are_equal_on_request(lives: Lives) -> None:
    """With equal errors there is no difference."""
    white, minority = wrong(lives, police_books(lives, equal_errors=True))
    assert minority / white == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize("equal_errors", [False, True])
def test_records_are_wrong_in_the_ways_that_are_declared(lives: Lives, equal_errors: bool) -> None:
    """Missing birthdays, exchanged names, mistyped postcodes: each about as often as its table says."""
    held = police_books(lives, equal_errors=equal_errors)
    missing = held.records["dob"].is_null().mean()
    assert 0.03 < missing < 0.07
    stays = named_stays(lives).unique("who", keep="first", maintain_order=True)
    rows = held.records.with_row_index("record").select(pl.col("record").cast(pl.Int64), "who", "known")
    seen = identities(lives, held, rows.join(stays, on="who", maintain_order="left_right"))
    assert 0.08 < seen["postcode"].is_null().mean() < 0.14
    invented = set(lives.postcodes)
    mistyped = seen["postcode"].drop_nulls().is_in(list(invented)).not_().mean()
    assert 0.004 < mistyped < 0.03


def test_a_record_keeps_its_errors(lives: Lives) -> None:
    """Every row of a record has the same spelling, so that an address history is one person's."""
    held = police_books(lives, equal_errors=False)
    rows = held.records.with_row_index("record").select(pl.col("record").cast(pl.Int64), "who", "known")
    addresses = rows.join(named_stays(lives), on="who", maintain_order="left_right")
    seen = identities(lives, held, addresses)
    swapped = pl.Series(held.errors.has["names_swapped"]).gather(addresses["record"])
    spellings = seen.filter(~swapped).group_by("record_key").agg(pl.col("forename").n_unique())
    assert (spellings["forename"] == 1).all()
