"""The files of a council: SSDA903 header and episodes, CIN census, exclusions, identities."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from outcome_linkage.synthetic.agencies.need import NeedRecords
from outcome_linkage.synthetic.files.cin_xml import Census, children_xml
from outcome_linkage.synthetic.files.text import (
    BRITISH,
    Tables,
    dates,
    dates_up_to,
    event_ids,
    filed,
)
from outcome_linkage.synthetic.identities import IDENTITY, identities, named_stays
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, WINDOW_START, DeliveryPlan


@dataclass(frozen=True)
class CouncilRecords:
    """What one council holds of a block: pupils (who, known), cases of need, episodes of care, exclusions."""

    supplier: str
    pupils: pl.DataFrame
    need: NeedRecords
    care: pl.DataFrame
    exclusions: pl.DataFrame

    def known(self) -> pl.DataFrame:
        """Who is known, and since which day: who, known."""
        parts = [
            self.pupils.select("who", "known"),
            self.need.cases.select("who", known="referral"),
            self.care.select("who", known="decom"),
            self.exclusions.select("who", known="day"),
        ]
        return pl.concat(parts).group_by("who").agg(pl.col("known").min()).sort("who")


class CouncilFiles:
    """A block's records of one council as files, to be cut by delivery."""

    def __init__(self, lives: Lives, found: CouncilRecords, held: Books) -> None:
        self._lives, self._found, self._held = lives, found, held
        self._care = _first_filed(held, found.care)
        self._identities = identities(lives, held, _addresses(lives, found, held))

    def identities(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Every child on the council's books by the end of the year, one row per address and surname."""
        rows = self._identities.filter((pl.col("known") <= plan.end) & (pl.col("since") <= plan.end))
        return rows.select(
            *[name for name in IDENTITY if not name.startswith(("valid", "pnc"))],
            dates(pl.col("since")).alias("valid_from"),
            dates_up_to(pl.col("until"), plan.end).alias("valid_to"),
        )

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The CSV tables of one delivery: SSDA903 modules and exclusions."""
        episodes = self._care.filter((pl.col("decom") <= plan.end) & (pl.col("dec") >= plan.start))
        return {
            "ssda903_header": _header(self._lives, episodes, plan),
            "ssda903_episodes": _episodes(self._lives, episodes, plan),
            "school_exclusions": self._excluded(plan),
        }

    def census(self, plan: DeliveryPlan) -> pl.Series:
        """The children of one CIN census, each as XML."""
        return children_xml(Census(self._lives, self._found.need, self._held, plan))

    def _excluded(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Exclusions of the collection year; the first delivery brings all earlier ones too."""
        first = WINDOW_START if plan.number == 0 else plan.start
        rows = filed(self._lives.block, self._held, self._found.exclusions.with_row_index("n"), "exclusions")
        return rows.filter(pl.col("day").is_between(first, plan.end)).select(
            event_ids(self._lives.block, "EX", pl.col("n")).alias("exclusion_id"),
            "record_key",
            dates(pl.col("day")).alias("start_date"),
            "category",
            pl.col("sessions").cast(pl.String),
            "reason1",
            "reason2",
            "sen_provision",
        )


def _first_filed(held: Books, care: pl.DataFrame) -> pl.DataFrame:
    """Episodes under a child's first record: a child looked after is filed once."""
    about = held.records.filter(pl.col("nth") == 0).select(
        "who", "original_id", "dob", "sex", "ethnic", "upn"
    )
    return care.join(about, on="who", how="left", maintain_order="left")


def _header(lives: Lives, episodes: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
    """One row per child, in the columns of the return. A date of birth not known becomes 1 January."""
    children = episodes.unique("who", keep="first", maintain_order=True)
    who = children["who"].to_numpy()
    year = (lives.people["birth"].gather(who).cast(pl.Int32).cast(pl.Date)).dt.year()
    girl = (children["sex"] == "F") & pl.Series(lives.age(who, who * 0 + plan.end) >= 15)
    mother = girl & (pl.Series(who) % 23 == 0)
    return children.select(
        pl.col("original_id").alias("CHILD"),
        pl.col("sex").alias("SEX"),
        pl.col("dob").fill_null(pl.date(pl.lit(year), 1, 1)).dt.to_string(BRITISH).alias("DOB"),
        pl.col("ethnic").alias("ETHNIC"),
        pl.col("upn").fill_null("UN1").alias("UPN"),
        pl.when(mother).then(pl.lit("1")).when(girl).then(pl.lit("0")).alias("MOTHER"),
        pl.when(mother).then(dates(pl.lit(plan.start + 40), BRITISH)).alias("MC_DOB"),
    )


def _episodes(lives: Lives, episodes: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
    """Episodes as at the end of the year: one that goes on has no end, no reason for it, no next one."""
    ended = pl.col("dec") <= plan.end
    built, postcodes = lives.residences.dwellings["postcode"], lives.postcodes
    home, placed = (postcodes.gather(built.gather(episodes[name])) for name in ("home", "placed"))
    return episodes.select(
        pl.col("original_id").alias("CHILD"),
        dates(pl.col("decom"), BRITISH).alias("DECOM"),
        pl.col("rne").alias("RNE"),
        pl.col("ls").alias("LS"),
        pl.col("cin").alias("CIN"),
        pl.col("place").alias("PLACE"),
        pl.col("place_provider").alias("PLACE_PROVIDER"),
        dates_up_to(pl.col("dec"), plan.end, BRITISH).alias("DEC"),
        pl.when(ended).then("rec").alias("REC"),
        pl.when(ended).then("reason_place_change").alias("REASON_PLACE_CHANGE"),
        home.alias("HOME_POST"),
        placed.alias("PL_POST"),
        pl.col("urn").alias("URN"),
    )


def _addresses(lives: Lives, found: CouncilRecords, held: Books) -> pl.DataFrame:
    """The stays of known children in the council's area, and in care wherever they are placed."""
    stays = named_stays(lives).join(
        found.care.group_by("who").agg(pl.col("decom").min().alias("from"), pl.col("stop").max()),
        on="who",
        how="left",
        maintain_order="left",
    )
    ours = list(LOCAL_AUTHORITIES).index(found.supplier)
    inside = pl.Series(lives.authority(stays["dwelling"].to_numpy()) == ours)
    in_care = (pl.col("since") <= pl.col("stop")) & (pl.col("until") >= pl.col("from"))
    stays = stays.filter(inside | in_care.fill_null(False)).drop("from", "stop")
    records = held.records.with_row_index("record").select(pl.col("record").cast(pl.Int64), "who", "known")
    return records.join(stays, on="who", how="inner", maintain_order="left_right")
