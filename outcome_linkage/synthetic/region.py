"""An invented region as raw files, with the truth and the keys beside them: all but the deliveries.

The same people and seed give the same bytes. Blocks of people are invented one after another, so that memory
does not grow with the region but for the truth.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outcome_linkage.errors import InputRefused
from outcome_linkage.synthetic.life import live
from outcome_linkage.synthetic.people import blocks
from outcome_linkage.synthetic.places import load_places
from outcome_linkage.synthetic.recorders import Setting, record, record_organisations
from outcome_linkage.synthetic.rollout import rollout
from outcome_linkage.synthetic.truth import Truth
from outcome_linkage.synthetic.window import DELIVERIES, DeliveryPlan
from outcome_linkage.synthetic.write import RawFiles

Progress = Callable[[str], None]
_SUPPLIERS: Final = tuple(dict.fromkeys(plan.supplier for plan in DELIVERIES))


@dataclass(frozen=True)
class Region:
    """Where an invented region lies, and the raw files of each delivery by table, oldest delivery first."""

    folder: Path
    files: dict[DeliveryPlan, dict[str, Path]]

    @property
    def linkage_key(self) -> Path:
        """The invented linkage key."""
        return self.folder / "keys" / "linkage.key"

    @property
    def postcodes(self) -> Path:
        """Every postcode with its small area."""
        return self.folder / "reference" / "postcodes.csv"

    @property
    def truth(self) -> Path:
        """The folder of the truth."""
        return self.folder / "truth"

    def record_secret(self, supplier: str) -> Path:
        """A supplier's invented record secret."""
        return self.folder / "keys" / f"{supplier}.key"


def invent_region(
    people: int,
    seed: int,
    out: Path,
    *,
    identities_only: bool = False,
    equal_errors: bool = False,
    file_faults: bool = True,
    progress: Progress | None = None,
) -> Region:
    """Write `raw/<supplier>/<period>/`, `keys/`, `reference/postcodes.csv` and `truth/` below `out`.

    `identities_only` writes only link_tokens (the last delivery of each supplier) and the truth;
    `equal_errors` makes identity errors as likely in every group; without `file_faults` no file has a fault
    (people are misrecorded all the same); `progress` is told what has been done.
    Raises InputRefused when `people` is not positive or `out` holds something already.
    """
    if people < 1:
        raise InputRefused(f"expected at least 1 person, found {people}. Give --people a positive number.")
    if out.exists() and any(out.iterdir()):
        raise InputRefused(f"expected an empty folder, found files in {out.name}. Choose another --out.")
    secrets = _write_keys(out / "keys", seed)
    places = load_places(people)
    (out / "reference").mkdir(parents=True)
    places.postcodes.write_csv(out / "reference" / "postcodes.csv")
    setting = Setting(
        RawFiles(out / "raw", faults=file_faults), Truth(secrets), identities_only, equal_errors
    )
    for block in blocks(people, seed):
        record(setting, live(block, places))
        if progress:
            progress(f"invented {block.first + block.size:,} of {people:,} people")
    record_organisations(setting, places, seed)
    setting.raw.close()
    setting.truth.write(out / "truth")
    rollout(places).write_csv(out / "reference" / "training_rollout.csv")
    files = {plan: setting.raw.of(plan) for plan in DELIVERIES}
    return Region(out, {plan: tables for plan, tables in files.items() if tables})


def _write_keys(folder: Path, seed: int) -> dict[str, bytes]:
    """An invented linkage key and an invented record secret for each supplier; the secrets by supplier."""
    folder.mkdir(mode=0o700, parents=True)
    secrets = {}
    for name in ("linkage", *_SUPPLIERS):
        invented = hashlib.sha256(f"invented {name} {seed}".encode()).digest()
        descriptor = os.open(folder / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(invented)
        secrets[name] = invented
    return secrets
