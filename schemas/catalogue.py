"""The catalogue: every table that can be delivered, and every supplier that may deliver one.

Tables are code: each has a Pandera model, and its module says which contracts it holds. Suppliers are data
(`suppliers.yaml`, which the home folder may override).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from schemas import (
    any_supplier,
    children_in_need,
    council_services,
    hospital,
    link_tokens,
    looked_after,
    mental_health,
    opt_outs,
    police,
    primary_care,
    relationships,
    schools,
)
from schemas.contract import Contract, Mode

_MODULES = (
    link_tokens,
    relationships,
    looked_after,
    children_in_need,
    schools,
    council_services,
    police,
    hospital,
    mental_health,
    primary_care,
    any_supplier,
    opt_outs,
)

CONTRACTS: dict[str, Contract] = {
    contract.name: contract for module in _MODULES for contract in module.CONTRACTS
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
    sdc_profile: Literal["nhs_hes", "opensafely", "ons_10_5"] = "nhs_hes"
    tables: dict[str, SuppliedTable]


def load_suppliers(home: Path | None = None) -> dict[str, Supplier]:
    """The suppliers by name, from `<home>/suppliers.yaml` if there is one, else from this folder.

    Raises ValueError naming the file and the field when the file is not a valid catalogue.
    """
    override = home / "suppliers.yaml" if home else None
    path = override if override and override.exists() else Path(__file__).with_name("suppliers.yaml")
    return dict(_suppliers(path.name, path.read_text(encoding="utf-8")))


@lru_cache(maxsize=4)
def _suppliers(file: str, text: str) -> dict[str, Supplier]:
    """What a file says; a run asks for it dozens of times."""
    entries = yaml.safe_load(text)
    suppliers = {name: Supplier(name=name, **entry) for name, entry in entries.items()}
    for supplier in suppliers.values():
        unknown = sorted(set(supplier.tables) - set(CONTRACTS))
        if unknown:
            raise ValueError(f"{file}: {supplier.name} lists tables without a contract: {unknown}")
    return suppliers
