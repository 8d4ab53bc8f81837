"""The files of mental-health services, under the names that their data set gives to its fields."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from outcome_linkage.synthetic.agencies.mental_health import MentalHealthRecords
from outcome_linkage.synthetic.files.text import Tables, clock, dates, dates_up_to, event_ids, flags
from outcome_linkage.synthetic.organisations import WARDS
from outcome_linkage.synthetic.people import Block
from outcome_linkage.synthetic.window import DeliveryPlan

_PROVIDER = "RV9"


@dataclass(frozen=True)
class MentalHealthFiles:
    """A block's mental-health records as files, to be cut by delivery. `keys` gives the record_key of each
    referral: n, record_key; everything after a referral goes under the same."""

    block: Block
    found: MentalHealthRecords
    keys: pl.DataFrame

    def tables(self, plan: DeliveryPlan) -> Tables:
        """The tables of one delivery."""
        return {
            "mhsds_care_contacts": self._contacts(plan),
            "mhsds_hospital_spells": self._spells(plan),
            "mhsds_ward_stays": self._stays(plan),
            "mhsds_restrictive_interventions": self._interventions(plan),
            "mhsds_scored_assessments": self._scores(plan),
        }

    def _filed(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.join(self.keys, on="n", how="left", maintain_order="left")

    def _in(self, rows: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
        return self._filed(rows.filter(pl.col("day").is_between(plan.start, plan.end)))

    def _running(self, rows: pl.DataFrame, plan: DeliveryPlan) -> pl.DataFrame:
        """What began in the time of the delivery, or before it and ended in it."""
        began, ended = (pl.col(name).is_between(plan.start, plan.end) for name in ("start", "end"))
        return self._filed(rows.filter(began | ended))

    def _id(self, prefix: str, column: str) -> pl.Expr:
        return event_ids(self.block, prefix, pl.col(column))

    def _contacts(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._in(self.found.contacts, plan).select(
            self._id("CC", "c").alias("UniqCareContID"),
            pl.col("record_key").alias("Person_ID"),
            self._id("", "n").alias("UniqServReqID"),
            dates(pl.col("day")).alias("CareContDate"),
            pl.col("attended").alias("AttendStatus"),
            pl.col("mechanism").alias("ConsMechanismMH"),
            pl.col("minutes").cast(pl.String).alias("ClinContDurOfCareCont"),
            pl.lit(_PROVIDER).alias("OrgIDProv"),
        )

    def _spells(self, plan: DeliveryPlan) -> pl.DataFrame:
        left = pl.when(pl.col("end") <= plan.end)
        return self._running(self.found.spells, plan).select(
            self._id("HS", "s").alias("UniqHospProvSpellID"),
            pl.col("record_key").alias("Person_ID"),
            self._id("", "n").alias("UniqServReqID"),
            dates(pl.col("start")).alias("StartDateHospProvSpell"),
            pl.col("method").alias("AdmMethCodeHospProvSpell"),
            dates_up_to(pl.col("end"), plan.end).alias("DischDateHospProvSpell"),
            left.then(pl.lit("19")).alias("DischDestCodeHospProvSpell"),
            pl.lit(_PROVIDER).alias("OrgIDProv"),
        )

    def _stays(self, plan: DeliveryPlan) -> pl.DataFrame:
        rows = self._running(self.found.stays, plan)
        wards = pl.DataFrame(
            {
                "WardCode": [ward.code for ward in WARDS],
                "WardType": [ward.ward_type for ward in WARDS],
                "WardAge": [ward.ward_age for ward in WARDS],
                "WardSecLevel": [ward.security for ward in WARDS],
                "LockedWardInd": ["1" if ward.locked else "0" for ward in WARDS],
                "HospitalBedTypeMH": [ward.bed_type for ward in WARDS],
                "SiteIDOfTreat": [ward.site for ward in WARDS],
                "OrgIDProv": [ward.provider for ward in WARDS],
            }
        )
        own = rows.select(
            self._id("WS", "w").alias("UniqWardStayID"),
            pl.col("record_key").alias("Person_ID"),
            self._id("HS", "s").alias("UniqHospProvSpellID"),
            dates(pl.col("start")).alias("StartDateWardStay"),
            dates_up_to(pl.col("end"), plan.end).alias("EndDateWardStay"),
        )
        return pl.concat([own, wards[rows["ward"].to_numpy()]], how="horizontal")

    def _interventions(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._in(self.found.interventions, plan).select(
            self._id("RT", "i").alias("UniqRestrictiveIntTypeID"),
            self._id("RI", "incident").alias("UniqRestrictiveIntIncID"),
            pl.col("record_key").alias("Person_ID"),
            self._id("HS", "s").alias("UniqHospProvSpellID"),
            self._id("WS", "w").alias("UniqWardStayID"),
            dates(pl.col("day")).alias("StartDateRestrictiveIntType"),
            clock(pl.col("minute")).alias("StartTimeRestrictiveIntType"),
            dates(pl.col("day")).alias("EndDateRestrictiveIntType"),
            clock(pl.col("until")).alias("EndTimeRestrictiveIntType"),
            pl.col("kind").alias("RestrictiveIntType"),
            pl.col("reason").alias("RestrictiveIntReason"),
            flags(pl.col("patient_injured")).alias("RestraintInjuryPatient"),
            flags(pl.col("staff_injured")).alias("RestraintInjuryCarePers"),
            flags(pl.col("reviewed")).alias("RestrictiveIntPIReviewHeldPat"),
            pl.lit(_PROVIDER).alias("OrgIDProv"),
        )

    def _scores(self, plan: DeliveryPlan) -> pl.DataFrame:
        return self._in(self.found.scores, plan).select(
            self._id("SA", "a").alias("MHS607UniqID"),
            pl.col("record_key").alias("Person_ID"),
            self._id("", "n").alias("UniqServReqID"),
            self._id("CC", "c").alias("UniqCareContID"),
            dates(pl.col("day")).alias("AssToolCompTimestamp"),
            pl.col("tool").alias("CodedAssToolType"),
            pl.col("score").cast(pl.Int64).cast(pl.String).alias("PersScore"),
        )
