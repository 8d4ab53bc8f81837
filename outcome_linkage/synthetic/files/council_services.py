"""The files of a council's other services: early help, homelessness, activity at 16 and 17, adult social
care.

All of the window lies in the last delivery: these services keep no yearly return.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from outcome_linkage.synthetic.agencies.homelessness import HomelessRecords
from outcome_linkage.synthetic.files.text import Tables, dates, dates_up_to, event_ids
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import DeliveryPlan, plans


@dataclass(frozen=True)
class ServiceRecords:
    """What councils' services hold of a block: early help, homelessness, activities, adult social care."""

    early_help: pl.DataFrame
    homeless: HomelessRecords
    activities: pl.DataFrame
    adult_care: pl.DataFrame

    def of(self, supplier: str) -> ServiceRecords:
        """Those of one council."""
        own = pl.col("supplier") == supplier
        tables = (self.early_help, self.activities, self.adult_care)
        helped, active, cared = (table.filter(own) for table in tables)
        return ServiceRecords(helped, self.homeless.of(supplier), active, cared)

    def known(self, end: int) -> pl.DataFrame:
        """Who is known by `end`, and since which day: who, known."""
        parts = [table.select("who", known="day") for table in (self.early_help, self.homeless.people)]
        parts += [table.select("who", known="day") for table in (self.activities, self.adult_care)]
        known = pl.concat(parts).group_by("who").agg(pl.col("known").min())
        return known.filter(pl.col("known") <= end).sort("who")


class ServiceFiles:
    """A block's records of a council's services as files. Everyone in them is filed under a first record."""

    def __init__(self, lives: Lives, found: ServiceRecords, held: Books) -> None:
        self._lives, self._block, self._found = lives, lives.block, found
        self._people = held.records.filter(pl.col("nth") == 0).select(
            "who",
            "ethnic",
            pl.col("dob").dt.to_string("%Y-%m").alias("birth_month"),
            record_key="original_id",
        )

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The tables of one delivery; none in any but the last."""
        if plan != plans(plan.supplier)[-1]:
            return {}
        homeless = self._found.homeless
        cases = homeless.cases.filter(pl.col("assessed") <= plan.end)
        return {
            "early_help_episodes": self._helped(plan),
            "hclic_cases": self._cases(cases, plan),
            "hclic_people": self._in_cases(cases),
            "hclic_support_needs": self._needs(cases),
            "nccis_activity": self._active(plan),
            "adult_social_care": self._cared(plan),
        }

    def _filed(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.join(self._people, on="who", how="left", maintain_order="left")

    def _helped(self, plan: DeliveryPlan) -> pl.DataFrame:
        rows = self._filed(self._found.early_help.with_row_index("n").filter(pl.col("day") <= plan.end))
        return rows.select(
            event_ids(self._block, "EH", pl.col("n")).alias("episode_id"),
            "record_key",
            dates(pl.col("day")).alias("start_date"),
            dates_up_to(pl.col("end"), plan.end).alias("end_date"),
            "reason",
            pl.when(pl.col("end") <= plan.end).then("end_reason").alias("end_reason"),
        )

    def _case_id(self) -> pl.Expr:
        return event_ids(self._block, "HC", pl.col("case")).alias("case_id")

    def _cases(self, cases: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
        rows = self._found.homeless.duties.filter(pl.col("start") <= plan.end).drop("household_type")
        rows = rows.join(cases, on="case", maintain_order="left")
        ended = pl.when(pl.col("end") <= plan.end)
        housed = pl.when(pl.col("housed_from") <= plan.end)
        return rows.select(
            self._case_id(),
            dates(pl.col("assessed")).alias("assessment_date"),
            "loss_reason",
            "household_type",
            "duty",
            dates(pl.col("start")).alias("duty_start_date"),
            dates_up_to(pl.col("end"), plan.end).alias("duty_end_date"),
            ended.then("end_reason").alias("end_reason"),
            housed.then("housed").alias("temporary_accommodation"),
            dates_up_to(pl.col("housed_from"), plan.end).alias("ta_start_date"),
            dates_up_to(pl.col("housed_to"), plan.end).alias("ta_end_date"),
        )

    def _in_cases(self, cases: pl.DataFrame) -> pl.DataFrame:
        rows = self._found.homeless.people.join(
            cases.select("case"), on="case", how="semi", maintain_order="left"
        )
        return self._filed(rows).select(self._case_id(), "record_key", "role", "birth_month")

    def _needs(self, cases: pl.DataFrame) -> pl.DataFrame:
        rows = self._found.homeless.needs.join(
            cases.select("case"), on="case", how="semi", maintain_order="left"
        )
        return rows.select(self._case_id(), pl.col("need").alias("support_need"))

    def _active(self, plan: DeliveryPlan) -> pl.DataFrame:
        rows = self._filed(self._found.activities.filter(pl.col("day") <= plan.end))
        home = self._lives.residences.dwellings["postcode"].gather(rows["dwelling"])
        return rows.select(
            "record_key",
            dates(pl.col("day")).alias("reference_date"),
            "birth_month",
            pl.col("ethnic").alias("ethnicity"),
            self._lives.postcodes.gather(home).alias("postcode"),
            pl.col("council").alias("la_year_11"),
            "activity",
            dates(pl.col("since")).alias("activity_start_date"),
        )

    def _cared(self, plan: DeliveryPlan) -> pl.DataFrame:
        rows = self._filed(self._found.adult_care.with_row_index("n").filter(pl.col("day") <= plan.end))
        return rows.select(
            event_ids(self._block, "AC", pl.col("n")).alias("event_id"),
            "record_key",
            pl.col("kind").alias("event_type"),
            pl.when("carer").then(pl.lit("carer")).otherwise(pl.lit("service_user")).alias("client_type"),
            dates(pl.col("day")).alias("start_date"),
            dates_up_to(pl.col("end"), plan.end).alias("end_date"),
            pl.col("reason").alias("primary_support_reason"),
            pl.col("service").alias("service_type"),
            "outcome",
        )
