"""A council's school census as files: pupils, sessions and exclusions of its schools, one row per term and
school.

Headers are spelt as the census spells them. Pupils go by the council's own id, as its database keeps them,
and not by pupil number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.agencies.attendance import absences
from outcome_linkage.synthetic.agencies.education import special_needs
from outcome_linkage.synthetic.agencies.schools import at_school, in_census
from outcome_linkage.synthetic.files.text import Tables, dates, event_ids
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import WINDOW_START, DeliveryPlan

SESSIONS_FROM, CARERS_FROM = 2022, 2023
_CENSUS: Final = (
    "record_key",
    "school_id",
    pl.col("year").cast(pl.String).alias("AcademicYear"),
    pl.col("term").alias("Term"),
    pl.col("roll").alias("Roll"),
)


@dataclass(frozen=True)
class SchoolFiles:
    """A block's pupils of one council, to be cut by delivery; the first brings all earlier terms too."""

    lives: Lives
    enrolled: pl.DataFrame
    exclusions: pl.DataFrame
    held: Books

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The tables of one delivery; attendance from the year from which all codes were collected."""
        return {
            "school_pupils": self._pupils(plan),
            "school_sessions": self._sessions(plan),
            "school_exclusions": self._excluded(plan),
        }

    @cached_property
    def _census(self) -> pl.DataFrame:
        return in_census(self.enrolled)

    @cached_property
    def _missed(self) -> pl.DataFrame:
        asked = self._census.filter(pl.col("year") >= SESSIONS_FROM)
        return absences(self.lives, asked, self.exclusions)

    @cached_property
    def _sen(self) -> pl.Series:
        return special_needs(self.lives)

    def _filed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows under a pupil's first record: a school knows a pupil once."""
        about = self.held.records.filter(pl.col("nth") == 0).select(
            "who",
            pl.col("dob").dt.to_string("%Y-%m").alias("birth_month"),
            "sex",
            "ethnic",
            record_key="original_id",
        )
        rows = rows.join(about, on="who", how="left", maintain_order="left")
        return rows.with_columns(sen=self._sen.gather(rows["who"]))

    def _in(self, rows: pl.DataFrame, plan: DeliveryPlan, day: str) -> pl.DataFrame:
        first = WINDOW_START if plan.number == 0 else plan.start
        return self._filed(rows.filter(pl.col(day).is_between(first, plan.end)))

    def _pupils(self, plan: DeliveryPlan) -> pl.DataFrame:
        rows = self._in(self._census, plan, "end")
        who, day = rows["who"].to_numpy(), rows.select(pl.min_horizontal("census", "leaving")).to_series()
        dwelling = np.maximum(self.lives.residences.on(who, day.to_numpy()), 0)
        home = self.lives.residences.dwellings["postcode"].gather(dwelling)
        asked = pl.when(pl.col("year") >= CARERS_FROM)
        return rows.select(
            *_CENSUS,
            pl.col("sex").replace("U", None).alias("Sex"),
            pl.col("birth_month").alias("BirthMonth"),
            pl.col("ethnic").alias("Ethnicity"),
            self.lives.postcodes.gather(home).alias("postcode"),
            year_group(self.lives, rows).alias("NCyearActual"),
            pl.lit("C").alias("EnrolStatus"),
            pl.lit("0").alias("PartTime"),
            dates(pl.col("entry")).alias("EntryDate"),
            dates(pl.when(pl.col("roll") == "off").then("leaving")).alias("LeavingDate"),
            pl.col("sen").alias("SENprovision"),
            pl.lit("N").alias("PLAA"),
            asked.then(pl.when(pl.col("who") % 41 == 0).then(pl.lit("S")).otherwise(pl.lit("N"))).alias(
                "YoungCarer"
            ),
            pl.col("possible").cast(pl.String).alias("TermlySessionsPossible"),
        )

    def _sessions(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._in(self._missed, plan, "end").select(
            *_CENSUS,
            pl.col("code").alias("AttendanceReason"),
            pl.col("sessions").cast(pl.String).alias("Sessions"),
        )

    def _excluded(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Exclusions by a school; who is between two schools is excluded from none."""
        rows = at_school(self.exclusions.with_row_index("n"), self.enrolled)
        return self._in(rows.filter(pl.col("school_id").is_not_null()), plan, "day").select(
            event_ids(self.lives.block, "EX", pl.col("n")).alias("exclusion_id"),
            "record_key",
            "school_id",
            dates(pl.col("day")).alias("start_date"),
            "category",
            pl.col("sessions").cast(pl.String),
            "reason1",
            "reason2",
            pl.col("sen").alias("sen_provision"),
        )


def year_group(lives: Lives, rows: pl.DataFrame) -> pl.Series:
    """The national curriculum year group of each pupil in each census, by age: reception is R."""
    born = lives.people["birth"].gather(rows["who"]).cast(pl.Int32).cast(pl.Date)
    turns_four = born.dt.year() + 4 + (born.dt.month() > 8).cast(pl.Int32)
    group = rows["year"].cast(pl.Int32) - 1 - turns_four
    written = pl.when(group <= 0).then(pl.lit("R")).otherwise(group.cast(pl.String))
    return pl.select(written).to_series()
