"""The files of a council: SSDA903, CIN census, school census, identities."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from outcome_linkage.synthetic.agencies.looked_after import CareRecords
from outcome_linkage.synthetic.agencies.need import NeedRecords
from outcome_linkage.synthetic.files.cin_xml import Census, children_xml
from outcome_linkage.synthetic.files.looked_after import LookedAfterFiles
from outcome_linkage.synthetic.files.schools import SchoolFiles
from outcome_linkage.synthetic.files.text import (
    Tables,
    dates,
    dates_up_to,
)
from outcome_linkage.synthetic.identities import IDENTITY, identities, named_stays
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import LOCAL_AUTHORITIES, DeliveryPlan


@dataclass(frozen=True)
class CouncilRecords:
    """What one council holds of a block: pupils (who, known), cases of need, care, exclusions,
    enrolments."""

    supplier: str
    pupils: pl.DataFrame
    need: NeedRecords
    care: CareRecords
    exclusions: pl.DataFrame
    enrolled: pl.DataFrame

    def known(self) -> pl.DataFrame:
        """Who is known, and since which day: who, known."""
        parts = [
            self.pupils.select("who", "known"),
            self.need.cases.select("who", known="referral"),
            self.care.episodes.select("who", known="decom"),
            self.exclusions.select("who", known="day"),
        ]
        return pl.concat(parts).group_by("who").agg(pl.col("known").min()).sort("who")


class CouncilFiles:
    """A block's records of one council as files, to be cut by delivery."""

    def __init__(self, lives: Lives, found: CouncilRecords, held: Books) -> None:
        self._lives, self._found, self._held = lives, found, held
        self._care = LookedAfterFiles(lives, found.care, held)
        self._schools = SchoolFiles(lives, found.enrolled, found.exclusions, held)
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
        """The CSV tables of one delivery: SSDA903 modules and school census."""
        return {**self._care.tables(plan), **self._schools.tables(plan)}

    def census(self, plan: DeliveryPlan) -> pl.Series:
        """The children of one CIN census, each as XML."""
        return children_xml(Census(self._lives, self._found.need, self._held, plan))


def _addresses(lives: Lives, found: CouncilRecords, held: Books) -> pl.DataFrame:
    """The stays of known children in the council's area, and in care wherever they are placed."""
    stays = named_stays(lives).join(
        found.care.episodes.group_by("who").agg(pl.col("decom").min().alias("from"), pl.col("stop").max()),
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
