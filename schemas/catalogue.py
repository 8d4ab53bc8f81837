"""The catalogue: every table that can be delivered, and every supplier that may deliver one.

Tables are code (each has a Pandera model); suppliers are data (`suppliers.yaml`, which the home folder
may override).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from schemas.contract import Contract, Mode, Sector
from schemas.health import (
    ApcEpisodes,
    Deaths,
    EcdsAttendances,
    MhsdsReferrals,
    OptOuts,
    Residence,
)
from schemas.link_tokens import LinkTokens
from schemas.local_authority import (
    CinAssessments,
    CinChildren,
    CinProtectionPlans,
    CinReferrals,
    SchoolExclusions,
    Ssda903Episodes,
    Ssda903Header,
)
from schemas.police import PoliceCrimePersons, PoliceCrimes, PoliceIncidents
from schemas.relationships import ROW_RULES, Relationships

_LA: Sector = "local_authority"
_POLICE: Sector = "police"
_HEALTH: Sector = "health"

CONTRACTS: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        Contract("link_tokens", "linkage", LinkTokens, (), "snapshot", restricted=True),
        Contract(
            "relationships",
            "linkage",
            Relationships,
            ("record_key", "related_record_key", "kind", "basis", "valid_from"),
            "snapshot",
            row_rules=ROW_RULES,
        ),
        Contract("ssda903_header", _LA, Ssda903Header, ("record_key",), "period"),
        Contract("ssda903_episodes", _LA, Ssda903Episodes, ("record_key", "decom"), "period"),
        Contract("cin_children", _LA, CinChildren, ("record_key",), "period"),
        Contract(
            "cin_referrals",
            _LA,
            CinReferrals,
            ("record_key", "referral_date"),
            "period",
        ),
        Contract(
            "cin_assessments",
            _LA,
            CinAssessments,
            ("record_key", "referral_date", "assessment_start_date", "factor"),
            "period",
        ),
        Contract(
            "cin_protection_plans",
            _LA,
            CinProtectionPlans,
            ("record_key", "plan_start_date"),
            "period",
        ),
        Contract("school_exclusions", _LA, SchoolExclusions, ("exclusion_id",), "period"),
        Contract("police_crimes", _POLICE, PoliceCrimes, ("crime_id",), "append"),
        Contract(
            "police_crime_persons",
            _POLICE,
            PoliceCrimePersons,
            ("crime_id", "record_key", "role"),
            "append",
        ),
        Contract(
            "police_incidents",
            _POLICE,
            PoliceIncidents,
            ("incident_id", "record_key", "role"),
            "append",
        ),
        Contract("ecds_attendances", _HEALTH, EcdsAttendances, ("attendance_id",), "append"),
        Contract("apc_episodes", _HEALTH, ApcEpisodes, ("epikey",), "append"),
        Contract("mhsds_referrals", _HEALTH, MhsdsReferrals, ("referral_id",), "append"),
        Contract("deaths", _HEALTH, Deaths, ("record_key",), "append"),
        Contract("residence", _HEALTH, Residence, ("record_key", "valid_from"), "snapshot"),
        Contract("opt_outs", _HEALTH, OptOuts, ("record_key", "scope", "kind"), "snapshot"),
    )
}

CoverageBasis = Literal["residence", "registration", "place_of_event", "responsible_authority", "school_roll"]


class Gap(BaseModel):
    """A time for which a supplier's table is known to hold nothing, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    start: date
    end: date
    reason: str


class SuppliedTable(BaseModel):
    """What one supplier delivers of one table."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    coverage_basis: CoverageBasis = "residence"
    register_of_people: bool = Field(False, alias="register")
    mode: Mode | None = None
    gaps: tuple[Gap, ...] = ()


class Supplier(BaseModel):
    """An organisation that delivers: what, for which area, and how often it should be heard from."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    title: str
    sector: Literal["local_authority", "police", "health", "voluntary"]
    owner: str
    area: tuple[str, ...]
    fresh_for_days: int = Field(gt=0)
    tables: dict[str, SuppliedTable]


def load_suppliers(home: Path | None = None) -> dict[str, Supplier]:
    """The suppliers by name, from `<home>/suppliers.yaml` if there is one, else from this folder.

    Raises ValueError naming the file and the field when the file is not a valid catalogue.
    """
    override = home / "suppliers.yaml" if home else None
    path = override if override and override.exists() else Path(__file__).with_name("suppliers.yaml")
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    suppliers = {name: Supplier(name=name, **entry) for name, entry in entries.items()}
    for supplier in suppliers.values():
        unknown = sorted(set(supplier.tables) - set(CONTRACTS))
        if unknown:
            raise ValueError(f"{path.name}: {supplier.name} lists tables without a contract: {unknown}")
    return suppliers
