"""The identities of people whom a supplier comes to know otherwise than through its main books.

They lie in a file of their own beside that of the books, as another system of the supplier would export them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from outcome_linkage.synthetic.files.text import dates, dates_up_to
from outcome_linkage.synthetic.identities import IDENTITY, identities, named_stays
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, POLICE, DeliveryPlan

_NEVER_HELD: Final = {POLICE: ("upn", "nhs")}
_OF_OTHERS: Final = ("pnc", "upn")


def newcomers(known: pl.DataFrame, held: Sequence[Books]) -> pl.DataFrame:
    """Those of `known` (who, known) who are in none of the books."""
    there = pl.concat(book.records.select("who") for book in held)
    return known.join(there, on="who", how="anti").sort("who")


class NewcomerFiles:
    """A block's newcomers of one supplier, to be cut by delivery."""

    def __init__(self, lives: Lives, held: Books) -> None:
        self._supplier = held.supplier
        stays = named_stays(lives)
        if held.supplier in LOCAL_AUTHORITIES:
            ours = list(LOCAL_AUTHORITIES).index(held.supplier)
            stays = stays.filter(pl.Series(lives.authority(stays["dwelling"].to_numpy()) == ours))
        records = held.records.with_row_index("record").select(
            pl.col("record").cast(pl.Int64), "who", "known"
        )
        met = records.join(stays, on="who", how="inner", maintain_order="left_right")
        self._identities = identities(lives, held, met.filter(pl.col("until") >= pl.col("known")))

    def identities(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Everyone known by the end of the delivery, one row per address and surname since then."""
        rows = self._identities.filter((pl.col("known") <= plan.end) & (pl.col("since") <= plan.end))
        absent = (
            ("pnc",) if self._supplier in LOCAL_AUTHORITIES else _NEVER_HELD.get(self._supplier, _OF_OTHERS)
        )
        return rows.select(
            *[name for name in IDENTITY if not name.startswith(("valid", *absent))],
            dates(pl.col("since")).alias("valid_from"),
            dates_up_to(pl.col("until"), plan.end).alias("valid_to"),
        )
