"""The files of the police on missing people, custody and searches."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.police_contacts import PoliceContacts
from outcome_linkage.synthetic.codes import OBSERVED
from outcome_linkage.synthetic.files.text import Tables, clock, dates, dates_up_to, event_ids, filed, flags
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import DeliveryPlan

_AGES: Final = ((0, "under 10"), (10, "10-17"), (18, "18-24"), (25, "25-34"), (35, "over 34"))


class ContactFiles:
    """A block's contacts with the police as files, to be cut by delivery."""

    def __init__(self, lives: Lives, found: PoliceContacts, held: Books) -> None:
        self._lives, self._block = lives, lives.block
        self._missing = filed(lives.block, held, found.missing.with_row_index("n"), "missing")
        self._arrests = filed(lives.block, held, found.arrests.with_row_index("n"), "custody")
        self._searches = filed(lives.block, held, found.searches.with_row_index("n"), "searches")

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The tables of one delivery."""
        return {
            "police_missing_reports": self._reported(plan),
            "police_custody_arrests": self._arrested(plan),
            "police_stop_searches": self._searched(plan),
        }

    def _reported(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Reports of the time of the delivery, and earlier ones of people who came back in it."""
        new = pl.col("since").is_between(plan.start, plan.end)
        back = pl.col("until").is_between(plan.start, plan.end)
        rows = self._missing.filter(new | back)
        same = pl.col("until") == pl.col("since")
        returned = pl.when(same).then(pl.max_horizontal("minute", "back")).otherwise("back")
        home = pl.col("until") <= plan.end
        return rows.select(
            event_ids(self._block, "MP", pl.col("n")).alias("report_id"),
            "record_key",
            dates(pl.col("since")).alias("reported_date"),
            clock(pl.col("minute")).alias("reported_time"),
            dates_up_to(pl.col("until"), plan.end).alias("returned_date"),
            pl.when(home).then(clock(returned)).alias("returned_time"),
            pl.col("risk").alias("risk_level"),
            pl.when(home).then("found_how").alias("found_how"),
        )

    def _arrested(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._arrests.filter(pl.col("day").is_between(plan.start, plan.end)).select(
            event_ids(self._block, "CU", pl.col("n")).alias("custody_id"),
            "record_key",
            dates(pl.col("day")).alias("arrest_date"),
            clock(pl.col("minute")).alias("arrest_time"),
            flags(pl.col("authorised")).alias("detention_authorised"),
            pl.col("code").alias("ho_offence_code"),
            "disposal",
            flags(pl.col("attended")).alias("appropriate_adult"),
            pl.col("age").cast(pl.String).alias("age_at_arrest"),
        )

    def _searched(self, plan: DeliveryPlan) -> pl.DataFrame:
        rows = self._searches.filter(pl.col("day").is_between(plan.start, plan.end))
        lows, names = [low for low, _ in _AGES], pl.Series([name for _, name in _AGES])
        band = names.gather(np.searchsorted(lows, rows["age"].to_numpy(), side="right") - 1)
        seen = (
            self._lives.people["ethnic"].gather(rows["who"]).replace_strict(OBSERVED, return_dtype=pl.String)
        )
        return rows.select(
            event_ids(self._block, "SS", pl.col("n")).alias("search_id"),
            "record_key",
            dates(pl.col("day")).alias("search_date"),
            clock(pl.col("minute")).alias("search_time"),
            "search_type",
            flags(pl.col("operation")).alias("part_of_operation"),
            pl.col("power").alias("legislation"),
            pl.col("sought").alias("object_of_search"),
            "outcome",
            flags(pl.col("linked")).alias("outcome_linked"),
            flags(pl.col("more_clothing")).alias("more_than_outer_clothing"),
            band.alias("age_range"),
            "sex",
            pl.col("ethnic").alias("self_defined_ethnicity"),
            seen.alias("observed_ethnicity"),
        )
