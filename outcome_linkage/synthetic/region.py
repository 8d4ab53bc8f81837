"""An invented region as raw files, with the truth and the keys beside them: all but the deliveries.

The same people and seed give the same bytes. Blocks of people are invented one after another, so that memory
does not grow with the region but for the truth.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from outcome_linkage.errors import InputRefused
from outcome_linkage.synthetic.agencies.education import exclusions, on_roll
from outcome_linkage.synthetic.agencies.health import health_records, known_patients, register
from outcome_linkage.synthetic.agencies.looked_after import care_records
from outcome_linkage.synthetic.agencies.need import need_records
from outcome_linkage.synthetic.agencies.police import police_records
from outcome_linkage.synthetic.agencies.relatives import maternity_records, social_work_records
from outcome_linkage.synthetic.agencies.schools import enrolments
from outcome_linkage.synthetic.files.authority import CouncilFiles, CouncilRecords
from outcome_linkage.synthetic.files.health import HealthFiles, RegisterFiles
from outcome_linkage.synthetic.files.police import PoliceFiles
from outcome_linkage.synthetic.files.relationships import RelativeFiles, relationships, relatives
from outcome_linkage.synthetic.life import Lives, live
from outcome_linkage.synthetic.people import Block, blocks
from outcome_linkage.synthetic.places import load_places
from outcome_linkage.synthetic.records import books
from outcome_linkage.synthetic.rollout import rollout
from outcome_linkage.synthetic.truth import Truth
from outcome_linkage.synthetic.window import (
    DELIVERIES,
    ICB,
    LOCAL_AUTHORITIES,
    POLICE,
    DeliveryPlan,
    plans,
)
from outcome_linkage.synthetic.write import RawFiles

Progress = Callable[[str], None]
_SUPPLIERS: Final = (*LOCAL_AUTHORITIES, POLICE, ICB)


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


@dataclass(frozen=True)
class _Setting:
    """What every block needs."""

    raw: RawFiles
    truth: Truth
    identities_only: bool
    equal_errors: bool


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
    setting = _Setting(
        RawFiles(out / "raw", faults=file_faults), Truth(secrets), identities_only, equal_errors
    )
    for block in blocks(people, seed):
        _record(setting, live(block, places))
        if progress:
            progress(f"invented {block.first + block.size:,} of {people:,} people")
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


def _record(setting: _Setting, lives: Lives) -> None:
    """What every supplier records of a block, into their raw files."""
    setting.truth.add_lives(lives)
    _of_councils(setting, lives)
    _of_police(setting, lives)
    _of_board(setting, lives)


def _of_councils(setting: _Setting, lives: Lives) -> None:
    pupils, need = on_roll(lives), need_records(lives)
    care, excluded = care_records(lives), exclusions(lives)
    enrolled = enrolments(lives, excluded)
    for supplier in LOCAL_AUTHORITIES:
        own = pl.col("supplier") == supplier
        found = CouncilRecords(
            supplier,
            pupils.filter(own),
            need.of(supplier),
            care.of(supplier),
            excluded.filter(own),
            enrolled.filter(own),
        )
        held = books(lives, supplier, found.known(), equal_errors=setting.equal_errors)
        setting.truth.add_books(lives, held)
        files = CouncilFiles(lives, found, held)
        related = social_work_records(lives, supplier, found.need.cases)
        others = books(
            lives, supplier, relatives(related, held), equal_errors=setting.equal_errors, shelf=" relatives"
        )
        setting.truth.add_books(lives, others)
        families = RelativeFiles(lives, others)
        for plan in _wanted(setting, supplier):
            _add(setting, lives.block, plan, {"link_tokens": files.identities(plan)})
            _add(setting, lives.block, plan, {"link_tokens": families.identities(plan)}, of=" of relatives")
            if not setting.identities_only:
                _add(setting, lives.block, plan, files.tables(plan))
                found_related = relationships(related, (held, others), plan)
                _add(setting, lives.block, plan, {"relationships": found_related})
                random = lives.block.random(f"spoil cin {plan.supplier} {plan.period}")
                setting.raw.add_children(plan, files.census(plan), random)


def _of_police(setting: _Setting, lives: Lives) -> None:
    found = police_records(lives)
    setting.truth.add_incidents(lives, found)
    held = books(lives, POLICE, found.known(), equal_errors=setting.equal_errors)
    setting.truth.add_books(lives, held)
    files = PoliceFiles(lives, found, held)
    for plan in _wanted(setting, POLICE):
        _add(setting, lives.block, plan, {"link_tokens": files.identities(plan)})
        if not setting.identities_only:
            _add(setting, lives.block, plan, files.tables(plan))


def _of_board(setting: _Setting, lives: Lives) -> None:
    registered = register(lives)
    patients = known_patients(registered)
    held = books(lives, ICB, patients, equal_errors=setting.equal_errors)
    setting.truth.add_books(lives, held)
    files = RegisterFiles(lives, registered, held)
    events = None
    if not setting.identities_only:
        events = HealthFiles(lives, health_records(lives, registered), held)
        mothers = maternity_records(lives, patients)
    for plan in _wanted(setting, ICB):
        _add(setting, lives.block, plan, {"link_tokens": files.identities(plan)})
        if events:
            _add(setting, lives.block, plan, {"residence": files.residence(plan), **events.tables(plan)})
            _add(setting, lives.block, plan, {"relationships": relationships(mothers, (held,), plan)})


def _wanted(setting: _Setting, supplier: str) -> tuple[DeliveryPlan, ...]:
    """All deliveries of a supplier; for identities only the last, which holds everyone."""
    return plans(supplier)[-1:] if setting.identities_only else plans(supplier)


def _add(
    setting: _Setting, block: Block, plan: DeliveryPlan, tables: Mapping[str, pl.DataFrame], of: str = ""
) -> None:
    for name, rows in tables.items():
        random = block.random(f"spoil {name}{of} {plan.supplier} {plan.period}")
        setting.raw.add(plan, name, rows, random)
