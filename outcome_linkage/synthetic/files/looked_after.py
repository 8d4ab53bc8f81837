"""The modules of a council's SSDA903 return: headers and dates as the return has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from outcome_linkage.synthetic.agencies.care_health import health_in_care
from outcome_linkage.synthetic.agencies.leaving_care import care_leavers
from outcome_linkage.synthetic.agencies.looked_after import CareRecords
from outcome_linkage.synthetic.files.text import BRITISH, Tables, dates, dates_up_to, flags
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import YEAR, DeliveryPlan

_OC2: Final = (
    *("convicted", "health_check", "immunisations", "teeth_check", "health_assessment", "substance_misuse"),
    *("intervention_received", "intervention_offered"),
)
_MOTHER_AGED: Final = int(15.5 * YEAR)


@dataclass(frozen=True)
class LookedAfterFiles:
    """A block's children looked after by one council, to be cut by return. A child is filed once, under its
    first record."""

    lives: Lives
    found: CareRecords
    held: Books

    def tables(self, plan: DeliveryPlan) -> Tables:
        """Every module of one return; the header holds all who are in another."""
        in_year = self.found.episodes.filter((pl.col("decom") <= plan.end) & (pl.col("dec") >= plan.start))
        modules = {
            "reviews": self._reviews(plan),
            "missing": self._missing(plan),
            "oc2": self._health(plan),
            "oc3": self._leavers(plan),
            "uasc": self._asylum(plan),
            "prev_perm": self._before(plan),
            "placed_adoption": self._decisions(plan),
            "ad1": self._adoptions(plan),
            "social_worker": self._workers(plan),
        }
        header = self._header(in_year, modules["oc3"], plan)
        named = {"header": header, "episodes": _episodes(self.lives, self._filed(in_year), plan), **modules}
        return {f"ssda903_{name}": rows for name, rows in named.items()}

    @cached_property
    def _known(self) -> pl.DataFrame:
        """Who each child is: who and most of the header. A date of birth not known becomes 1 January."""
        first = self.held.records.filter(pl.col("nth") == 0)
        year = self.lives.people["birth"].gather(first["who"]).cast(pl.Int32).cast(pl.Date).dt.year()
        return first.select(
            "who",
            pl.col("original_id").alias("CHILD"),
            pl.col("sex").alias("SEX"),
            pl.col("dob").fill_null(pl.date(pl.lit(year), 1, 1)).dt.to_string(BRITISH).alias("DOB"),
            pl.col("ethnic").alias("ETHNIC"),
            pl.col("upn").fill_null("UN1").alias("UPN"),
        )

    def _filed(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.join(self._known, on="who", how="left", maintain_order="left")

    def _header(self, in_year: pl.DataFrame, leavers: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
        """One row per child looked after in the year or now a care leaver. Some girls are mothers."""
        gone = self._known.join(leavers.select("CHILD"), on="CHILD", how="semi", maintain_order="left")
        children = pl.concat([in_year.select("who"), gone.select("who")]).unique(maintain_order=True)
        rows = self._filed(children)
        own = self.lives.people["birth"].gather(rows["who"]) + _MOTHER_AGED + rows["who"] % 500
        girl = pl.col("SEX") == "F"
        mother = girl & (pl.col("who") % 23 == 0) & pl.Series(own <= plan.end)
        return rows.select(
            *("CHILD", "SEX", "DOB", "ETHNIC", "UPN"),
            pl.when(mother).then(pl.lit("1")).when(girl).then(pl.lit("0")).alias("MOTHER"),
            pl.when(mother).then(dates(pl.lit(own), BRITISH)).alias("MC_DOB"),
        )

    def _reviews(self, plan: DeliveryPlan) -> pl.DataFrame:
        found = self.found.reviews.filter(pl.col("day").is_between(plan.start, plan.end))
        return self._filed(found).select(
            "CHILD", "DOB", dates(pl.col("day"), BRITISH).alias("REVIEW"), pl.col("code").alias("REVIEW_CODE")
        )

    def _missing(self, plan: DeliveryPlan) -> pl.DataFrame:
        during = (pl.col("since") <= plan.end) & (pl.col("until") >= plan.start)
        return self._filed(self.found.missing.filter(during)).select(
            "CHILD",
            "DOB",
            pl.when("away").then(pl.lit("A")).otherwise(pl.lit("M")).alias("MISSING"),
            dates(pl.col("since"), BRITISH).alias("MIS_START"),
            dates_up_to(pl.col("until"), plan.end, BRITISH).alias("MIS_END"),
        )

    def _health(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._filed(health_in_care(self.lives, self.found.spells, plan)).select(
            "CHILD",
            "DOB",
            pl.col("sdq_score").cast(pl.String).alias("SDQ_SCORE"),
            pl.col("sdq_reason").alias("SDQ_REASON"),
            *[flags(pl.col(name)).alias(name.upper()) for name in _OC2],
        )

    def _leavers(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._filed(care_leavers(self.lives, self.found.spells, plan)).select(
            "CHILD", "DOB", *[pl.col(name).alias(name.upper()) for name in ("in_touch", "activ", "accom")]
        )

    def _asylum(self, plan: DeliveryPlan) -> pl.DataFrame:
        during = (pl.col("start") <= plan.end) & (pl.col("stop") >= plan.start)
        return self._filed(self.found.asylum.filter(during)).select(
            "CHILD", "SEX", "DOB", dates_up_to(pl.col("until"), plan.end, BRITISH).alias("DUC")
        )

    def _before(self, plan: DeliveryPlan) -> pl.DataFrame:
        found = self.found.before.filter(pl.col("start").is_between(plan.start, plan.end))
        return self._filed(found).select(
            "CHILD", "DOB", *[pl.col(n).alias(n.upper()) for n in ("prev_perm", "la_perm", "date_perm")]
        )

    def _decisions(self, plan: DeliveryPlan) -> pl.DataFrame:
        """Decisions of children still looked after in the year."""
        looked_after = self.found.spells.filter(
            (pl.col("start") <= plan.end) & (pl.col("stop") >= plan.start)
        )
        found = self.found.decisions.join(
            looked_after.select("who"), on="who", how="semi", maintain_order="left"
        )
        ceased = pl.col("ceased") <= plan.end
        return self._filed(found.filter(pl.col("placed") <= plan.end)).select(
            "CHILD",
            "DOB",
            dates(pl.col("placed"), BRITISH).alias("DATE_PLACED"),
            dates_up_to(pl.col("ceased"), plan.end, BRITISH).alias("DATE_PLACED_CEASED"),
            pl.when(ceased).then("why").alias("REASON_PLACED_CEASED"),
        )

    def _adoptions(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._filed(
            self.found.adoptions.filter(pl.col("day").is_between(plan.start, plan.end))
        ).select(
            "CHILD",
            "DOB",
            dates(pl.col("date_int"), BRITISH).alias("DATE_INT"),
            dates(pl.col("date_match"), BRITISH).alias("DATE_MATCH"),
            flags(pl.col("foster_care")).alias("FOSTER_CARE"),
            *[pl.col(name).alias(name.upper()) for name in ("nb_adoptr", "sex_adoptr", "ls_adoptr")],
        )

    def _workers(self, plan: DeliveryPlan) -> pl.DataFrame:
        during = (pl.col("since") <= plan.end) & (pl.col("until") >= plan.start)
        number = pl.col("worker") + self.lives.block.number * 1000
        return self._filed(self.found.workers.filter(during)).select(
            "CHILD",
            "DOB",
            ("SW" + number.cast(pl.String).str.zfill(8)).alias("SW_ID"),
            dates(pl.col("since"), BRITISH).alias("SW_DECOM"),
            dates_up_to(pl.col("until"), plan.end, BRITISH).alias("SW_DEC"),
            pl.when(pl.col("until") <= plan.end).then("why").alias("SW_REASON"),
        )


def _episodes(lives: Lives, episodes: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
    """Episodes as at the end of the year: one that goes on has no end, no reason for it, no next one."""
    ended = pl.col("dec") <= plan.end
    built, postcodes = lives.residences.dwellings["postcode"], lives.postcodes
    home, placed = (postcodes.gather(built.gather(episodes[name])) for name in ("home", "placed"))
    return episodes.select(
        "CHILD",
        dates(pl.col("decom"), BRITISH).alias("DECOM"),
        *[pl.col(name).alias(name.upper()) for name in ("rne", "ls", "cin", "place", "place_provider")],
        dates_up_to(pl.col("dec"), plan.end, BRITISH).alias("DEC"),
        pl.when(ended).then("rec").alias("REC"),
        pl.when(ended).then("reason_place_change").alias("REASON_PLACE_CHANGE"),
        home.alias("HOME_POST"),
        placed.alias("PL_POST"),
        pl.col("urn").alias("URN"),
    )
