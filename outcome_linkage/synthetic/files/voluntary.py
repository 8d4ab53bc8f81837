"""The files of the voluntary organisation: its people, episodes, contacts, scores, treatment, employment."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from outcome_linkage.synthetic.agencies.services import ServiceEpisodes
from outcome_linkage.synthetic.files.community_health import working_rows
from outcome_linkage.synthetic.files.text import Tables, dates, dates_up_to, event_ids, flags
from outcome_linkage.synthetic.organisations import SERVICES, TREATMENT
from outcome_linkage.synthetic.people import Block
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import DeliveryPlan


@dataclass(frozen=True)
class VoluntaryRecords:
    """What the organisation holds of a block: services, scores, treatment (who, referred, …), and
    employment."""

    services: ServiceEpisodes
    scores: pl.DataFrame
    treatment: pl.DataFrame
    employment: pl.DataFrame

    def known(self) -> pl.DataFrame:
        """Who is known, and since which day: who, known."""
        treated = self.treatment.select("who", known="referred")
        return (
            pl.concat([self.services.known(), treated]).group_by("who").agg(pl.col("known").min()).sort("who")
        )


@dataclass(frozen=True)
class VoluntaryFiles:
    """A block's records of the organisation as files. Everyone is filed under a first record."""

    block: Block
    found: VoluntaryRecords
    held: Books

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The tables of the one delivery."""
        return {
            "service_episodes": self._episodes(plan),
            "service_contacts": self._contacts(plan),
            "measure_scores": self._scores(plan),
            "substance_treatment": self._treated(plan),
            "employment_status": working_rows(self._filed(self.found.employment)),
        }

    def _filed(self, rows: pl.DataFrame) -> pl.DataFrame:
        first = self.held.records.filter(pl.col("nth") == 0).select("who", record_key="original_id")
        return rows.join(first, on="who", how="left", maintain_order="left")

    def _episode_id(self) -> pl.Expr:
        return event_ids(self.block, "SE", pl.col("n")).alias("episode_id")

    def _episodes(self, plan: DeliveryPlan) -> pl.DataFrame:
        organisation = pl.col("service").replace_strict(SERVICES, return_dtype=pl.String)
        steps = ("accepted", "started", "ended")
        return self._filed(self.found.services.episodes).select(
            self._episode_id(),
            "record_key",
            "service",
            organisation.alias("organisation_id"),
            (organisation + pl.col("team").cast(pl.String)).alias("team_id"),
            pl.col("source").alias("referral_source"),
            dates(pl.col("referred")).alias("referred_date"),
            *[dates_up_to(pl.col(step), plan.end).alias(f"{step}_date") for step in steps],
            pl.when(pl.col("ended") <= plan.end).then("end_reason").alias("end_reason"),
        )

    def _contacts(self, plan: DeliveryPlan) -> pl.DataFrame:
        service = self.found.services.episodes.select("n", "service")
        rows = self.found.services.contacts.join(service, on="n", how="left", maintain_order="left")
        return self._filed(rows.filter(pl.col("day") <= plan.end)).select(
            event_ids(self.block, "SC", pl.col("c")).alias("contact_id"),
            "record_key",
            self._episode_id(),
            pl.col("service").replace_strict(SERVICES, return_dtype=pl.String).alias("organisation_id"),
            dates(pl.col("day")).alias("contact_date"),
            "kind",
            pl.col("minutes").cast(pl.String),
            flags(pl.col("attended")).alias("attended"),
        )

    def _scores(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._filed(self.found.scores.filter(pl.col("day") <= plan.end)).select(
            "record_key",
            "instrument",
            "version",
            "respondent",
            dates(pl.col("day")).alias("measured_date"),
            "timepoint",
            "scale",
            pl.col("score").cast(pl.Int64).cast(pl.String),
            self._episode_id(),
        )

    def _treated(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._filed(self.found.treatment.with_row_index("n")).select(
            event_ids(self.block, "ST", pl.col("n")).alias("treatment_id"),
            "record_key",
            pl.lit(TREATMENT).alias("organisation_id"),
            pl.col("source").alias("referral_source"),
            dates(pl.col("referred")).alias("referred_date"),
            dates_up_to(pl.col("triaged"), plan.end).alias("triage_date"),
            dates_up_to(pl.col("started"), plan.end).alias("started_date"),
            dates_up_to(pl.col("ended"), plan.end).alias("ended_date"),
            pl.when(pl.col("ended") <= plan.end).then("end_reason").alias("end_reason"),
            pl.col("kind").alias("intervention"),
            "setting",
            pl.col("one").alias("substance1"),
            pl.col("two").alias("substance2"),
            flags(pl.col("children")).alias("lives_with_children"),
        )
