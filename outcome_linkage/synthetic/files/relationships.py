"""The file of relationships of a supplier, and the identities of people whom it knows only as relatives."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from outcome_linkage.synthetic.files.text import dates, dates_up_to
from outcome_linkage.synthetic.identities import IDENTITY, identities, named_stays
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, DeliveryPlan


def relationships(relations: pl.DataFrame, held: Sequence[Books], plan: DeliveryPlan) -> pl.DataFrame:
    """What is known at the end of the delivery, under the first record of both people in any of the books."""
    first = pl.concat(
        book.records.filter(pl.col("nth") == 0).select("who", id="original_id") for book in held
    )
    rows = relations.filter(pl.col("known") <= plan.end)
    rows = rows.join(first.rename({"id": "record_key"}), on="who", maintain_order="left")
    rows = rows.join(
        first.select(related="who", related_record_key="id"), on="related", maintain_order="left"
    )
    return rows.select(
        "record_key",
        "related_record_key",
        "kind",
        dates(pl.col("since")).alias("valid_from"),
        dates_up_to(pl.col("until"), plan.end).alias("valid_to"),
        "basis",
    )


def relatives(relations: pl.DataFrame, held: Books) -> pl.DataFrame:
    """Who is known only as somebody's relative, and since which day: who, known."""
    return (
        relations.group_by("related")
        .agg(pl.col("known").min())
        .select(pl.col("related").alias("who"), "known")
        .join(held.records.select("who"), on="who", how="anti")
        .sort("who")
    )


class RelativeFiles:
    """The identities of a council's relatives in a block, to be cut by delivery."""

    def __init__(self, lives: Lives, held: Books) -> None:
        ours = list(LOCAL_AUTHORITIES).index(held.supplier)
        stays = named_stays(lives)
        stays = stays.filter(pl.Series(lives.authority(stays["dwelling"].to_numpy()) == ours))
        records = held.records.with_row_index("record").select(
            pl.col("record").cast(pl.Int64), "who", "known"
        )
        met = records.join(stays, on="who", how="inner", maintain_order="left_right")
        self._identities = identities(lives, held, met.filter(pl.col("until") >= pl.col("known")))

    def identities(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Every relative known by the end of the year, one row per address and surname since then."""
        rows = self._identities.filter((pl.col("known") <= plan.end) & (pl.col("since") <= plan.end))
        return rows.select(
            *[name for name in IDENTITY if not name.startswith(("valid", "pnc"))],
            dates(pl.col("since")).alias("valid_from"),
            dates_up_to(pl.col("until"), plan.end).alias("valid_to"),
        )
