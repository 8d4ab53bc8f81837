"""The organisations of the invented region: schools, wards, practices, services. Their codes are nobody's.

Schools have six-digit numbers from 980000 on, beyond those in use; wards, practices, teams and services
codes of the shapes that `organisations` allows. Who of them was trained when stands in `rollout`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from outcome_linkage.synthetic.places import Places
from outcome_linkage.synthetic.randomness import Ints
from outcome_linkage.synthetic.window import ICB, LOCAL_AUTHORITIES, VOLUNTARY

PRIMARY, SECONDARY = 0, 1
_FIRST_SCHOOL: Final = 980_000
_BY_COUNCIL, _BY_PHASE = 2_000, 1_000


def schools_of(places: Places, phase: int) -> int:
    """How many schools of a phase each council has: more in a larger region."""
    return (6 + 2 * (places.per_area // 3)) if phase == PRIMARY else 3 + places.per_area // 3


def school_ids(council: Ints, phase: Ints, number: Ints) -> pl.Series:
    """The number of each school, by council (position), phase and number in it."""
    return pl.Series(_FIRST_SCHOOL + council * _BY_COUNCIL + phase * _BY_PHASE + number).cast(pl.String)


def schools(places: Places, council: int) -> pl.Series:
    """The numbers of all schools of a council."""
    found = [
        school_ids(np.full(size, council), np.full(size, phase), np.arange(size))
        for phase in (PRIMARY, SECONDARY)
        for size in (schools_of(places, phase),)
    ]
    return pl.concat(found)


@dataclass(frozen=True)
class Ward:
    """A mental-health ward: its code, site and provider, and whom it is for in the codes of the data set."""

    code: str
    site: str
    provider: str
    ward_type: str
    ward_age: str
    security: str
    bed_type: str
    locked: bool
    restraint: float  # incidents in 1,000 occupied bed-days before any training; invented


_TRUST: Final = "RV9"
WARDS: Final[tuple[Ward, ...]] = (
    Ward("WD01", "RV901", _TRUST, "03", "13", "0", "10", False, 24),
    Ward("WD02", "RV901", _TRUST, "03", "13", "0", "10", False, 30),
    Ward("WD03", "RV902", _TRUST, "03", "15", "0", "10", False, 20),
    Ward("WD04", "RV902", _TRUST, "03", "13", "0", "10", True, 34),
    Ward("WD05", "RV902", _TRUST, "03", "13", "0", "12", True, 78),
    Ward("WD06", "RV903", _TRUST, "03", "13", "1", "19", True, 26),
    Ward("WD07", "RV903", _TRUST, "06", "14", "0", "11", False, 14),
    Ward("WD08", "RV904", _TRUST, "01", "12", "0", "24", False, 62),
    Ward("WD09", "RV904", _TRUST, "01", "11", "0", "34", True, 110),
    Ward("WD10", "RV904", _TRUST, "01", "12", "0", "25", False, 48),
)
PRACTICES: Final = tuple(f"L8{number:04d}" for number in range(1, 41))
CLINICS: Final = ("RA701", "RVJ01", "RA301")
PROVIDER: Final = "SHV1"
SERVICES: Final = {
    "therapeutic_support": "SHV11",
    "domestic_abuse_support": "SHV12",
    "sexual_violence_support": "SHV13",
    "exploitation_support": "SHV14",
    "violence_reduction": "SHV15",
    "multiple_disadvantage": "SHV16",
    "parenting_programme": "SHV17",
}
TREATMENT: Final = "SHV18"
TEAMS_OF_A_SERVICE: Final = 3


def of_supplier(supplier: str, places: Places) -> pl.DataFrame:
    """What a supplier says of organisations: organisation_id, kind, la_code, parent_id."""
    if supplier in LOCAL_AUTHORITIES:
        rows = _of_council(supplier, places)
    else:
        rows = {ICB: _of_board, VOLUNTARY: _of_provider}[supplier]()
    return pl.DataFrame(rows, schema=["organisation_id", "kind", "la_code", "parent_id"], orient="row")


_Row = tuple[str, str, str | None, str | None]


def _of_council(supplier: str, places: Places) -> list[_Row]:
    number, area = list(LOCAL_AUTHORITIES).index(supplier), LOCAL_AUTHORITIES[supplier]
    own: list[_Row] = [(area, "local_authority", area, None)]
    return own + [(school, "school", area, area) for school in schools(places, number).to_list()]


def _of_board() -> list[_Row]:
    trusts = dict.fromkeys(ward.provider for ward in WARDS)
    sites = dict.fromkeys((ward.site, ward.provider) for ward in WARDS)
    return [
        *((trust, "trust", None, None) for trust in trusts),
        *((site, "site", None, trust) for site, trust in sites),
        *((ward.code, "ward", None, ward.site) for ward in WARDS),
        *((practice, "practice", None, None) for practice in PRACTICES),
        *((clinic, "site", None, clinic[:3]) for clinic in CLINICS),
    ]


def _of_provider() -> list[_Row]:
    services = [*SERVICES.values(), TREATMENT]
    return [
        (PROVIDER, "provider", None, None),
        *((service, "service", None, PROVIDER) for service in services),
        *((f"{s}{n}", "team", None, s) for s in SERVICES.values() for n in range(1, TEAMS_OF_A_SERVICE + 1)),
    ]
