"""The file of relationships of a supplier."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from outcome_linkage.synthetic.files.text import dates, dates_up_to
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import DeliveryPlan


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


def relatives(relations: pl.DataFrame) -> pl.DataFrame:
    """Who is known as somebody's relative, and since which day: who, known."""
    first = relations.group_by("related").agg(pl.col("known").min())
    return first.select(pl.col("related").alias("who"), "known")
