"""Counts of people that may be shown. Rules are `profiles`; the functions apply one to a column of counts.

A hidden count is null with a flag beside it, so that "few" and "not known" cannot be confused. Nothing here
decides what may leave: that is the airlock's work.
"""

from __future__ import annotations

import polars as pl

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.release.profiles import NHS_HES, Profile


def release_counts(frame: pl.DataFrame, counts: str, profile: Profile = NHS_HES) -> pl.DataFrame:
    """`frame` with its column of true counts replaced by what may be shown, as Int64.

    Adds `<counts>_hidden` (Boolean) after it: true where the count was too small to show. A null count
    stays null and is not flagged. Where the totals of a profile are `true` they are released like any other
    count, from the true number. Raises OutcomeLinkageError for counts that are negative or not whole.
    """
    _check(frame, counts)
    true = pl.col(counts).cast(pl.Int64)
    hidden = true.is_between(profile.hide_from, profile.hide_to)
    step = profile.round_to
    rounded = (2 * true + step) // (2 * step) * step
    flag = f"{counts}_hidden"
    released = frame.with_columns(
        hidden.fill_null(False).alias(flag), pl.when(~hidden).then(rounded).alias(counts)
    )
    names = [name for name in frame.columns if name != flag]
    at = names.index(counts) + 1
    return released.select([*names[:at], flag, *names[at:]])


def midpoint_counts(frame: pl.DataFrame, counts: str, profile: Profile = NHS_HES) -> pl.DataFrame:
    """`frame` with its column of true counts put in steps that begin above 0, each shown by its middle.

    For curves, which cannot be drawn with hidden numbers: 1 to 7 are 4, 8 to 14 are 11; 0 stays 0, null null.
    A step of OpenSAFELY is 6 (its `midpoint6`); of others it holds as many numbers as the profile hides, so
    that the lowest says no more than "few" does: our own rule.
    """
    _check(frame, counts)
    true = pl.col(counts).cast(pl.Int64)
    step = profile.curve_step
    middle = (true + step - 1) // step * step - step // 2
    return frame.with_columns(pl.when(true > 0).then(middle).otherwise(true).alias(counts))


def _check(frame: pl.DataFrame, counts: str) -> None:
    column = frame[counts]
    whole = column.dtype.is_integer() or (column.drop_nulls() % 1 == 0).all()
    if not whole or bool((column.drop_nulls() < 0).any()):
        raise OutcomeLinkageError(f"{counts}: expected whole numbers from 0; found others.")
