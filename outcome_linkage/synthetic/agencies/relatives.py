"""Who is related to whom, as agencies record it: mothers at the board, parents and carers at the councils.

A relation is a row: who, related, kind (related is the kind of who), basis, since and until (days; null:
since birth, NEVER: still holds), known (the day from which the agency knows it). What is left out of the
records, and who is mistaken for whom, stands in `faults.RELATIONSHIP_FAULTS`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.faults import RELATIONSHIP_FAULTS
from outcome_linkage.synthetic.households import ADULT_ROLES
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.randomness import Random
from outcome_linkage.synthetic.window import NEVER

MATERNITY: Final = "maternity_record"
SOCIAL_WORK: Final = "social_work_record"
_COLUMNS: Final = ("who", "related", "kind", "basis", "since", "until", "known")


def carers(lives: Lives) -> pl.DataFrame:
    """The grandparent who lives in a child's household and helps to bring it up: who, related."""
    people = lives.people
    elders = people.filter(pl.col("role") == ADULT_ROLES.index("grandparent"))
    children = people.filter(pl.col("role") < 0).select("who", "household")
    return children.join(
        elders.select("household", related="who"), on="household", maintain_order="left_right"
    ).select("who", "related")


def maternity_records(lives: Lives, patients: pl.DataFrame) -> pl.DataFrame:
    """Mother and child, where both are among `patients` (who, known), from the birth."""
    first = patients.select("who", "known")
    mothers = lives.people.filter((pl.col("role") < 0) & (pl.col("mother") >= 0)).select(
        "who", related="mother", since="birth"
    )
    rows = mothers.join(first, on="who", maintain_order="left").join(
        first.rename({"who": "related", "known": "met"}), on="related", maintain_order="left"
    )
    rows = rows.with_columns(
        pl.max_horizontal("known", "met").alias("known"),
        kind=pl.lit("mother"),
        basis=pl.lit(MATERNITY),
        until=pl.lit(NEVER, pl.Int64),
    )
    return _misrecorded(lives.block.random("maternity records"), rows.select(_COLUMNS))


def social_work_records(lives: Lives, supplier: str, cases: pl.DataFrame) -> pl.DataFrame:
    """The parents, and the carers for as long as there is a case, of children in need whose case went on.

    `cases`: those of one council (who, referral, closure, nfa).
    """
    in_need = (
        cases.filter(~pl.col("nfa"))
        .group_by("who", maintain_order=True)
        .agg(pl.col("referral").min().alias("known"), pl.col("closure").max())
        .sort("who")
    )
    never = pl.lit(None, pl.Int64)
    parents = [
        in_need.join(lives.people.select("who", related=kind), on="who", maintain_order="left")
        .filter(pl.col("related") >= 0)
        .with_columns(kind=pl.lit(kind), since=never, until=pl.lit(NEVER, pl.Int64))
        for kind in ("mother", "father")
    ]
    helpers = in_need.join(carers(lives), on="who", maintain_order="left").with_columns(
        kind=pl.lit("carer"), since="known", until="closure"
    )
    rows = pl.concat(
        part.with_columns(basis=pl.lit(SOCIAL_WORK)).select(_COLUMNS) for part in (*parents, helpers)
    )
    return _misrecorded(lives.block.random(f"social work records {supplier}"), rows)


def _misrecorded(random: Random, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as they are recorded: some are not, and in some the related person is another row's."""
    for fault in RELATIONSHIP_FAULTS:
        concerned = ((rows["basis"] == fault.basis) & (rows["kind"] == fault.kind)).to_numpy()
        struck = pl.Series(concerned & (random.random(rows.height) < fault.rate))
        if fault.name == "not_recorded":
            rows = rows.filter(~struck)
        else:
            other = rows["related"].gather(_another_row(random, concerned))
            rows = rows.with_columns(related=pl.when(struck).then(other).otherwise("related"))
    return rows.filter(pl.col("who") != pl.col("related"))


def _another_row(random: Random, concerned: np.ndarray) -> np.ndarray:
    """For each row one of the rows concerned, at random; itself where there is none."""
    rows = np.flatnonzero(concerned)
    if not len(rows):
        return np.arange(len(concerned))
    return rows[random.integers(0, len(rows), len(concerned))]
