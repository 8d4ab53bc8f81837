"""An invented region as deliveries: its raw files, encoded as each supplier would.

Everything below the folder is invented, keys included. What the raw files are made of stands in `region`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.encoding.encode import encode
from outcome_linkage.synthetic.recorders import NEWCOMERS
from outcome_linkage.synthetic.region import Progress, Region, invent_region
from outcome_linkage.synthetic.window import WINDOW_START, DeliveryPlan

_WHOLE: Final = (
    *("link_tokens", "relationships", "residence", "opt_outs", "organisations"),
    *("early_help_episodes", "hclic_cases", "hclic_people", "hclic_support_needs", "nccis_activity"),
    "adult_social_care",
)


@dataclass(frozen=True)
class Generated:
    """An invented region, and the folders of its deliveries, oldest first."""

    region: Region
    deliveries: tuple[Path, ...]


def generate(
    people: int,
    seed: int,
    out: Path,
    *,
    contracts: Mapping[str, Contract],
    identities_only: bool = False,
    equal_errors: bool = False,
    file_faults: bool = True,
    progress: Progress | None = None,
) -> Generated:
    """Invent `people` people and deliver what six suppliers hold of them.

    Writes what `invent_region` writes, and `deliveries/<supplier>/<period>/` below `out`. Raises InputRefused
    as it does.
    """
    region = invent_region(
        people,
        seed,
        out,
        identities_only=identities_only,
        equal_errors=equal_errors,
        file_faults=file_faults,
        progress=progress,
    )
    for number, plan in enumerate(region.files):
        _encode(region, plan, contracts)
        if progress:
            progress(f"encoded {number + 1} of {len(region.files)} deliveries")
    folders = (out / "deliveries" / plan.supplier / plan.period for plan in region.files)
    return Generated(region, tuple(folders))


def _encode(region: Region, plan: DeliveryPlan, contracts: Mapping[str, Contract]) -> None:
    """One delivery, table by table, as the supplier would with `outcome-linkage encode`."""
    together: dict[str, list[Path]] = {}
    for name, path in region.files[plan].items():
        together.setdefault(_encoded_as(name), []).append(path)
    for table, paths in together.items():
        encode(
            paths,
            table,
            plan.supplier,
            plan.period,
            region.folder / "deliveries",
            contracts=contracts,
            key_file=region.linkage_key,
            record_secret=region.record_secret(plan.supplier),
            collection_year=plan.collection_year,
            covers=_covers(plan, table),
            postcodes=region.postcodes,
        )


def _encoded_as(name: str) -> str:
    """What `encode` calls a raw file: modules of a return go together, and so do identities."""
    if name.startswith("ssda903_"):
        return "ssda903"
    return "link_tokens" if name == NEWCOMERS else name


def _covers(plan: DeliveryPlan, table: str) -> tuple[date, date]:
    """The days for which a table is complete: one that is sent whole, and the first file of each table of
    schools, from the start of the window."""
    whole = table in _WHOLE or (table.startswith("school_") and plan.number == 0)
    return _date(WINDOW_START if whole else plan.start), _date(plan.end)


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
