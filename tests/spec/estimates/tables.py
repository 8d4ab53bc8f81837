"""Tiny tables of people, and the question that is asked of them."""

from __future__ import annotations

from typing import Any

import polars as pl

from outcome_linkage.evaluation.estimates.estimate import Asked

ASKED = Asked("seen", "support", "usual")


def people(**columns: Any) -> pl.DataFrame:
    """`ev_person` with these columns; `arm` as a word of s (support) and u (usual), one letter a person."""
    letters = columns.pop("arm")
    arms = [{"s": "support", "u": "usual"}[letter] for letter in letters]
    return pl.DataFrame({"person_key": [f"p{n}" for n in range(len(arms))], "arm": arms, **columns})


def of_risk(events_a: int, n_a: int, events_b: int, n_b: int) -> pl.DataFrame:
    """People of whom so many had the outcome."""
    seen = [1] * events_a + [0] * (n_a - events_a) + [1] * events_b + [0] * (n_b - events_b)
    return people(arm="s" * n_a + "u" * n_b, o_seen=seen, o_seen_st=[0] * len(seen))


def swapped(frame: pl.DataFrame) -> pl.DataFrame:
    """The same people with arms exchanged."""
    other = {"support": "usual", "usual": "support"}
    return frame.with_columns(arm=pl.col("arm").replace_strict(other))
