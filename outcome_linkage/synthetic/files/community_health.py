"""The files of the board on outpatients, general practice and employment."""

from __future__ import annotations

import polars as pl

from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage
from outcome_linkage.synthetic.agencies.employment import employment
from outcome_linkage.synthetic.agencies.general_practice import coded_events
from outcome_linkage.synthetic.agencies.health import HealthRecords
from outcome_linkage.synthetic.agencies.outpatients import appointments
from outcome_linkage.synthetic.files.text import Tables, dates, event_ids, filed
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import DeliveryPlan


class CommunityFiles:
    """A block's records of outpatients and practices as files, to be cut by delivery."""

    def __init__(
        self, lives: Lives, registered: pl.DataFrame, found: HealthRecords, needs: Disadvantage, held: Books
    ) -> None:
        self._block = lives.block
        visits = appointments(lives, found.admissions)
        coded = coded_events(lives, registered)
        working = employment(lives.block.random("employment of patients"), lives, found.referrals, needs)
        self._visits = filed(lives.block, held, visits.with_row_index("n"), "outpatients")
        self._coded = filed(lives.block, held, coded.with_row_index("n"), "general practice")
        self._working = filed(lives.block, held, working, "employment")

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The tables of one delivery."""
        return {
            "op_appointments": self._appointed(plan),
            "gp_events": self._events(plan),
            "employment_status": working_rows(_in(self._working, plan)),
        }

    def _appointed(self, plan: DeliveryPlan) -> pl.DataFrame:
        return _in(self._visits, plan).select(
            event_ids(self._block, "OP", pl.col("n")).alias("ATTENDKEY"),
            pl.col("record_key").alias("TOKEN_PERSON_ID"),
            dates(pl.col("day")).alias("APPTDATE"),
            dates(pl.col("asked")).alias("REQDATE"),
            pl.col("attended").alias("ATTENDED"),
            pl.lit("21").alias("ATENTYPE"),
            pl.col("first").alias("FIRSTATT"),
            pl.col("outcome").alias("OUTCOME"),
            pl.lit("1").alias("PRIORITY"),
            pl.lit("03").alias("REFSOURC"),
            pl.col("specialty").alias("MAINSPEF"),
            pl.col("specialty").alias("TRETSPEF"),
            pl.col("site").str.head(3).alias("PROCODE3"),
            pl.col("site").alias("SITETRET"),
            pl.col("sex").alias("SEX"),
            pl.col("ethnic").alias("ETHNOS"),
            pl.col("birth_month").alias("MYDOB"),
        )

    def _events(self, plan: DeliveryPlan) -> pl.DataFrame:
        return _in(self._coded, plan).select(
            event_ids(self._block, "GP", pl.col("n")).alias("event_id"),
            "record_key",
            dates(pl.col("day")).alias("event_date"),
            pl.col("concept").alias("snomed_concept_id"),
            pl.col("value").cast(pl.String).alias("numeric_value"),
            pl.col("practice").alias("practice_code"),
        )


def working_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The file of employment from rows of record_key, day, status, hours."""
    return rows.select(
        "record_key",
        dates(pl.col("day")).alias("recorded_date"),
        "status",
        pl.col("hours").cast(pl.String).alias("weekly_hours"),
    )


def _in(rows: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
    return rows.filter(pl.col("day").is_between(plan.start, plan.end))
