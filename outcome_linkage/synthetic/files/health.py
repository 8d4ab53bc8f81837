"""The files of the integrated care board: events, registration, deaths, opt-outs, identities."""

from __future__ import annotations

import polars as pl

from outcome_linkage.synthetic.agencies.health import HealthRecords
from outcome_linkage.synthetic.files.text import Tables, clock, dates, dates_up_to, event_ids, filed
from outcome_linkage.synthetic.identities import IDENTITY, identities, named_stays
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import NEVER, WINDOW_START, YEAR, DeliveryPlan

_DIAGNOSES = ("diag_01", "diag_02", "diag_03")


class RegisterFiles:
    """A block's register of patients as files: identities and residence."""

    def __init__(self, lives: Lives, registered: pl.DataFrame, held: Books) -> None:
        self._lives = lives
        records = held.records.with_row_index("record").select(pl.col("record").cast(pl.Int64), "who", "nth")
        self._stays = records.filter(pl.col("nth") == 0).join(
            registered, on="who", how="inner", maintain_order="left_right"
        )
        self._keys = held.records["original_id"]
        here = named_stays(lives).filter(pl.col("until") >= WINDOW_START)
        here = here.join(registered, on=["who", "dwelling"], how="semi", maintain_order="left")
        addresses = records.join(here, on="who", how="inner", maintain_order="left_right")
        self._identities = identities(lives, held, addresses.with_columns(known="since"))

    def identities(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Everyone registered by the end of the delivery, one row per address and surname."""
        rows = self._identities.filter(pl.col("since") <= plan.end)
        return rows.select(
            *[name for name in IDENTITY if not name.startswith(("valid", "upn", "pnc"))],
            dates(pl.col("since")).alias("valid_from"),
            dates_up_to(pl.col("until"), plan.end).alias("valid_to"),
        )

    def residence(self, plan: DeliveryPlan) -> pl.DataFrame:
        """One row per person and stay, by the address itself."""
        rows = self._stays.filter(pl.col("since") <= plan.end)
        built = self._lives.residences.dwellings[rows["dwelling"].to_numpy()]
        return rows.select(
            self._keys.gather(rows["record"]).alias("record_key"),
            self._lives.lsoa(rows["dwelling"].to_numpy()).alias("lsoa21"),
            built["uprn"],
            dates(pl.col("since")).alias("valid_from"),
            dates_up_to(pl.col("until"), plan.end).alias("valid_to"),
        )


class HealthFiles:
    """A block's health events as files, to be cut by delivery."""

    def __init__(self, lives: Lives, found: HealthRecords, held: Books) -> None:
        self._lives, self._block = lives, lives.block
        self._attendances = filed(lives.block, held, found.attendances.with_row_index("n"), "ecds")
        self._admissions = filed(lives.block, held, found.admissions.with_row_index("n"), "apc")
        self._referrals = filed(lives.block, held, found.referrals.with_row_index("n"), "mhsds")
        self._deaths = _first_records(held, found.deaths)
        self._opt_outs = _first_records(held, found.opt_outs)

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The tables of one delivery."""
        return {
            "ecds_attendances": self._attended(plan),
            "apc_episodes": self._admitted(plan),
            "mhsds_referrals": self._referred(plan),
            "deaths": self._died(plan),
            "opt_outs": self._opted_out(plan),
        }

    @property
    def referral_keys(self) -> pl.DataFrame:
        """The record_key under which each referral is filed: n, record_key."""
        return self._referrals.select("n", "record_key")

    def _attended(self, plan: DeliveryPlan) -> pl.DataFrame:
        rows = self._attendances.filter(pl.col("day").is_between(plan.start, plan.end))
        true = self._lives.people["birth"].gather(rows["who"])
        born = rows["dob"].str.to_date().cast(pl.Int64).fill_null(true)
        age = ((rows["day"] - born) / YEAR).floor().cast(pl.Int64).clip(0, None)
        return rows.select(
            event_ids(self._block, "ED", pl.col("n")).alias("attendance_id"),
            "record_key",
            dates(pl.col("day")).alias("arrival_date"),
            "arrival_time",
            "department_type",
            "attendance_category",
            "chief_complaint",
            "diagnoses",
            "injury_intent",
            "discharge_destination",
            "accommodation_status",
            age.cast(pl.String).alias("age_at_arrival"),
            "sex",
            pl.col("ethnic").alias("ethnic_category"),
            "birth_month",
            dates(pl.col("injury_day")).alias("injury_date"),
            clock(pl.col("injury_minute")).alias("injury_time"),
            dates(pl.col("departure_day")).alias("departure_date"),
            clock(pl.col("departure_minute")).alias("departure_time"),
            "site",
        )

    def _admitted(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Episodes that finished in the time of the delivery."""
        return self._admissions.filter(pl.col("end").is_between(plan.start, plan.end)).select(
            event_ids(self._block, "", pl.col("n")).alias("epikey"),
            "record_key",
            event_ids(self._block, "SP", pl.col("spell")).alias("provspnops"),
            "procode3",
            dates(pl.col("day")).alias("admidate"),
            dates(pl.col("start")).alias("epistart"),
            dates(pl.col("end")).alias("epiend"),
            dates_up_to(pl.col("out"), plan.end).alias("disdate"),
            "admimeth",
            pl.lit("19").alias("admisorc"),
            "dismeth",
            pl.when(pl.col("dismeth") == "4").then(pl.lit("79")).otherwise(pl.lit("19")).alias("disdest"),
            pl.col("epiorder").cast(pl.String),
            pl.lit("3").alias("epistat"),
            pl.lit("1").alias("epitype"),
            "classpat",
            *_DIAGNOSES,
            "sex",
            pl.col("ethnic").alias("ethnos"),
            "birth_month",
        )

    def _referred(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Referrals received in the time of the delivery, and earlier ones that ended in it."""
        end = pl.min_horizontal("rejected", "discharged")
        new = pl.col("day").is_between(plan.start, plan.end)
        ended = end.is_between(plan.start, plan.end) & (pl.col("day") < plan.start)
        ends = {name: pl.when(pl.col(name) < NEVER).then(pl.col(name)) for name in ("rejected", "discharged")}
        return self._referrals.filter(new | ended).select(
            event_ids(self._block, "", pl.col("n")).alias("referral_id"),
            "record_key",
            dates(pl.col("day")).alias("referral_date"),
            pl.col("source").alias("source_of_referral"),
            pl.col("reason").alias("primary_reason"),
            "priority",
            pl.col("team").alias("team_type"),
            dates_up_to(ends["rejected"], plan.end).alias("rejection_date"),
            dates_up_to(ends["discharged"], plan.end).alias("discharge_date"),
            pl.lit("RV9").alias("provider"),
        )

    def _died(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Deaths registered in the time of the delivery."""
        return self._deaths.filter(pl.col("registration").is_between(plan.start, plan.end)).select(
            "record_key",
            dates(pl.col("day")).alias("death_date"),
            dates(pl.col("registration")).alias("registration_date"),
            pl.col("cause").alias("underlying_cause"),
            pl.col("place").alias("place_of_death"),
        )

    def _opted_out(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._opt_outs.filter(pl.col("day") <= plan.end).select(
            "record_key", "scope", "kind", dates(pl.col("day")).alias("from_date")
        )


def _first_records(held: Books, events: pl.DataFrame) -> pl.DataFrame:
    """Events under the first record of each person, where a table holds a person once."""
    first = held.records.filter(pl.col("nth") == 0).select("who", record_key="original_id")
    return events.join(first, on="who", how="left", maintain_order="left")
