"""The files of the police: crimes, the people in them, incidents, identities."""

from __future__ import annotations

import polars as pl

from outcome_linkage.synthetic.agencies.police import PoliceRecords
from outcome_linkage.synthetic.codes import OBSERVED
from outcome_linkage.synthetic.files.text import Tables, dates, dates_up_to, event_ids, filed, flags
from outcome_linkage.synthetic.identities import IDENTITY, identities, named_stays
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.residence import stay_on
from outcome_linkage.synthetic.window import DeliveryPlan


class PoliceFiles:
    """A block's police records as files, to be cut by delivery."""

    def __init__(self, lives: Lives, found: PoliceRecords, held: Books) -> None:
        self._block = lives.block
        self._crimes = found.crimes.with_columns(crime_id=event_ids(lives.block, "CR", pl.col("case")))
        self._persons = _persons(lives, found, held)
        self._incidents = filed(lives.block, held, found.incidents, "incidents")
        self._identities = identities(lives, held, _addresses(lives, found, held))

    def identities(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Everyone known by the end of the delivery, at each address at which the police met them."""
        return self._identities.filter(pl.col("known") <= plan.end).select(
            [name for name in IDENTITY if not name.startswith(("valid", "upn", "nhs"))]
        )

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The tables of one delivery."""
        return {
            "police_crimes": self._recorded(plan),
            "police_crime_persons": _in_crimes(self._persons.filter(_within(plan)), plan),
            "police_incidents": self._reported(plan),
        }

    def _recorded(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Crimes recorded in the time of the delivery, and earlier ones that got their outcome in it."""
        settled = pl.col("outcome_day").is_between(plan.start, plan.end) & (pl.col("recorded") < plan.start)
        rows = self._crimes.filter(_within(plan) | settled)
        open_still = pl.col("outcome_day") > plan.end
        return rows.select(
            "crime_id",
            dates(pl.col("recorded")).alias("recorded_date"),
            dates(pl.col("day")).alias("committed_from_date"),
            dates(pl.col("day")).alias("committed_to_date"),
            pl.col("code").alias("ho_offence_code"),
            pl.when(open_still).then(pl.lit("0")).otherwise("outcome").alias("outcome_type"),
            dates_up_to(pl.col("outcome_day"), plan.end).alias("outcome_date"),
            flags(pl.col("domestic")).alias("domestic_abuse_flag"),
            *[flags(pl.col(name)).alias(f"{name}_flag") for name in ("hate", "alcohol", "drug", "online")],
            flags(pl.col("cse")).alias("cse_flag"),
            flags(pl.col("cce")).alias("cce_flag"),
            flags(pl.lit(False)).alias("modern_slavery_flag"),
            flags(pl.col("no_crime")).alias("no_crime_flag"),
            "lsoa21",
        )

    def _reported(self, plan: DeliveryPlan) -> pl.DataFrame:
        crime = event_ids(self._block, "CR", pl.col("case"))
        there = self._crimes.filter(pl.col("recorded") <= plan.end)["case"].implode()
        return self._incidents.filter(pl.col("day").is_between(plan.start, plan.end)).select(
            event_ids(self._block, "PPN", pl.col("case")).alias("incident_id"),
            "record_key",
            "role",
            dates(pl.col("day")).alias("incident_date"),
            "incident_type",
            flags(pl.col("n_children") > 0).alias("child_present"),
            pl.col("n_children").cast(pl.String),
            "dash_risk",
            flags(pl.col("referred")).alias("referred_to_la"),
            pl.when(pl.col("case").is_in(there)).then(crime).alias("linked_crime_id"),
        )


def _within(plan: DeliveryPlan) -> pl.Expr:
    return pl.col("recorded").is_between(plan.start, plan.end)


def _persons(lives: Lives, found: PoliceRecords, held: Books) -> pl.DataFrame:
    """The people in crimes with what an officer saw of them."""
    crime = found.crimes.select(
        "case", "recorded", "outcome_day", event_ids(lives.block, "CR", pl.col("case")).alias("crime_id")
    )
    rows = found.persons.join(crime, on="case", how="left", maintain_order="left")
    seen = lives.people["ethnic"].gather(rows["who"]).replace_strict(OBSERVED, return_dtype=pl.String)
    noted = pl.Series(lives.block.random("observed").random(rows.height) < 0.85)
    rows = rows.with_columns(observed=pl.when(noted).then(seen))
    return filed(lives.block, held, rows, "crime persons")


def _in_crimes(rows: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
    """A person filed under two ids stays one role in one crime: the key holds. Nobody is an offender before
    the outcome is known."""
    undecided = (pl.col("role") == "offender") & (pl.col("outcome_day") > plan.end)
    return rows.select(
        "crime_id",
        "record_key",
        pl.when(undecided).then(pl.lit("suspect")).otherwise("role").alias("role"),
        pl.col("age").cast(pl.String).alias("age_at_offence"),
        "sex",
        pl.col("ethnic").alias("self_defined_ethnicity"),
        pl.col("observed").alias("observed_ethnicity"),
        pl.col("relationship").alias("relationship_to_victim"),
    )


def _addresses(lives: Lives, found: PoliceRecords, held: Books) -> pl.DataFrame:
    """Where the police met each person: the stays of their records on the days of crimes and incidents."""
    in_crimes = found.persons.join(found.crimes.select("case", "recorded"), on="case", maintain_order="left")
    met = pl.concat(
        [
            in_crimes.select("who", "day", known="recorded"),
            found.incidents.select("who", "day", known="day"),
        ]
    )
    stays = named_stays(lives)
    met = met.with_columns(stay=pl.Series(stay_on(stays, met["who"].to_numpy(), met["day"].to_numpy())))
    first = met.filter(pl.col("stay") >= 0).group_by("stay").agg(pl.col("known").min()).sort("stay")
    visited = stays[first["stay"].to_numpy()].with_columns(first["known"])
    records = held.records.with_row_index("record").select(pl.col("record").cast(pl.Int64), "who")
    return records.join(visited, on="who", how="inner", maintain_order="left_right")
